import { readFileSync } from 'node:fs';

const css = readFileSync('src/app/styles.css', 'utf8');

function tokens(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0]!;
  return new Map(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]),
  );
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter! + 0.05) / (darker! + 0.05);
}

const grounds = ['background', 'surface', 'raised', 'hover'];
const codeGrounds = [
  'background',
  'raised',
  'added',
  'removed',
  'added-strong',
  'removed-strong',
  'evidence',
];

/** Which text stands on which grounds. */
function pairs(names: Iterable<string>): [string, string][] {
  const syntax = [...names].filter((name) => name.startsWith('syntax-'));
  const on = (texts: string[], places: string[]) =>
    texts.flatMap((text) => places.map((place): [string, string] => [text, place]));
  return [
    ...on(
      ['text'],
      [...grounds, ...codeGrounds, 'danger-soft', 'warning-soft', 'accent-soft', 'success-soft'],
    ),
    ...on(['muted'], [...grounds, 'added', 'removed', 'danger-soft', 'accent-soft']),
    ...on(['accent'], [...grounds, 'accent-soft']),
    ...on(['success'], ['background', 'surface', 'raised', 'hover', 'added', 'evidence', 'accent-soft']),
    ...on(
      ['danger'],
      ['background', 'surface', 'raised', 'hover', 'removed', 'danger-soft', 'accent-soft', 'evidence'],
    ),
    ...on(['warning'], ['background', 'surface', 'raised', 'hover', 'warning-soft', 'accent-soft']),
    ['on-accent', 'accent'],
    ['background', 'text'],
    ...on(syntax, codeGrounds),
  ];
}

test.each([':root', "[data-theme='dark']"])('every text of %s can be read on its ground', (selector) => {
  const values = tokens(selector);
  const weak = pairs(values.keys())
    .map(([text, ground]) => ({
      pair: `${text} on ${ground}`,
      ratio: contrast(values.get(text)!, values.get(ground)!),
    }))
    .filter(({ ratio }) => !(ratio >= 4.5))
    .map(({ pair, ratio }) => `${pair}: ${ratio.toFixed(2)}`);
  expect(weak).toEqual([]);
});

test('both themes define the same tokens', () => {
  expect([...tokens("[data-theme='dark']").keys()]).toEqual([...tokens(':root').keys()]);
});
