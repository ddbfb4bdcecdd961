// Guildhall's engine and llama.cpp in turns on one machine: `engine.mjs SETTINGS`, a JSON document that infra/local/bench.sh writes.
import { spawn } from 'node:child_process';
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROMPT_TOKENS = 512;
const DECODED_TOKENS = 64;
const LONG_PROMPT_TOKENS = 8192;
const USERS = 8;
const KIB = 1024;
const MIB = KIB * KIB;

const settings = JSON.parse(process.argv[2]);
const threads = settings.threads;
const llamaProgram = join(dirname(fileURLToPath(import.meta.url)), 'llama.mjs');

/** A process that answers each line by a line. */
class Engine {
  constructor(name, command) {
    this.name = name;
    this.process = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => this.process.on('close', resolve));
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async ready() {
    if ((await this.line()) !== 'ready') throw new Error(`${this.name} did not say that it is ready`);
    return this;
  }

  async measure(promptTokens, decodedTokens, sequences = 1) {
    // The engine's own program knows one sequence; ServingBenchmark does several.
    this.process.stdin.write(`${promptTokens} ${decodedTokens}${sequences > 1 ? ` ${sequences}` : ''}\n`);
    const [prefill, decode, residentBytes, cacheBytes] = (await this.line()).split(' ').map(Number);
    const rate = (tokens, seconds) => (sequences * tokens) / seconds;
    return { prefill: rate(promptTokens, prefill), decode: rate(decodedTokens, decode), residentBytes, cacheBytes };
  }

