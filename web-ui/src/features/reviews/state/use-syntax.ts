import { useEffect, useState } from 'react';
import type { PatchRow } from './patch';
import type { LineSyntax, SyntaxAnswer, SyntaxRequest } from './syntax';

type Listener = (answer: SyntaxAnswer) => void;

let worker: Worker | undefined;
let lastId = 0;
const listeners = new Map<number, Listener>();

function ask(language: string, lines: readonly string[], listener: Listener): () => void {
  if (!worker) {
    worker = new Worker(new URL('./syntax-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<SyntaxAnswer>) => listeners.get(data.id)?.(data);
  }
  const id = ++lastId;
  listeners.set(id, listener);
  worker.postMessage({ id, language, lines } satisfies SyntaxRequest);
  return () => listeners.delete(id);
}

/** One version of one hunk: the text that a grammar can read from top to bottom, and the rows it stands in. */
interface Passage {
  rowIndexes: number[];
  lines: string[];
}

/** The new version of each hunk, and the old one where it has lines that the new one lacks. */
export function passages(rows: readonly PatchRow[]): Passage[] {
  const found: Passage[] = [];
  let current: { old: Passage; new: Passage; removed: boolean } | undefined;
  const close = () => {
    if (current) {
      // The old version first: context lines then take their colours from the new one.
      found.push(...(current.removed ? [current.old] : []), current.new);
    }
  };
  rows.forEach((row, index) => {
    if (row.kind === 'hunk') {
      close();
      current = { old: { rowIndexes: [], lines: [] }, new: { rowIndexes: [], lines: [] }, removed: false };
      return;
    }
    if (!current) {
      return;
    }
    const sides =
      row.change === 'added'
        ? [current.new]
        : row.change === 'removed'
          ? [current.old]
          : [current.old, current.new];
    for (const side of sides) {
      side.rowIndexes.push(index);
      side.lines.push(row.text);
    }
    current.removed ||= row.change === 'removed';
  });
  close();
  return found.filter(({ lines }) => lines.length > 0);
}

const none: ReadonlyMap<number, LineSyntax> = new Map();

/** The colours of a diff's rows by row index; they arrive after the text, which never waits for them. */
export function useSyntax(language: string, rows: readonly PatchRow[]): ReadonlyMap<number, LineSyntax> {
  const [syntax, setSyntax] = useState(none);

  useEffect(() => {
    // Without workers (very old browsers, tests) code stays plain.
    if (typeof Worker === 'undefined' || language === 'text') {
      return;
    }
    const stops = passages(rows).map(({ rowIndexes, lines }) =>
      ask(language, lines, (answer) => {
        setSyntax((before) => {
          const after = new Map(before);
          answer.lines.forEach((line, offset) => {
            const rowIndex = rowIndexes[answer.from + offset];
            if (rowIndex !== undefined) {
              after.set(rowIndex, line);
            }
          });
          return after;
        });
      }),
    );
    return () => {
      stops.forEach((stop) => {
        stop();
      });
    };
  }, [language, rows]);

  return syntax;
}
