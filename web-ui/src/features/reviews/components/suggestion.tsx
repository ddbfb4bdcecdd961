import { useMemo } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/lib/cn';
import { findChangedRanges } from '../state/changed-ranges';
import { suggestionRows } from '../state/suggestion-rows';
import { useSyntax } from '../state/use-syntax';
import { CodeText } from './code-text';

interface SuggestionProps {
  /** The lines that it replaces; absent where the diff does not show them. */
  replaced: readonly string[] | undefined;
  suggestion: string;
  language: string;
}

const marks = { added: '+', removed: '−', context: ' ' } as const;
const words = { added: 'added: ', removed: 'removed: ', context: '' } as const;

/** What to write instead, as a small diff. */
export function Suggestion({ replaced, suggestion, language }: SuggestionProps) {
  const rows = useMemo(() => suggestionRows(replaced ?? [], suggestion), [replaced, suggestion]);
  const syntax = useSyntax(language, rows);
  const changed = useMemo(() => findChangedRanges(rows), [rows]);
  return (
    <figure className="overflow-hidden rounded border" aria-label="Suggested change">
      <figcaption className="flex items-center justify-between gap-2 border-b bg-surface py-1 pr-1 pl-3 text-xs text-muted">
        <span className="font-medium">{replaced ? 'Suggested change' : 'Suggested text'}</span>
        <CopyButton text={suggestion} />
      </figcaption>
      <div className="overflow-x-auto py-1">
        <div className="w-max min-w-full font-mono text-sm leading-5 whitespace-pre [tab-size:4]">
          {rows.map(
            (row, index) =>
              row.kind === 'line' && (
                <div
                  key={index}
                  className={cn(
                    'flex pr-3',
                    row.change === 'added' && 'bg-added',
                    row.change === 'removed' && 'bg-removed',
                  )}
                >
                  <span
                    aria-hidden
                    className={cn(
                      'w-8 shrink-0 text-center select-none',
                      row.change === 'added'
                        ? 'text-success'
                        : row.change === 'removed'
                          ? 'text-danger'
                          : 'text-muted',
                    )}
                  >
                    {marks[row.change]}
                  </span>
                  {words[row.change] && <span className="sr-only select-none">{words[row.change]}</span>}
                  <span className="min-h-5">
                    <CodeText
                      text={row.text}
                      syntax={syntax.get(index)}
                      changed={changed.get(index)}
                      change={row.change}
                    />
                  </span>
                </div>
              ),
          )}
        </div>
      </div>
    </figure>
  );
}
