// llama.cpp behind the protocol of EngineBenchmark: `llama.mjs PACKAGES MODEL THREADS`, where PACKAGES holds node_modules.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const BATCH_TOKENS = 512;
const RANDOM_TOKENS_BELOW = 30_000;

const [packages, modelPath, threads] = process.argv.slice(2);
const entry = join(packages, 'node_modules/node-llama-cpp/dist/index.js');
const { getLlama } = await import(pathToFileURL(entry).href);
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error', maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath });
console.log('ready');

// A line: tokens of a prompt, tokens of an answer, sequences (one where it is not said). The answer: seconds for all of them.
for await (const line of createInterface({ input: process.stdin })) {
  const [promptTokens, decodedTokens, sequences = 1] = line.split(' ').map(Number);
  const context = await model.createContext({
    contextSize: promptTokens + decodedTokens + 8,
    batchSize: BATCH_TOKENS,
    threads: Number(threads),
    sequences,
  });
  const prompts = Array.from({ length: sequences }, (_, i) => randomTokens(promptTokens, i + 1));
  const { prefill, decode } = await measure(prompts.map((prompt) => [context.getSequence(), prompt]), decodedTokens);
  await context.dispose();
  console.log(`${prefill} ${decode} 0 0`);
}
process.exit(0);

async function measure(sequences, decodedTokens) {
  let start = performance.now();
  const answers = await Promise.all(
    sequences.map(async ([sequence, prompt]) => {
      await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
      const answer = sequence.evaluate(prompt.slice(-1), { temperature: 0, yieldEogToken: true });
      await answer.next();
      return answer;
    }),
  );
  const prefill = secondsSince(start);
  start = performance.now();
  await Promise.all(
    answers.map(async (answer) => {
      for (let i = 0; i < decodedTokens; i++) await answer.next();
    }),
  );
  return { prefill, decode: secondsSince(start) };
}

function secondsSince(start) {
  return (performance.now() - start) / 1000;
}

function randomTokens(count, seed) {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % RANDOM_TOKENS_BELOW;
  });
}
