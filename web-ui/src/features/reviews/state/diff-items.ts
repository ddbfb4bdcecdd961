import type { Finding } from '../api/schemas';
import type { HunkRow, LineRow, PatchRow } from './patch';
import { placeFindings, replacedLines, type Mark } from './placement';

/** What stands in one row of a file's diff on the screen. */
export type DiffItem =
  | { kind: 'hunk'; key: string; row: HunkRow }
  | { kind: 'line'; key: string; row: LineRow; rowIndex: number; mark: Mark | undefined }
  | {
      kind: 'finding';
      key: string;
      finding: Finding;
      replaced: readonly string[] | undefined;
      evidenceMarked: boolean;
      /** The diff does not show the lines that it is about. */
      outside: boolean;
    };

/** The rows of a diff with its findings in between; those about lines that are not shown come first. */
export function diffItems(rows: readonly PatchRow[], findings: readonly Finding[]): DiffItem[] {
  const { after, outside, marked } = placeFindings(rows, findings);
  const proven = new Set(
    [...marked.values()].filter(({ evidence }) => evidence).map(({ finding }) => finding),
  );
  const thread = (finding: Finding, isOutside: boolean): DiffItem => ({
    kind: 'finding',
    key: `finding-${finding.fingerprint}`,
    finding,
    replaced: replacedLines(rows, finding),
    evidenceMarked: proven.has(finding),
    outside: isOutside,
  });
  const items = outside.map((finding) => thread(finding, true));
  rows.forEach((row, rowIndex) => {
    items.push(
      row.kind === 'hunk'
        ? { kind: 'hunk', key: `row-${rowIndex}`, row }
        : { kind: 'line', key: `row-${rowIndex}`, row, rowIndex, mark: marked.get(rowIndex) },
    );
    items.push(...(after.get(rowIndex) ?? []).map((finding) => thread(finding, false)));
  });
  return items;
}
