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

for await (const line of createInterface({ input: process.stdin })) {
  const [promptTokens, decodedTokens] = line.split(' ').map(Number);
  const context = await model.createContext({
    contextSize: promptTokens + decodedTokens + 8,
    batchSize: BATCH_TOKENS,
    threads: Number(threads),
  });
  const { prefill, decode } = await measure(context.getSequence(), randomTokens(promptTokens), decodedTokens);
  await context.dispose();
  console.log(`${prefill} ${decode} 0 0`);
}
process.exit(0);

async function measure(sequence, prompt, decodedTokens) {
  let start = performance.now();
  await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
  const generated = sequence.evaluate(prompt.slice(-1), { temperature: 0, yieldEogToken: true });
  await generated.next();
  const prefill = secondsSince(start);
  start = performance.now();
  for (let i = 0; i < decodedTokens; i++) {
    await generated.next();
  }
  return { prefill, decode: secondsSince(start) };
}

function secondsSince(start) {
  return (performance.now() - start) / 1000;
}

function randomTokens(count) {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % RANDOM_TOKENS_BELOW;
  });
}
