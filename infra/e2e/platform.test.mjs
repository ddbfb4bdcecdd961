import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../local/client/api.mjs';
import { deliver } from '../local/client/webhook.mjs';
import { openBrowser, signIn } from './browser.mjs';
import { commit, git, newRepository } from './git-fixtures.mjs';
import { tryClient } from './openai-client.mjs';
import { MODEL, Platform, alive } from './platform.mjs';

const DEMO = resolve(dirname(fileURLToPath(import.meta.url)), '../local/demo');
const PARTS = ['postgresql', 'kafka', 'keycloak', 'platform-api', 'repo-indexer', 'review-bot', 'inference-node'];

const platform = new Platform();
let vanishing;
let till; // the demo's repository as registered: { id, secret, base, head, reviewId }

async function register(name, location) {
  const { code, stdout, stderr } = await platform.guildhall(
    'repository', 'add', location, '--name', name, '--json', '--data', platform.data);
  assert.equal(code, 0, stderr);
  const repository = JSON.parse(stdout);
  assert.match(repository.webhookSecret, /^.{32,}$/);
  return { id: repository.id, secret: repository.webhookSecret };
}

function pullRequest({ number = 1, title = 'A change', base, head }) {
  return {
    action: 'opened', number, title, description: '', author: 'test', draft: false,
    base: { ref: 'main', commit: base }, head: { ref: 'change', commit: head },
  };
}

function send(repository, payload, options = {}) {
  return deliver({
    url: platform.url, repositoryId: repository.id, secret: repository.secret, event: 'pull_request', payload, ...options,
  });
}

function indexed(id) {
  return waitFor('the index', 180, async () => {
    const { index } = await platform.client.get(`/api/v1/repositories/${id}`);
    assert.notEqual(index.state, 'failed', JSON.stringify(index));
    return index.state === 'completed' && index;
  });
}

