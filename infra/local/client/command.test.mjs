import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { WrongUse, parse, wholeNumber } from './command.mjs';

const FINDING = {
  path: 'a.txt', startLine: 1, endLine: 1, severity: 'medium', category: 'style', title: 'Odd', message: 'It is odd.',
  suggestion: null, source: 'model', rule: 'tiny',
};

/** A platform that knows one repository and answers every review at once. */
class StubPlatform {
  requests = [];
  repositories = [];

  async start() {
    this.server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      this.requests.push({ method: request.method, url: request.url, authorization: request.headers.authorization, body });
      const [status, answer] = this.answer(request.method, request.url, body && JSON.parse(body));
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer && JSON.stringify(answer));
    });
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  answer(method, url, body) {
    if (method === 'POST' && url === '/api/v1/repositories') {
      const repository = { id: 'r1', ...body, index: { state: 'completed', chunks: 3 }, webhookUrl: '/webhooks/git/r1', webhookSecret: 's' };
      this.repositories.push(repository);
      return [201, repository];
    }
    if (url === '/api/v1/repositories') return [200, { items: this.repositories, total: this.repositories.length }];
    if (url === '/api/v1/repositories/r1/reviews') return [202, { id: 7, url: '/reviews/7' }];
    if (url === '/api/v1/repositories/r1') return method === 'DELETE' ? [204, null] : [200, this.repositories[0]];
    if (url === '/api/v1/reviews/7') {
      return [200, {
        id: 7, state: 'completed', counts: { high: 0, medium: 1, low: 0 }, steps: [], files: [], usage: null, findings: [FINDING],
      }];
    }
    if (url === '/api/v1/search') return [400, { code: 'bad-query', detail: 'the text is too long' }];
    return [404, { code: 'not-found', detail: `nothing at ${url}` }];
  }
}

const stub = new StubPlatform();
let folder;

before(async () => {
  await stub.start();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'guildhall client ')));
  const git = (...words) => execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...words]);
  git('init', '--quiet', '--initial-branch=trunk');
  git('commit', '--quiet', '--allow-empty', '--message=First');
  git('commit', '--quiet', '--allow-empty', '--message=Second\n\nWhy.');
});

after(() => {
  stub.server.close();
  rmSync(folder, { recursive: true });
});

function guildhall(command, words, env = { GUILDHALL_URL: stub.url, GUILDHALL_API_KEY: 'key' }) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(dirname(import.meta.filename), `${command}.mjs`), ...words], {
      env: { PATH: process.env.PATH, ...env },
    });
    const result = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => { result.stdout += text; });
    child.stderr.on('data', (text) => { result.stderr += text; });
    child.on('close', (code) => done({ code, ...result }));
  });
}

test('words and options are told apart, in any order', () => {
  const { words, values } = parse(['add', '--name=a b', 'place', '--json'], { '--name': true, '--json': false });
  assert.deepEqual(words, ['add', 'place']);
  assert.deepEqual(values, { name: 'a b', json: true });
});

test('unknown options, missing values and odd numbers are wrong use', () => {
  assert.throws(() => parse(['--nme', 'x'], { '--name': true }), WrongUse);
  assert.throws(() => parse(['--name'], { '--name': true }), WrongUse);
  assert.throws(() => parse(['--json=1'], { '--json': false }), WrongUse);
  assert.throws(() => wholeNumber('--limit', '0', 1, 100), WrongUse);
  assert.throws(() => wholeNumber('--limit', 'many', 1, 100), WrongUse);
});

test('a review of a path registers it, names commits by id, and prints the findings', async () => {
  const { code, stdout, stderr } = await guildhall('review', ['--repository', folder, '--base', 'HEAD~1', '--head', 'trunk']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /a\.txt:1 {2}medium/);
  const registered = JSON.parse(stub.requests.find((each) => each.method === 'POST' && each.url === '/api/v1/repositories').body);
  assert.deepEqual({ location: registered.location, defaultBranch: registered.defaultBranch }, { location: folder, defaultBranch: 'trunk' });
  const asked = JSON.parse(stub.requests.find((each) => each.url.endsWith('/reviews')).body);
  assert.match(asked.base, /^[0-9a-f]{40}$/);
  assert.match(asked.head, /^[0-9a-f]{40}$/);
  assert.equal(asked.title, 'Second');
  assert.equal(asked.description, 'Why.');
  assert.equal(stub.requests[0].authorization, 'Bearer key');
});

test('a finding of the severity asked for makes the exit code 1, and JSON is one document', async () => {
  const words = ['--repository', folder, '--base', 'HEAD~1', '--head', 'HEAD', '--json', '--fail-on'];
  const medium = await guildhall('review', [...words, 'medium']);
  assert.equal(medium.code, 1);
  assert.equal(JSON.parse(medium.stdout).findings.length, 1);
  assert.equal((await guildhall('review', [...words, 'high'])).code, 0);
});

test('wrong use exits with 2, whatever runs', async () => {
  for (const words of [[], ['--diff', 'x'], ['https://forge.example/pull/1'], ['--repository', folder, '--base', 'a', '--head', 'b', '--fail-on', 'dire']]) {
    const { code, stderr } = await guildhall('review', words, {});
    assert.equal(code, 2, `${words}: ${stderr}`);
  }
  assert.equal((await guildhall('repository', ['rename'], {})).code, 2);
  assert.equal((await guildhall('search', [], {})).code, 2);
});

test('what cannot be done exits with 1 and says what to do', async () => {
  const notRunning = await guildhall('search', ['x'], {});
  assert.equal(notRunning.code, 1);
  assert.match(notRunning.stderr, /guildhall up/);
  const refused = await guildhall('search', ['x']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /the text is too long[\s\S]*bad-query/);
  const revision = await guildhall('review', ['--repository', folder, '--base', 'nowhere', '--head', 'HEAD']);
  assert.equal(revision.code, 1);
  assert.match(revision.stderr, /no revision 'nowhere'/);
});
