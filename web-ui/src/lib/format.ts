/** `48 s`, `2 min 5 s`, `1 h 3 min`; under ten seconds with a tenth. */
export function formatDuration(millis: number): string {
  if (millis < 1_000) {
    return `${Math.round(millis)} ms`;
  }
  if (millis < 9_950) {
    return `${(millis / 1_000).toFixed(1)} s`;
  }
  const seconds = Math.round(millis / 1_000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  }
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const numbers = new Intl.NumberFormat('en');

/** `12,345`. */
export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** `1 finding`, `4 findings`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${formatNumber(value)} ${value === 1 ? one : many}`;
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 24 * 3_600],
  ['month', 30 * 24 * 3_600],
  ['week', 7 * 24 * 3_600],
  ['day', 24 * 3_600],
  ['hour', 3_600],
  ['minute', 60],
];

/** `5 min. ago`, `yesterday`; under a minute `just now`. */
export function formatRelative(time: string, now: number): string {
  const seconds = (Date.parse(time) - now) / 1_000;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) {
      return relative.format(Math.round(seconds / size), unit);
    }
  }
  return 'just now';
}

const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** `22 Nov 2026, 10:15:00`, in the reader's time zone. */
export function formatAbsolute(time: string): string {
  return absolute.format(Date.parse(time));
}

/** The first digits of a commit id, enough for people. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 10);
}