describe('the platform, from the first start to the last process', { concurrency: false }, () => {
  before(() => platform.up(), { timeout: 20 * 60_000 });
  after(async () => {
    await platform.down();
    platform.remove();
  });

  test('names every part with its process, port and memory', async () => {
    const { parts } = await platform.status();
    assert.deepEqual(parts.map((part) => part.name).sort(), [...PARTS].sort());
    for (const part of parts) {
      assert.equal(part.health, 'up', JSON.stringify(part));
      assert.ok(alive(part.pid), JSON.stringify(part));
      assert.ok(part.memoryBytes > 1 << 20, JSON.stringify(part));
    }
  });

  test('listens on loopback only', async () => {
    const { parts } = await platform.status();
    const ports = new Set(parts.map((part) => part.port));
    const sockets = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)
      .concat(readFileSync('/proc/net/tcp6', 'utf8').trim().split('\n').slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A')
      .map((fields) => fields[1].split(':'))
      .filter(([, port]) => ports.has(parseInt(port, 16)));
    assert.ok(sockets.length >= ports.size);
    const loopback = ['0100007F', '00000000000000000000000001000000', '0000000000000000FFFF00000100007F'];
    for (const [address] of sockets) assert.ok(loopback.includes(address), address);
  });

  test('keeps its secrets to its owner', () => {
    assert.equal(statSync(join(platform.data, 'secrets', 'api-key')).mode & 0o777, 0o600);
    assert.equal(statSync(join(platform.data, 'secrets', 'admin-password')).mode & 0o777, 0o600);
  });

  test('indexes the demo repository and finds code in it', { timeout: 300_000 }, async () => {
    const location = join(platform.root, 'till.git');
    const printed = execFileSync(join(DEMO, 'make-repository'), [location], { encoding: 'utf8' });
    const { base, head } = Object.fromEntries(printed.trim().split('\n').map((line) => line.split(' ')));
    till = { ...(await register('e2e/till', location)), base, head, location };
    const index = await indexed(till.id);
    assert.equal(index.filesTotal, 14);
    assert.ok(index.chunks >= 14);
    const { code, stdout, stderr } = await platform.guildhall('search', 'adds up prices of a sale', '--json', '--data', platform.data);
    assert.equal(code, 0, stderr);
    const { hits } = JSON.parse(stdout);
    assert.ok(hits.some((hit) => hit.chunk.path.endsWith('TillService.java')), stdout);
  });

  test('refuses a webhook with a wrong or missing signature', async () => {
    const payload = pullRequest(till);
    const wrong = await send(till, payload, { secret: 'not the secret' });
    assert.equal(wrong.status, 401);
    const missing = await fetch(`${platform.url}/webhooks/git/${till.id}`, {
      method: 'POST', body: JSON.stringify(payload),
      headers: { 'content-type': 'application/json', 'x-guildhall-event': 'pull_request', 'x-guildhall-delivery': randomUUID() },
    });
    assert.equal(missing.status, 401);
    assert.equal((await platform.client.get('/api/v1/reviews')).total, 0);
  });

  test('refuses malformed JSON with the place, an unknown repository, and a body over the limit', async () => {
    const malformed = await send(till, '{"action": "opened",\n "number": }');
    assert.equal(malformed.status, 400);
    assert.match(malformed.body.detail, /line 2/);
    const unknown = await send({ id: randomUUID(), secret: 'x' }, pullRequest(till));
    assert.equal(unknown.status, 404);
    const large = await send(till, JSON.stringify({ ...pullRequest(till), description: 'x'.repeat(26 << 20) }));
    assert.equal(large.status, 413);
    assert.equal((await platform.client.get('/api/v1/reviews')).total, 0);
  });

  test('makes one review of a delivery that comes twenty times at once', async () => {
    const delivery = randomUUID();
    const payload = pullRequest({ ...till, title: 'Add refunds' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(till, payload, { delivery })));
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [202]);
    const ids = new Set(answers.map((answer) => answer.body.review.id));
    assert.equal(ids.size, 1);
    [till.reviewId] = ids;
    assert.equal((await platform.client.get('/api/v1/reviews')).total, 1);
  });

  test('publishes one complete review although review-bot was killed in the middle', { timeout: 900_000 }, async () => {
    await waitFor('the model to be asked', 300, async () => {
      const { steps } = await platform.client.get(`/api/v1/reviews/${till.reviewId}`);
      return steps.some((step) => step.name === 'ask-model' && step.state === 'running');
    });
    await platform.kill('review-bot');
    await platform.up();
    const review = await platform.ended(till.reviewId);
    assert.equal(review.state, 'completed', JSON.stringify(review.failure));
    assert.equal((await platform.client.get('/api/v1/reviews')).total, 1);
    assert.equal(review.files.length, 7);
    assert.equal(review.usage.model, MODEL);
    assert.ok(review.usage.modelCalls > 0 && review.usage.promptTokens > 0);
  });

  test('finds what static analysis and the search for secrets must find', async () => {
    const { findings } = await platform.client.get(`/api/v1/reviews/${till.reviewId}`);
    const secret = findings.find((finding) => finding.source === 'secrets');
    assert.equal(secret?.path, 'src/main/resources/till.properties');
    assert.equal(secret.startLine, 6);
    assert.ok(!JSON.stringify(findings).includes('pk7Qz2vN9xLw4TfRb8Ym3HsKc6JdUaEg'), 'the secret is masked');
    const analysis = findings.filter((finding) => finding.source === 'pmd');
    assert.ok(analysis.some((finding) => finding.path.endsWith('RefundService.java')), JSON.stringify(findings));
  });

  test('shows the review to a person who signs in', { timeout: 180_000 }, async () => {
    const review = await platform.client.get(`/api/v1/reviews/${till.reviewId}`);
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const complaints = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(`${platform.url}/reviews/${till.reviewId}`);
      await signIn(page, 'admin', platform.secret('admin-password'));
      await page.getByRole('heading', { level: 1 }).waitFor();
      assert.match(await page.getByRole('heading', { level: 1 }).innerText(), /Add refunds/);
      assert.equal(new URL(page.url()).pathname, `/reviews/${till.reviewId}`);
      for (const finding of review.findings) {
        await page.getByText(finding.title.replaceAll('`', ''), { exact: false }).first().waitFor();
      }
      await page.getByText('RefundService.java').first().waitFor();
      await browser.shoot(page, 'review');
      // The first look at /session answers 401: that is how the page knows that nobody is signed in.
      assert.deepEqual(complaints.filter((text) => !text.includes('401')), []);
    } finally {
      await browser.close();
    }
  });

  test('reviews a pull request of awkward files and says what it did not read', { timeout: 600_000 }, async () => {
    const location = join(platform.root, 'awkward');
    const base = newRepository(location, {
      'old name.txt': 'one\ntwo\nthree\nfour\nfive\n',
      'gone.txt': 'to be deleted\n',
      'picture.bin': Buffer.from([0, 1, 2, 3, 0, 255]),
    });
    git(location, 'checkout', '--quiet', '-b', 'change');
    const head = commit(location, {
      'old name.txt': null,
      'new name.txt': 'one\ntwo\nthree\nfour\nsix\n',
      'gone.txt': null,
      'picture.bin': Buffer.from([0, 9, 9, 9, 0, 254]),
      'latin1.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]),
      'large.txt': Array.from({ length: 50_000 }, (_, i) => `line ${i}\n`).join(''),
    }, 'Awkward files');
    const repository = await register('e2e/awkward', location);
    const answer = await send(repository, pullRequest({ number: 2, base, head }));
    assert.equal(answer.status, 202);
    const review = await platform.ended(answer.body.review.id);
    assert.equal(review.state, 'completed', JSON.stringify(review.failure));
    const byPath = Object.fromEntries(review.files.map((file) => [file.path, file]));
    assert.equal(byPath['new name.txt'].change, 'renamed');
    assert.equal(byPath['new name.txt'].oldPath, 'old name.txt');
    assert.equal(byPath['gone.txt'].change, 'deleted');
    for (const path of ['picture.bin', 'large.txt']) {
      assert.notEqual(byPath[path].read, 'model');
      assert.match(byPath[path].reason, /\w+ \w+/, `${path} has a reason`);
    }
    const empty = await send(repository, pullRequest({ number: 3, base, head: base }));
    const nothing = await platform.ended(empty.body.review.id);
    assert.equal(nothing.state, 'completed', JSON.stringify(nothing.failure));
    assert.equal(nothing.findings.length, 0);
  });

  test('answers the openai package', { timeout: 600_000 }, async () => {
    const node = await platform.part('inference-node');
    const url = `http://127.0.0.1:${node.port}`;
    await tryClient({ url, token: await platform.serviceToken(), model: MODEL });
  });

  test('fails visibly when the repository has vanished, and runs again when it is back', { timeout: 600_000 }, async () => {
    const location = join(platform.root, 'vanishing');
    const base = newRepository(location, { 'a.py': 'x = 1\n' });
    git(location, 'checkout', '--quiet', '-b', 'change');
    const head = commit(location, { 'a.py': 'x = 2\n' }, 'Change');
    const repository = await register('e2e/vanishing', location);
    vanishing = repository;
    await indexed(repository.id);
    renameSync(location, `${location}.away`);
    const answer = await send(repository, pullRequest({ number: 4, base, head }));
    const { id } = answer.body.review;
    const failed = await platform.ended(id);
    assert.equal(failed.state, 'failed');
    assert.ok(failed.failure.code && failed.failure.message && failed.failure.remedy, JSON.stringify(failed.failure));
    renameSync(`${location}.away`, location);
    await platform.client.post(`/api/v1/reviews/${id}/runs`);
    const again = await waitFor('the second attempt', 300, async () => {
      const review = await platform.client.get(`/api/v1/reviews/${id}`);
      return review.state === 'completed' && review;
    });
    assert.equal(again.attempt, failed.attempt + 1);
  });

  test('answers 503 while Kafka is down, and takes the same delivery when it is back', { timeout: 300_000 }, async () => {
    await platform.kill('kafka');
    const delivery = randomUUID();
    const location = join(platform.root, 'vanishing');
    const base = git(location, 'rev-parse', 'main');
    const head = commit(location, { 'a.py': 'x = 3\n' }, 'Change again');
    const payload = pullRequest({ number: 5, base, head });
    const started = Date.now();
    const refused = await send(vanishing, payload, { delivery });
    assert.equal(refused.status, 503);
    assert.ok(Date.now() - started < 5500, `answered after ${Date.now() - started} ms`);
    await platform.up();
    const accepted = await send(vanishing, payload, { delivery });
    assert.equal(accepted.status, 202, JSON.stringify(accepted.body));
    const review = await platform.ended(accepted.body.review.id);
    assert.equal(review.state, 'completed', JSON.stringify(review.failure));
  });

  test('leaves no process behind', { timeout: 120_000 }, async () => {
    const { parts } = await platform.status();
    const { code, stderr } = await platform.down();
    assert.equal(code, 0, stderr);
    for (const part of parts) assert.ok(!alive(part.pid), `${part.name} (${part.pid}) still runs`);
  });
});
