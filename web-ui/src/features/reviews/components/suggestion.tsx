import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/lib/cn';
import { diffLines } from '../state/line-diff';
import { CodeText } from './code-text';

interface SuggestionProps {
  /** The lines that it replaces; absent where the diff does not show them. */
  replaced: readonly string[] | undefined;
  suggestion: string;
}

const marks = { added: '+', removed: '−', context: ' ' } as const;
const words = { added: 'added: ', removed: 'removed: ', context: '' } as const;

/** What to write instead, as a small diff. */
export function Suggestion({ replaced, suggestion }: SuggestionProps) {
  const lines = diffLines(replaced ?? [], suggestion.replace(/\n$/, '').split('\n'));
  return (
    <figure className="overflow-hidden rounded border" aria-label="Suggested change">
      <figcaption className="flex items-center justify-between gap-2 border-b bg-surface py-1 pr-1 pl-3 text-xs text-muted">
        <span className="font-medium">{replaced ? 'Suggested change' : 'Suggested text'}</span>
        <CopyButton text={suggestion} />
      </figcaption>
      <div className="overflow-x-auto py-1">
        <div className="w-max min-w-full font-mono text-sm leading-5 whitespace-pre [tab-size:4]">
          {lines.map(({ change, text }, index) => (
            <div key={index} className={cn('flex pr-3', change === 'added' && 'bg-added', change === 'removed' && 'bg-removed')}>
              <span
                aria-hidden
                className={cn(
                  'w-8 shrink-0 text-center select-none',
                  change === 'added' ? 'text-success' : change === 'removed' ? 'text-danger' : 'text-muted',
                )}
              >
                {marks[change]}
              </span>
              {words[change] && <span className="sr-only select-none">{words[change]}</span>}
              <span className="min-h-5">
                <CodeText text={text} />
              </span>
            </div>
          ))}
        </div>
      </div>
    </figure>
  );
}
