import { WrapText } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '@/components/ui/button';
import { count, formatNumber } from '@/lib/format';
import type { Finding, Review } from '../api/schemas';
import type { Jump } from '../state/jump';
import { useWrapLines } from '../state/wrap-lines';
import { FileDiff } from './file-diff';
import { FindingThread } from './finding-thread';

interface ChangesProps {
  review: Review;
  selected: string | undefined;
  onSelect: (fingerprint: string) => void;
  jump: Jump | undefined;
}

const noFindings: readonly Finding[] = [];

/** The diff, file by file, each finding at its line. */
export function Changes({ review, selected, onSelect, jump }: ChangesProps) {
  const [wrap, setWrap] = useWrapLines();
  const byFile = useMemo(() => findingsByFile(review), [review]);
  const homeless = byFile.get(undefined) ?? noFindings;
  const added = review.files.reduce((sum, { linesAdded }) => sum + linesAdded, 0);
  const removed = review.files.reduce((sum, { linesRemoved }) => sum + linesRemoved, 0);
  return (
    <section aria-labelledby="changes-heading" className="min-w-0">
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-x-3">
        <h2 id="changes-heading" className="text-lg font-semibold">
          Changes
        </h2>
        <span className="text-sm text-muted">
          {count(review.files.length, 'file')} · +{formatNumber(added)} −{formatNumber(removed)}
        </span>
        <Button
          variant={wrap ? 'secondary' : 'ghost'}
          size="small"
          aria-pressed={wrap}
          className="ml-auto"
          onClick={() => {
            setWrap(!wrap);
          }}
        >
          <WrapText aria-hidden />
          Wrap lines
        </Button>
      </div>
      {review.files.length === 0 && (
        <p className="rounded border px-4 py-4 text-muted">
          The diff is empty: head and base hold the same files.
        </p>
      )}
      <div className="space-y-3">
        {review.files.map((file) => {
          const findings = byFile.get(file.index) ?? noFindings;
          const concerns =
            jump &&
            (jump.to === 'file'
              ? jump.index === file.index
              : findings.some(({ fingerprint }) => fingerprint === jump.fingerprint));
          return (
            <FileDiff
              key={file.index}
              reviewId={review.id}
              file={file}
              findings={findings}
              selected={findings.some(({ fingerprint }) => fingerprint === selected) ? selected : undefined}
              onSelect={onSelect}
              wrap={wrap}
              jump={concerns ? jump : undefined}
            />
          );
        })}
        {homeless.length > 0 && (
          <section aria-labelledby="outside-heading" className="space-y-2">
            <h3 id="outside-heading" className="text-base font-semibold">
              About files outside the diff
            </h3>
            {homeless.map((finding) => (
              <FindingThread
                key={finding.fingerprint}
                finding={finding}
                selected={finding.fingerprint === selected}
                onSelect={() => {
                  onSelect(finding.fingerprint);
                }}
                replaced={undefined}
                evidenceMarked={false}
                language="text"
              />
            ))}
          </section>
        )}
      </div>
    </section>
  );
}

/** The findings by the index of their file; under undefined those whose file is not in the diff. */
function findingsByFile({ files, findings }: Review): ReadonlyMap<number | undefined, readonly Finding[]> {
  const byPath = new Map(
    files.flatMap((file) => [file.oldPath ?? file.path, file.path].map((path) => [path, file.index])),
  );
  const groups = new Map<number | undefined, Finding[]>();
  for (const finding of findings) {
    const index = byPath.get(finding.path);
    groups.set(index, [...(groups.get(index) ?? []), finding]);
  }
  return groups;
}
