import type { Side } from '../api/schemas';

export interface HunkRow {
  kind: 'hunk';
  oldStart: number;
  newStart: number;
  newCount: number;
  /** What git puts behind the numbers: the enclosing function. */
  scope: string;
}

export interface LineRow {
  kind: 'line';
  change: 'added' | 'removed' | 'context';
  /** Absent for an added line. */
  oldLine: number | undefined;
  /** Absent for a removed line. */
  newLine: number | undefined;
  text: string;
  /** The file ends here without a line break. */
  endsWithoutBreak: boolean;
}

export type PatchRow = HunkRow | LineRow;

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/;

/**
 * Reads a unified diff of one file. The counts of a hunk's header, not the first characters, tell where the hunk
 * ends: a removed line may well begin with two dashes. What stands between hunks is left out.
 */
export function parsePatch(patch: string): PatchRow[] {
  const rows: PatchRow[] = [];
  let oldLine = 0;
  let newLine = 0;
  let oldLeft = 0;
  let newLeft = 0;
  for (const raw of patch.split('\n')) {
    if (oldLeft <= 0 && newLeft <= 0) {
      const header = hunkHeader.exec(raw);
      if (header) {
        oldLine = Number(header[1]);
        oldLeft = Number(header[2] ?? 1);
        newLine = Number(header[3]);
        newLeft = Number(header[4] ?? 1);
        rows.push({
          kind: 'hunk',
          oldStart: oldLine,
          newStart: newLine,
          newCount: newLeft,
          scope: header[5] ?? '',
        });
        continue;
      }
    }
    const last = rows.at(-1);
    if (raw.startsWith('\\')) {
      if (last?.kind === 'line') {
        last.endsWithoutBreak = true;
      }
      continue;
    }
    const text = raw.slice(1).replace(/\r$/, '');
    if (raw.startsWith('+') && newLeft > 0) {
      rows.push({
        kind: 'line',
        change: 'added',
        oldLine: undefined,
        newLine: newLine++,
        text,
        endsWithoutBreak: false,
      });
      newLeft--;
    } else if (raw.startsWith('-') && oldLeft > 0) {
      rows.push({
        kind: 'line',
        change: 'removed',
        oldLine: oldLine++,
        newLine: undefined,
        text,
        endsWithoutBreak: false,
      });
      oldLeft--;
    } else if (oldLeft > 0 && newLeft > 0) {
      rows.push({
        kind: 'line',
        change: 'context',
        oldLine: oldLine++,
        newLine: newLine++,
        text,
        endsWithoutBreak: false,
      });
      oldLeft--;
      newLeft--;
    }
  }
  return rows;
}

/** The number of a line in one version of the file; absent where that version does not have it. */
export function lineOn(row: LineRow, side: Side): number | undefined {
  return side === 'old' ? row.oldLine : row.newLine;
}
