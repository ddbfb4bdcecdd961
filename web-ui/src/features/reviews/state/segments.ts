import { syntaxKinds, type LineSyntax } from './syntax';

/** A piece of a line that looks the same all through. */
export interface Segment {
  text: string;
  kind: (typeof syntaxKinds)[number];
  /** Changed within the line. */
  changed: boolean;
  /** A character that would reorder or hide text, shown by its name. */
  control: boolean;
}

/** Characters from `start` to before `end`. */
export interface Range {
  start: number;
  end: number;
}

// Bidirectional controls, zero-width characters and the like: code that looks other than it is.
const controls =
  // eslint-disable-next-line no-control-regex -- these characters are the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;

/** Cuts a line where its colour or its change begins or ends. */
export function segmentsOf(
  text: string,
  syntax: LineSyntax | undefined,
  changed: Range | undefined,
): Segment[] {
  const segments: Segment[] = [];
  const push = (start: number, end: number, kind: Segment['kind']) => {
    const cuts = [start, end];
    for (const cut of changed ? [changed.start, changed.end] : []) {
      if (cut > start && cut < end) {
        cuts.push(cut);
      }
    }
    cuts.sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i++) {
      const from = cuts[i]!;
      const to = cuts[i + 1]!;
      const inside = !!changed && from >= changed.start && to <= changed.end;
      for (const part of text.slice(from, to).split(new RegExp(`(${controls.source})`))) {
        if (part !== '') {
          segments.push({ text: part, kind, changed: inside, control: controls.test(part) });
        }
      }
    }
  };
  let at = 0;
  for (let i = 0; syntax && i + 1 < syntax.length && at < text.length; i += 2) {
    const end = Math.min(text.length, at + syntax[i]!);
    push(at, end, syntaxKinds[syntax[i + 1]!] ?? '');
    at = end;
  }
  if (at < text.length) {
    push(at, text.length, '');
  }
  return segments;
}

/** What differs between two versions of a line; absent where so much differs that marking it would say nothing. */
export function changedRanges(before: string, after: string): { before: Range; after: Range } | undefined {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    start++;
  }
  let fromEnd = 0;
  while (fromEnd < shorter - start && before.at(-1 - fromEnd) === after.at(-1 - fromEnd)) {
    fromEnd++;
  }
  const same = before.slice(0, start).trim().length + before.slice(before.length - fromEnd).trim().length;
  if (before === after || same < Math.max(before.trim().length, after.trim().length) * 0.35) {
    return undefined;
  }
  return { before: { start, end: before.length - fromEnd }, after: { start, end: after.length - fromEnd } };
}
