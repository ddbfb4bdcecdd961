// Registers the demo's repository, posts its pull request as a signed webhook, and shows the review.
// Environment: GUILDHALL_URL, GUILDHALL_API_KEY, GUILDHALL_DATA (directory of the platform's data).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, waitFor } from '../client/api.mjs';
import { plain, reviewText } from '../client/review-text.mjs';
import { deliver } from '../client/webhook.mjs';

const NAME = 'demo/till';
const INDEX_SECONDS_MAX = 300;
const REVIEW_SECONDS_MAX = 1800;

const here = dirname(fileURLToPath(import.meta.url));
const url = process.env.GUILDHALL_URL;
const folder = join(process.env.GUILDHALL_DATA, 'demo');
const stateFile = join(folder, 'state.json');
const client = api();
const live = process.stdout.isTTY;

function done(text) {
  console.log(`${live ? '\r\u001b[K' : ''} ✓ ${text}`);
}

function doing(text) {
  if (live) process.stdout.write(`\r\u001b[K … ${plain(text)}`);
}

function makeRepository(target) {
  const printed = execFileSync(join(here, 'make-repository'), [target], { encoding: 'utf8' });
  return Object.fromEntries(printed.trim().split('\n').map((line) => line.split(' ')));
}

/** The registered repository with its webhook secret, which the platform shows only once. */
async function register(location) {
  if (existsSync(stateFile)) {
    const state = JSON.parse(readFileSync(stateFile, 'utf8'));
    try {
      await client.get(`/api/v1/repositories/${state.repositoryId}`);
      return state;
    } catch (problem) {
      if (problem.status !== 404) throw problem;
    }
  }
  const { items } = await client.get('/api/v1/repositories');
  const stale = items.find((repository) => repository.name === NAME);
  if (stale) await client.remove(`/api/v1/repositories/${stale.id}`);
  const repository = await client.post('/api/v1/repositories', { name: NAME, location, defaultBranch: 'main' });
  const state = { repositoryId: repository.id, webhookSecret: repository.webhookSecret };
  writeFileSync(stateFile, JSON.stringify(state), { mode: 0o600 });
  return state;
}

async function indexed(repositoryId) {
  const { index } = await client.get(`/api/v1/repositories/${repositoryId}`);
  doing(`indexing: ${index.filesDone ?? 0} of ${index.filesTotal ?? '?'} files`);
  if (index.state === 'failed') {
    throw new Error(`the index failed: ${index.failure?.message}. ${index.failure?.remedy ?? ''}`);
  }
  return index.state === 'completed' && index;
}

async function reviewed(id, seen) {
  const review = await client.get(`/api/v1/reviews/${id}`);
  const read = review.steps.find((step) => step.name === 'read-diff');
  if (read && !seen.event) {
    seen.event = true;
    done('event read from Kafka');
  }
  const running = review.steps.findLast((step) => step.state === 'running');
  if (running) doing(`${running.name}: ${running.detail}`);
  return (review.state === 'completed' || review.state === 'failed') && review;
}

mkdirSync(folder, { recursive: true, mode: 0o700 });
const repository = join(folder, 'till.git');
const { base, head } = makeRepository(repository);
const title = readFileSync(join(here, 'till', 'change.md'), 'utf8');
const [subject, ...description] = title.split('\n');
console.log(`Demo: pull request #1 of ${NAME}, "${subject}"`);

const { repositoryId, webhookSecret } = await register(repository);
const index = await waitFor('the index', INDEX_SECONDS_MAX, () => indexed(repositoryId));
done(`${index.filesTotal} files indexed, ${index.chunks} chunks`);

const answer = await deliver({
  url,
  repositoryId,
  secret: webhookSecret,
  event: 'pull_request',
  payload: {
    action: 'opened',
    number: 1,
    title: subject,
    description: description.join('\n').trim(),
    author: 'jonas',
    draft: false,
    base: { ref: 'main', commit: base },
    head: { ref: 'add-refunds', commit: head },
  },
});
if (answer.status !== 202) {
  throw new Error(`the webhook was answered ${answer.status}: ${answer.body?.detail ?? ''}`);
}
done('webhook accepted');

const { id } = answer.body.review;
const seen = { event: false };
const review = await waitFor('the review', REVIEW_SECONDS_MAX, () => reviewed(id, seen), 1000);
const byModel = review.files.filter((file) => file.read === 'model' || file.read === 'partial').length;
done(`model read ${byModel} files (${(review.usage?.promptTokens ?? 0).toLocaleString('en')} tokens)`);
console.log(reviewText(review));
console.log(`Open ${url}/reviews/${id}`);
process.exitCode = review.state === 'completed' ? 0 : 1;
