import { finding, review } from '@/testing/fixtures';
import { findChangedRanges } from './changed-ranges';
import { parsePatch, type LineRow } from './patch';
import { evidenceRows, placeFindings, replacedLines } from './placement';
import { mergeReview } from './review-list';
import { segmentsOf } from './segments';
import { suggestionRows } from './suggestion-rows';
import { colourLines } from './syntax-tokens';
import { syntaxKinds } from './syntax';
import { passages } from './use-syntax';
import { findingsVerdict } from './words';

const patch = `--- a/x
+++ b/x
@@ -1,4 +1,4 @@ head
 one
--- two
+++ zwei
 three
 four
\\ No newline at end of file
@@ -10 +10,2 @@
 ten
+eleven
`;

function lines(text: string): LineRow[] {
  return parsePatch(text).filter((row) => row.kind === 'line');
}

describe('parsePatch', () => {
  test('counts lines by the header, so that content may look like a header', () => {
    expect(
      lines(patch).map(({ change, oldLine, newLine, text }) => [change, oldLine, newLine, text]),
    ).toEqual([
      ['context', 1, 1, 'one'],
      ['removed', 2, undefined, '-- two'],
      ['added', undefined, 2, '++ zwei'],
      ['context', 3, 3, 'three'],
      ['context', 4, 4, 'four'],
      ['context', 10, 10, 'ten'],
      ['added', undefined, 11, 'eleven'],
    ]);
    expect(lines(patch)[4]!.endsWithoutBreak).toBe(true);
  });

  test.each(['', 'no diff at all', '@@ broken @@\n+x\n'])('reads %j as nothing', (text) => {
    expect(parsePatch(text)).toEqual([]);
  });

  test('reads Windows line ends', () => {
    expect(lines('@@ -0,0 +1 @@\n+a\r\n')[0]!.text).toBe('a');
  });
});

describe('placement', () => {
  const rows = parsePatch('@@ -1,3 +1,5 @@\n a();\n+b();\n+b();\n-c();\n }\n }\n');

  test('a finding stands behind the last line that it is about', () => {
    const { after, outside } = placeFindings(rows, [
      finding({ startLine: 1, endLine: 2, evidence: '' }),
      finding({ startLine: 90, endLine: 90, evidence: '' }),
    ]);
    expect([...after.keys()]).toEqual([2]);
    expect(outside).toHaveLength(1);
  });

  test('a finding about the old version stands at the removed line', () => {
    expect([
      ...placeFindings(rows, [
        finding({ side: 'old', startLine: 2, endLine: 2, evidence: 'c();' }),
      ]).after.keys(),
    ]).toEqual([4]);
  });

  test('of two places with the same text the nearer one is the evidence', () => {
    expect(evidenceRows(rows, finding({ startLine: 3, endLine: 3, evidence: '  b();\n' }))).toEqual([3]);
    expect(evidenceRows(rows, finding({ startLine: 3, endLine: 3, evidence: 'nowhere' }))).toEqual([]);
  });

  test('a suggestion replaces only lines that are all shown', () => {
    expect(replacedLines(rows, finding({ startLine: 2, endLine: 3 }))).toEqual(['b();', 'b();']);
    expect(replacedLines(rows, finding({ startLine: 5, endLine: 9 }))).toBeUndefined();
  });
});

test('a suggestion keeps what stays', () => {
  const rows = suggestionRows(['a', 'b', 'c'], 'a\nB\nc\n').filter((row) => row.kind === 'line');
  expect(rows.map(({ change, text }) => `${change} ${text}`)).toEqual([
    'context a',
    'removed b',
    'added B',
    'context c',
  ]);
});

test('marks what changed within a line, unless nearly all did', () => {
  const ranges = findChangedRanges(
    parsePatch('@@ -1,2 +1,2 @@\n-return total / count;\n-x\n+return total / max(count);\n+something else\n'),
  );
  expect(ranges.get(3)).toEqual({ start: 15, end: 25 });
  expect(ranges.has(2)).toBe(false);
});

test('cuts a line by colour and change, and names hidden characters', () => {
  expect(segmentsOf('if \u202eok', [2, syntaxKinds.indexOf('keyword')], { start: 3, end: 6 })).toEqual([
    { text: 'if', kind: 'keyword', changed: false, control: false },
    { text: ' ', kind: '', changed: false, control: false },
    { text: '\u202e', kind: '', changed: true, control: true },
    { text: 'ok', kind: '', changed: true, control: false },
  ]);
});

test('the old version of a hunk is coloured apart only where it differs', () => {
  expect(passages(parsePatch(patch)).map(({ lines: text }) => text)).toEqual([
    ['one', '-- two', 'three', 'four'],
    ['one', '++ zwei', 'three', 'four'],
    ['ten', 'eleven'],
  ]);
});

test.each([
  ['java', 'class A { String s = "x"; } // y', ['keyword', 'type', 'string', 'comment']],
  ['python', 'def f(): return "x" # y', ['keyword', 'function', 'string', 'comment']],
  ['shell', 'echo "x" # y', ['string', 'comment']],
  ['properties', '# y\na=b', ['comment']],
  ['makefile', '# y', ['comment']],
  ['protobuf', '// y', ['comment']],
  ['dockerfile', 'FROM scratch # y', ['keyword']],
])('colours %s', async (language, text, kinds) => {
  const found = new Set<string>();
  for await (const batch of colourLines(language, text.split('\n'))) {
    for (const line of batch.lines) {
      line.forEach((value, index) => index % 2 === 1 && found.add(syntaxKinds[value]!));
    }
  }
  expect([...found]).toEqual(expect.arrayContaining(kinds));
});

test('a language without a grammar stays plain', async () => {
  for (const language of ['brainfuck', 'text', '__proto__', 'constructor']) {
    expect(await colourLines(language, ['x']).next()).toEqual({ done: true, value: undefined });
  }
});

describe('mergeReview', () => {
  const page = { items: [review({ id: 5 })], total: 1, page: 0, size: 50 };

  test('puts a new review in front, and none on a later page', () => {
    expect(mergeReview(page, review({ id: 6 }), { page: 0 }).items.map(({ id }) => id)).toEqual([6, 5]);
    expect(mergeReview({ ...page, page: 1 }, review({ id: 6 }), { page: 1 }).items).toHaveLength(1);
  });

  test('takes away what the filter no longer wants', () => {
    expect(
      mergeReview(page, review({ id: 5, state: 'failed' }), { page: 0, state: 'completed' }),
    ).toMatchObject({ items: [], total: 0 });
  });
});

test.each([
  [[], 'No findings'],
  [['high'], '1 finding, high'],
  [['low', 'low'], '2 findings, all low'],
  [['high', 'low', 'high'], '3 findings, 2 high'],
] as const)('the verdict of %j is %s', (severities, verdict) => {
  expect(findingsVerdict(severities.map((severity) => ({ severity })))).toBe(verdict);
});
