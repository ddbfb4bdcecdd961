import { memo } from 'react';
import { cn } from '@/lib/cn';
import { segmentsOf, type Range } from '../state/segments';
import type { LineSyntax } from '../state/syntax';

/** A line longer than this is cut: nobody reads it, and a browser stumbles over it. */
export const lineLengthMax = 2_000;

interface CodeTextProps {
  text: string;
  syntax?: LineSyntax | undefined;
  changed?: Range | undefined;
  /** Which colour marks what changed within the line. */
  change?: 'added' | 'removed' | 'context';
}

/** One line of code, coloured; characters that hide or reorder text are shown by their names. */
export const CodeText = memo(function CodeText({ text, syntax, changed, change = 'context' }: CodeTextProps) {
  const shown = text.length > lineLengthMax ? text.slice(0, lineLengthMax) : text;
  return (
    <>
      {segmentsOf(shown, syntax, changed).map((segment, index) =>
        segment.control ? (
          <span
            key={index}
            title="An invisible character"
            className="mx-px rounded bg-warning-soft px-0.5 text-xs text-warning outline outline-warning"
          >
            {nameOf(segment.text)}
          </span>
        ) : (
          <span
            key={index}
            className={cn(
              segment.kind && `syntax-${segment.kind}`,
              segment.changed &&
                (change === 'removed' ? 'rounded-sm bg-removed-strong' : 'rounded-sm bg-added-strong'),
            )}
          >
            {segment.text}
          </span>
        ),
      )}
      {text.length > lineLengthMax && (
        <span className="ml-2 rounded bg-hover px-1 text-xs text-muted select-none">
          {(text.length - lineLengthMax).toLocaleString('en')} more characters
        </span>
      )}
    </>
  );
});

function nameOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
