import type { SyntaxAnswer, SyntaxRequest } from './syntax';
import { colourLines } from './syntax-tokens';

// One request after the other: they share the thread anyway, and batches of one file stay together.
let queue = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<SyntaxRequest>) => {
  queue = queue.then(() => answer(data)).catch(() => undefined);
};

async function answer({ id, language, lines }: SyntaxRequest): Promise<void> {
  for await (const batch of colourLines(language, lines)) {
    self.postMessage({ id, ...batch } satisfies SyntaxAnswer);
  }
}
