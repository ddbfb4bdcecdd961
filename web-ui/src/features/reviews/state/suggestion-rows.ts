import type { PatchRow } from './patch';

interface DiffLine {
  change: 'added' | 'removed' | 'context';
  text: string;
}

/** A suggestion as the rows of a diff: what goes, what comes, what stays. */
export function suggestionRows(replaced: readonly string[], suggestion: string): PatchRow[] {
  const lines = diffLines(replaced, suggestion.replace(/\n$/, '').split('\n'));
  return [
    { kind: 'hunk', oldStart: 1, newStart: 1, newCount: lines.length, scope: '' },
    ...lines.map((line) => ({
      kind: 'line' as const,
      oldLine: undefined,
      newLine: undefined,
      endsWithoutBreak: false,
      ...line,
    })),
  ];
}

/** The smallest line diff between two short texts, by their longest common subsequence. */
function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  // common[i][j]: lines in common between before from i and after from j.
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i]![j] =
        before[i] === after[j]
          ? common[i + 1]![j + 1]! + 1
          : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ change: 'context', text: before[i]! });
      i++;
      j++;
    } else if (i < before.length && (j === after.length || common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push({ change: 'removed', text: before[i]! });
      i++;
    } else {
      lines.push({ change: 'added', text: after[j]! });
      j++;
    }
  }
  return lines;
}
