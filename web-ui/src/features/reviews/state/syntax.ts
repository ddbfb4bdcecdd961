/** What the colours of code stand for; the place in the list is what travels from the worker. */
export const syntaxKinds = [
  '',
  'comment',
  'keyword',
  'string',
  'number',
  'function',
  'type',
  'tag',
  'punctuation',
] as const;

/** One line: lengths and kinds by turns, `[6, 2, 1, 0, …]` for six characters of a keyword, then one plain. */
export type LineSyntax = readonly number[];

export interface SyntaxRequest {
  id: number;
  language: string;
  lines: readonly string[];
}

export interface SyntaxAnswer {
  id: number;
  /** The first line that this answer colours. */
  from: number;
  lines: readonly LineSyntax[];
}
