import { count, formatDuration, formatNumber } from '@/lib/format';
import type { Finding, Review, ReviewedFile, Severity } from '../api/schemas';

/** `line 41`, `lines 41–44`, `line 7 (removed)`. */
export function linesOf({
  startLine,
  endLine,
  side,
}: Pick<Finding, 'startLine' | 'endLine' | 'side'>): string {
  const lines = startLine === endLine ? `line ${startLine}` : `lines ${startLine}–${endLine}`;
  return side === 'old' ? `${lines} of the old version` : lines;
}

/** The file's name, without its folders. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folders of a file, without a slash at the end. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Whether the model read all of a file. */
export function wasRead(file: ReviewedFile): boolean {
  return file.read === 'model';
}

/** `4 findings, 2 high`: the number, and how many of them are of the worst kind. */
export function findingsVerdict(findings: readonly Pick<Finding, 'severity'>[]): string {
  if (findings.length === 0) {
    return 'No findings';
  }
  const worst = (['high', 'medium', 'low'] satisfies Severity[])
    .map((severity) => ({
      severity,
      number: findings.filter((finding) => finding.severity === severity).length,
    }))
    .find(({ number }) => number > 0)!;
  const all = count(findings.length, 'finding');
  return worst.number === findings.length
    ? `${all}, ${findings.length === 1 ? '' : 'all '}${worst.severity}`
    : `${all}, ${worst.number} ${worst.severity}`;
}

/** `3 of 5 files read`. */
export function readVerdict(files: readonly ReviewedFile[]): string {
  return `${formatNumber(files.filter(wasRead).length)} of ${count(files.length, 'file')} read`;
}

/** The whole verdict as text, for the page's title and for those who hear it. */
export function verdictText(review: Review): string {
  return [
    findingsVerdict(review.findings),
    readVerdict(review.files),
    ...(review.totalMillis === undefined ? [] : [formatDuration(review.totalMillis)]),
    ...(review.model === undefined ? [] : [review.model]),
  ].join(' · ');
}
