import { MiddleCut } from '@/components/ui/middle-cut';
import type { ReviewedFile } from '../api/schemas';
import { ReadBadge } from './file-facts';

/** The files that the model did not read, or not in full, with the reasons. */
export function NotRead({
  files,
  onSelect,
}: {
  files: readonly ReviewedFile[];
  onSelect: (index: number) => void;
}) {
  return (
    <ul className="divide-y rounded border">
      {files.map((file) => (
        <li
          key={file.index}
          className="grid gap-x-4 gap-y-1 px-3 py-2 sm:grid-cols-[112px_minmax(0,1fr)] lg:grid-cols-[112px_minmax(0,2fr)_minmax(0,3fr)]"
        >
          <span className="text-sm font-medium">
            <ReadBadge file={file} />
          </span>
          <button
            type="button"
            onClick={() => {
              onSelect(file.index);
            }}
            className="min-w-0 text-left font-mono text-sm hover:underline"
          >
            <MiddleCut text={file.path} />
          </button>
          <span className="text-sm break-words text-muted sm:col-start-2 lg:col-start-3">
            {file.reason ?? 'No reason was given.'}
          </span>
        </li>
      ))}
    </ul>
  );
}