  async line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended with code ${await this.ended}; its messages are above`);
    return value;
  }

  async close() {
    this.process.stdin.end();
    await this.ended;
  }
}

function java(model, ...rest) {
  const { javaOptions } = settings.models.find(({ file }) => file === model);
  return [settings.java, ...settings.javaOptions, ...javaOptions, ...rest];
}

/** The engine and llama.cpp in turns; several users of llama.cpp where lengths of their texts are given. */
async function compare(model, lengths) {
  const [ours, theirs] = await Promise.all([
    new Engine('the engine', java(model, 'dev.guildhall.engine.benchmark.EngineBenchmark', model, `${threads}`)).ready(),
    new Engine('llama.cpp', [process.execPath, llamaProgram, settings.packages, model, `${threads}`]).ready(),
  ]);
  const turns = [];
  for (let round = 0; round <= settings.rounds; round++) {
    const turn = {
      ours: await ours.measure(PROMPT_TOKENS, DECODED_TOKENS),
      theirs: await theirs.measure(PROMPT_TOKENS, DECODED_TOKENS),
    };
    // The first turn warms both up.
    if (round > 0) turns.push(turn);
    progress(`${basename(model)} turn ${round} of ${settings.rounds}: ${inWords(turn.ours)}; llama.cpp ${inWords(turn.theirs)}`);
  }
  const memory = turns.at(-1).ours;
  const long = settings.long
    ? { ours: await ours.measure(LONG_PROMPT_TOKENS, 1), theirs: await theirs.measure(LONG_PROMPT_TOKENS, 1) }
    : undefined;
  const peer = lengths ? await measureUsers(theirs, lengths) : undefined;
  await Promise.all([ours.close(), theirs.close()]);
  return { turns, memory, long, peer };
}

/** Tokens a second of one user and of eight: medians. */
async function measureUsers(engine, { promptTokens, answerTokens }) {
  const rates = { one: [], all: [] };
  for (let round = 0; round <= settings.servingRounds; round++) {
    const one = await engine.measure(promptTokens, answerTokens);
    const all = await engine.measure(promptTokens, answerTokens, USERS);
    // The first round warms up.
    if (round > 0) {
      rates.one.push(one.decode);
      rates.all.push(all.decode);
    }
  }
  return { one: median(rates.one), all: median(rates.all) };
}

/** Eight users against one, and a long prompt that was seen before, with the lengths that ServingBenchmark tells. */
async function serve(model) {
  const text = await output(
    java(
      model,
      'dev.guildhall.engine.benchmark.ServingBenchmark',
      model,
      `${threads}`,
      `${USERS}`,
      `${settings.servingRounds}`,
    ),
  );
  const numbers = text.match(
    /prompt=(\d+) answer=(\d+) users=1: ([\d.]+) .*: ([\d.]+) tokens\/s, .*prefill\((\d+)\)=([\d.]+) s, seen before ([\d.]+) s/s,
  );
  if (!numbers) throw new Error(`ServingBenchmark said: ${text}`);
  const [promptTokens, answerTokens, one, all, longPromptTokens, first, again] = numbers.slice(1).map(Number);
  progress(`${basename(model)} served ${USERS} users: ${all.toFixed(1)} tokens/s, one: ${one.toFixed(1)}`);
  return { promptTokens, answerTokens, one, all, longPromptTokens, first, again };
}

/** Seconds from the start of a process to its first word; the file is read first, so that the system has its pages. */
async function firstToken(model) {
  for await (const part of createReadStream(model, { highWaterMark: MIB })) void part;
  const start = performance.now();
  const command = java(model, 'dev.guildhall.engine.EngineCommand', 'generate', '--model', model);
  command.push('--prompt', 'public static void main', '--max-tokens', '1', '--threads', `${threads}`);
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    let seconds;
    child.stdout.once('data', () => (seconds = (performance.now() - start) / 1000));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(seconds) : reject(new Error(`generate ended with ${code}`))));
  });
}

function output(command) {
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`${command.join(' ')} ended with ${code}`))));
  });
}

function inWords({ prefill, decode }) {
  return `prefill ${prefill.toFixed(1)}, decode ${decode.toFixed(1)} tokens/s`;
}

function progress(text) {
  process.stderr.write(`${text}\n`);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function rates(turns, what) {
  const ours = turns.map((turn) => turn.ours[what]);
  const theirs = turns.map((turn) => turn.theirs[what]);
  const ratios = turns.map((turn) => turn.ours[what] / turn.theirs[what]);
  return [median(ours).toFixed(1), median(theirs).toFixed(1), median(ratios).toFixed(2), ratios.map((r) => r.toFixed(2)).join(', ')];
}

function servedRow({ name, ours, peer }) {
  const users = ({ one, all }) => [one.toFixed(1), all.toFixed(1), (all / one).toFixed(2)];
  const { first, again } = ours;
  return [name, ...users(ours), ...users(peer), first.toFixed(2), again.toFixed(3), `${((100 * again) / first).toFixed(2)} %`];
}

function table(heads, rows) {
  return [`| ${heads.join(' | ')} |`, `|${' --- |'.repeat(heads.length)}`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

function processor() {
  const info = readFileSync('/proc/cpuinfo', 'utf8');
  const field = (name) => info.match(new RegExp(`^${name}\\s*: (.*)$`, 'm'))?.[1] ?? '';
  const flags = field('flags').split(' ');
  const vectors = ['avx2', 'avx512f', 'avx512_vnni'].filter((flag) => flags.includes(flag));
  return `${os.cpus().length} cores, ${field('model name') || os.arch()} (family ${field('cpu family')}, ${vectors.join(', ')})`;
}

const speeds = [];
const longs = [];
const served = [];
const memories = [];
const starts = [];
const loadBefore = os.loadavg()[0];
for (const { name, file } of settings.models) {
  progress(name);
  const ours = settings.servingRounds > 0 ? await serve(file) : undefined;
  const { turns, memory, long, peer } = await compare(file, ours);
  speeds.push([name, 'decode', ...rates(turns, 'decode')], [name, `prefill ${PROMPT_TOKENS}`, ...rates(turns, 'prefill')]);
  if (long) longs.push([name, `prefill ${LONG_PROMPT_TOKENS}`, ...rates([long], 'prefill')]);
  const fileBytes = statSync(file).size;
  const beyondCache = memory.residentBytes - memory.cacheBytes;
  memories.push([
    name,
    (fileBytes / MIB).toFixed(0),
    (memory.residentBytes / MIB).toFixed(0),
    (memory.cacheBytes / MIB).toFixed(0),
    `${((beyondCache / fileBytes - 1) * 100).toFixed(0)} %`,
  ]);
  if (ours) served.push({ name, ours, peer });
  const seconds = [];
  for (let i = 0; i < settings.rounds; i++) seconds.push(await firstToken(file));
  starts.push([name, median(seconds).toFixed(2), seconds.map((s) => s.toFixed(2)).join(', ')]);
}

const sections = [
  `# The engine and llama.cpp in turns, ${settings.date}`,
  `Machine: ${processor()}, ${(os.totalmem() / MIB / KIB).toFixed(0)} GiB, ${os.type()} ${os.release()}. ` +
    `Load before and after: ${loadBefore.toFixed(1)}, ${os.loadavg()[0].toFixed(1)}. Guildhall at ${settings.revision}, ${settings.javaVersion}; ` +
    `llama.cpp as node-llama-cpp ${settings.peerVersion} brings it, Node.js ${process.version}. ${threads} threads each.`,
  `Made by \`./guildhall bench engine\`: both load the model, then measure in turns, ${settings.rounds} after one that does not count. ` +
    'A ratio is of one turn; of ratios as of rates the median is given. Tokens are random, answers greedy. More than 1 means that Guildhall is faster.',
  table(['model', 'tokens/s', 'Guildhall', 'llama.cpp', 'ratio', 'each turn'], [...speeds, ...longs]),
];
if (served.length > 0) {
  sections.push(
    `${USERS} users at once against one, through the scheduler, and a prompt of ${served[0].ours.longPromptTokens} tokens for the first and the second time. ` +
      "llama.cpp's users are sequences of one context, which node-llama-cpp puts into batches:",
    table(['model', 'one user, tokens/s', `${USERS} users`, 'times', 'llama.cpp: one', `${USERS} users`, 'times', 'first, s', 'second, s', 'second of first'], served.map(servedRow)),
  );
}
sections.push(
  `Memory after ${PROMPT_TOKENS + DECODED_TOKENS} tokens, MiB:`,
  table(['model', 'file', 'resident', 'of it KV cache', 'resident without cache beyond the file'], memories),
  'From the start of a process to the first token of a short prompt, the file in the page cache, seconds:',
  table(['model', 'median', 'each'], starts),
);
const report = `${sections.join('\n\n')}\n`;
process.stdout.write(report);
writeFileSync(settings.output, report);
progress(`written to ${settings.output}`);
