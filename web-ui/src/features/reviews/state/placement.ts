import type { Finding } from '../api/schemas';
import { lineOn, type LineRow, type PatchRow } from './patch';

export interface Placement {
  /** Findings behind the row with this index. */
  after: ReadonlyMap<number, readonly Finding[]>;
  /** Findings about lines that the diff does not show. */
  outside: readonly Finding[];
  /** Rows that prove a finding or that it is about, with the finding. */
  marked: ReadonlyMap<number, Mark>;
}

export interface Mark {
  finding: Finding;
  /** The row is among the evidence, word for word. */
  evidence: boolean;
}

/** Puts the findings of one file to the rows of its diff. */
export function placeFindings(rows: readonly PatchRow[], findings: readonly Finding[]): Placement {
  const after = new Map<number, Finding[]>();
  const outside: Finding[] = [];
  const marked = new Map<number, Mark>();
  for (const finding of findings) {
    const inside = rowsOf(rows, finding);
    const last = inside.at(-1);
    if (last === undefined) {
      outside.push(finding);
    } else {
      after.set(last, [...(after.get(last) ?? []), finding]);
    }
    for (const index of inside) {
      if (!marked.has(index)) {
        marked.set(index, { finding, evidence: false });
      }
    }
    for (const index of evidenceRows(rows, finding)) {
      marked.set(index, { finding, evidence: true });
    }
  }
  return { after, outside, marked };
}

function rowsOf(rows: readonly PatchRow[], { side, startLine, endLine }: Finding): number[] {
  return rows.flatMap((row, index) => {
    const line = row.kind === 'line' ? lineOn(row, side) : undefined;
    return line !== undefined && line >= startLine && line <= endLine ? [index] : [];
  });
}

/** The rows that hold the evidence as one block, the ones nearest to the finding; none where the diff has no such block. */
export function evidenceRows(rows: readonly PatchRow[], finding: Finding): number[] {
  const wanted = finding.evidence
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (wanted.length === 0) {
    return [];
  }
  const lines = rows.flatMap((row, index) =>
    row.kind === 'line' && lineOn(row, finding.side) !== undefined && row.text.trim() !== ''
      ? [{ row, index }]
      : [],
  );
  let best: { distance: number; indexes: number[] } | undefined;
  for (let start = 0; start + wanted.length <= lines.length; start++) {
    const block = lines.slice(start, start + wanted.length);
    if (block.every(({ row }, offset) => row.text.trim() === wanted[offset])) {
      const distance = Math.abs((lineOn(block[0]!.row, finding.side) ?? 0) - finding.startLine);
      if (!best || distance < best.distance) {
        best = { distance, indexes: block.map(({ index }) => index) };
      }
    }
  }
  return best?.indexes ?? [];
}

/** The lines that a suggestion replaces; absent where the diff does not show all of them. */
export function replacedLines(rows: readonly PatchRow[], finding: Finding): string[] | undefined {
  const inside = rowsOf(rows, finding).map((index) => (rows[index] as LineRow).text);
  return inside.length === finding.endLine - finding.startLine + 1 ? inside : undefined;
}
