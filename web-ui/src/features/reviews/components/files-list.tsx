import { MiddleCut } from '@/components/ui/middle-cut';
import { cn } from '@/lib/cn';
import type { Finding, ReviewedFile } from '../api/schemas';
import { fileName, folderOf } from '../state/words';
import { ChangeSize, ReadBadge } from './file-facts';

interface FilesListProps {
  files: readonly ReviewedFile[];
  findings: readonly Finding[];
  selected: number | undefined;
  onSelect: (index: number) => void;
}

/** Every file of the diff in one line; each jumps to its place. */
export function FilesList({ files, findings, selected, onSelect }: FilesListProps) {
  const numbers = new Map<string, number>();
  for (const { path } of findings) {
    numbers.set(path, (numbers.get(path) ?? 0) + 1);
  }
  return (
    <ol className="max-h-64 overflow-y-auto rounded border py-1 xl:max-h-none">
      {files.map((file) => (
        <li key={file.index} className="[contain-intrinsic-size:auto_28px] [content-visibility:auto]">
          <button
            type="button"
            aria-current={selected === file.index ? 'true' : undefined}
            onClick={() => {
              onSelect(file.index);
            }}
            className={cn(
              'flex h-7 w-full items-center gap-2 px-3 text-left text-xs hover:bg-hover focus-visible:-outline-offset-2',
              selected === file.index && 'bg-accent-soft hover:bg-accent-soft',
            )}
          >
            <ReadBadge file={file} iconOnly />
            <span className="flex min-w-0 flex-1 items-baseline gap-2" title={file.path}>
              <MiddleCut text={fileName(file.path)} className="font-medium" />
              <span className="min-w-0 shrink-[99] truncate text-muted">{folderOf(file.path)}</span>
            </span>
            {numbers.has(file.path) && (
              <span className="shrink-0 rounded bg-hover px-1.5 font-semibold" title="Findings">
                {numbers.get(file.path)}
              </span>
            )}
            <ChangeSize file={file} short />
          </button>
        </li>
      ))}
    </ol>
  );
}
