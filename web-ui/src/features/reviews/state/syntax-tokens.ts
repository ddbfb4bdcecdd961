import {
  createHighlighterCore,
  type GrammarState,
  type HighlighterCore,
  type ThemeRegistration,
} from '@shikijs/core';
import { createJavaScriptRegexEngine } from '@shikijs/engine-javascript';
import { languages } from './syntax-languages';
import { syntaxKinds, type LineSyntax } from './syntax';

type Kind = (typeof syntaxKinds)[number];

/** Lines longer than this stay plain: generated code would keep the grammar busy for seconds. */
const lineLengthMax = 2_000;

/** Lines coloured at a time, so that what is at the top comes first. */
export const batchLines = 400;

// The theme's colours are not colours but kinds, written as #00000N; styles.css gives each kind its colour.
const scopes: Readonly<Record<Exclude<Kind, ''>, string[]>> = {
  comment: ['comment', 'punctuation.definition.comment'],
  keyword: [
    'keyword',
    'storage',
    'constant.language',
    'variable.language',
    'keyword.operator.new',
    'keyword.operator.expression',
    'support.type.property-name.json',
  ],
  string: ['string', 'punctuation.definition.string', 'constant.character.escape', 'markup.inline.raw'],
  number: ['constant.numeric', 'constant.other', 'support.constant'],
  function: ['entity.name.function', 'support.function', 'meta.function-call.generic', 'variable.function'],
  type: [
    'entity.name.type',
    'entity.name.class',
    'entity.other.inherited-class',
    'support.type',
    'support.class',
    'storage.type.java',
    'storage.type.generic.java',
    'storage.modifier.import',
    'storage.modifier.package',
    'entity.name.namespace',
  ],
  tag: [
    'entity.name.tag',
    'entity.other.attribute-name',
    'meta.annotation',
    'storage.type.annotation',
    'markup.heading',
  ],
  punctuation: ['punctuation', 'keyword.operator', 'meta.brace', 'storage.type.function.arrow'],
};

function color(kind: Kind): string {
  return `#00000${syntaxKinds.indexOf(kind)}`;
}

const theme: ThemeRegistration = {
  name: 'guildhall',
  type: 'light',
  fg: color(''),
  bg: '#ffffff',
  settings: [
    { settings: { foreground: color('') } },
    ...Object.entries(scopes).map(([kind, scope]) => ({
      scope,
      settings: { foreground: color(kind as Kind) },
    })),
    // Primitive types read as keywords, operators that are words too.
    {
      scope: ['storage.type.primitive', 'keyword.operator.logical.python', 'keyword.operator.word'],
      settings: { foreground: color('keyword') },
    },
    { scope: ['punctuation.definition.comment'], settings: { foreground: color('comment') } },
    { scope: ['punctuation.definition.string'], settings: { foreground: color('string') } },
    { scope: ['punctuation.definition.annotation'], settings: { foreground: color('tag') } },
  ],
};

let highlighter: Promise<HighlighterCore> | undefined;

function load(): Promise<HighlighterCore> {
  // The JavaScript engine: the other one is WebAssembly, which the content security policy forbids.
  return (highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  }));
}

/** Colours lines of a language, batch by batch; yields nothing for a language without a grammar. */
export async function* colourLines(
  language: string,
  lines: readonly string[],
): AsyncGenerator<{ from: number; lines: LineSyntax[] }> {
  const grammar = Object.hasOwn(languages, language) ? languages[language] : undefined;
  if (!grammar) {
    return;
  }
  const core = await load();
  await core.loadLanguage(grammar);
  let grammarState: GrammarState | undefined;
  for (let from = 0; from < lines.length; from += batchLines) {
    const text = lines.slice(from, from + batchLines).join('\n');
    const options = {
      lang: language,
      theme: 'guildhall',
      tokenizeMaxLineLength: lineLengthMax,
      ...(grammarState ? { grammarState } : {}),
    };
    const tokens = core.codeToTokensBase(text, options);
    grammarState = core.getLastGrammarState(text, options);
    yield {
      from,
      lines: tokens.map((line) =>
        line.flatMap(({ content, color: kind }) => [content.length, Number(kind?.slice(-1) ?? 0)]),
      ),
    };
  }
}
