import type { LineRow, PatchRow } from './patch';
import { changedRanges, type Range } from './segments';

/** For each removed line that an added one replaces: what changed within both, by row index. */
export function findChangedRanges(rows: readonly PatchRow[]): ReadonlyMap<number, Range> {
  const ranges = new Map<number, Range>();
  const changeOf = (index: number) => {
    const row = rows[index];
    return row?.kind === 'line' ? row.change : undefined;
  };
  for (let index = 0; index < rows.length;) {
    if (changeOf(index) !== 'removed') {
      index++;
      continue;
    }
    const removedFrom = index;
    while (changeOf(index) === 'removed') {
      index++;
    }
    const addedFrom = index;
    while (changeOf(index) === 'added') {
      index++;
    }
    // Only runs of equal length pair up line by line.
    if (index - addedFrom === addedFrom - removedFrom) {
      for (let offset = 0; removedFrom + offset < addedFrom; offset++) {
        const pair = changedRanges(
          (rows[removedFrom + offset] as LineRow).text,
          (rows[addedFrom + offset] as LineRow).text,
        );
        if (pair) {
          ranges.set(removedFrom + offset, pair.before);
          ranges.set(addedFrom + offset, pair.after);
        }
      }
    }
  }
  return ranges;
}
