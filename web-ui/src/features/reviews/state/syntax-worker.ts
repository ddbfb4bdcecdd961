import type { SyntaxAnswer, SyntaxRequest } from './syntax';
import { colourLines } from './syntax-tokens';

self.onmessage = ({ data }: MessageEvent<SyntaxRequest>) => {
  // A grammar that fails costs the colours, nothing else.
  answer(data).catch(() => undefined);
};

async function answer({ id, language, lines }: SyntaxRequest): Promise<void> {
  for await (const batch of colourLines(language, lines)) {
    self.postMessage({ id, ...batch } satisfies SyntaxAnswer);
    // Others take their turn between two batches, so that a long file does not keep a short one waiting.
    await new Promise((resolve) => setTimeout(resolve));
  }
}
