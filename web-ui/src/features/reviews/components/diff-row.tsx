import { memo } from 'react';
import { cn } from '@/lib/cn';
import type { LineRow } from '../state/patch';
import type { Mark } from '../state/placement';
import type { Range } from '../state/segments';
import type { LineSyntax } from '../state/syntax';
import { CodeText } from './code-text';
import { severityBar } from './severity';

interface DiffLineProps {
  row: LineRow;
  syntax: LineSyntax | undefined;
  changed: Range | undefined;
  mark: Mark | undefined;
  wrap: boolean;
}

const signs = { added: '+', removed: '−', context: '' } as const;

/** One line of the diff: its numbers, its sign, its code. */
export const DiffLine = memo(function DiffLine({ row, syntax, changed, mark, wrap }: DiffLineProps) {
  const { change, oldLine, newLine, text, endsWithoutBreak } = row;
  const ground = change === 'added' ? 'bg-added' : change === 'removed' ? 'bg-removed' : 'bg-background';
  return (
    <>
      <td className={cn('sticky left-0 z-[1] p-0 align-top text-muted select-none', ground)}>
        {mark && (
          <span
            aria-hidden
            className={cn('absolute inset-y-0 left-0 w-1', severityBar(mark.finding.severity))}
          />
        )}
        <span className="flex justify-end pr-[1ch] text-xs leading-5 tabular-nums">
          <span
            className={cn(
              'w-[calc((var(--digits)+1)*1ch)] text-right max-sm:hidden',
              change === 'removed' && 'max-sm:block',
            )}
          >
            {oldLine}
          </span>
          <span
            className={cn(
              'w-[calc((var(--digits)+1)*1ch)] text-right',
              change === 'removed' && 'max-sm:hidden',
            )}
          >
            {newLine}
          </span>
        </span>
      </td>
      <td className={cn('p-0 align-top', mark?.evidence ? 'bg-evidence' : ground)}>
        <span className="flex min-h-5 pr-4">
          <span
            aria-hidden
            className={cn(
              'w-[2.5ch] shrink-0 text-center select-none',
              change === 'added' ? 'text-success' : 'text-danger',
            )}
          >
            {signs[change]}
          </span>
          <span className={wrap ? 'min-w-0 break-all whitespace-pre-wrap' : 'whitespace-pre'}>
            {change !== 'context' && <span className="sr-only select-none">{change}: </span>}
            {mark?.evidence && <span className="sr-only select-none">evidence: </span>}
            <CodeText text={text} syntax={syntax} changed={changed} change={change} />
            {endsWithoutBreak && (
              <span
                className="ml-2 text-xs text-muted select-none"
                title="The file ends without a line break"
              >
                no line break at the end
              </span>
            )}
          </span>
        </span>
      </td>
    </>
  );
});
