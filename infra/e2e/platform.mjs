// A platform for the tests: started, asked and stopped through the same command that people type.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, waitFor } from '../local/client/api.mjs';

const GUILDHALL = resolve(dirname(fileURLToPath(import.meta.url)), '../../guildhall');
export const MODEL = 'qwen2.5-coder-0.5b';

export class Platform {
  constructor() {
    // A path with a space: everything has to work from such a place.
    this.root = mkdtempSync(join(tmpdir(), 'guildhall e2e '));
    this.data = join(this.root, 'data');
    mkdirSync(this.data, { mode: 0o700 });
  }

  /** Runs a command line; answers its exit code and output, whatever the code. */
  guildhall(...words) {
    return new Promise((done) => {
      const options = { encoding: 'utf8', maxBuffer: 64 << 20, cwd: this.root, env: { ...process.env, GUILDHALL_DATA: this.data } };
      execFile(GUILDHALL, words, options, (error, stdout, stderr) => {
        done({ code: error ? (error.code ?? 1) : 0, stdout, stderr });
      });
    });
  }

  /** Starts what does not run. */
  async up() {
    const result = await this.guildhall('up', '--detach', '--no-demo', '--data', this.data, '--model', MODEL);
    if (result.code !== 0) throw new Error(`up failed (${result.code}):\n${result.stdout}\n${result.stderr}`);
    const status = await this.status();
    this.url = status.url;
    this.client = api({ url: this.url, key: this.secret('api-key') });
    return result;
  }

  async status() {
    const { code, stdout, stderr } = await this.guildhall('status', '--json', '--data', this.data);
    if (stdout === '') throw new Error(`status printed nothing (exit ${code}): ${stderr}`);
    return JSON.parse(stdout);
  }

  async part(name) {
    const { parts } = await this.status();
    const part = parts.find((candidate) => candidate.name === name);
    if (!part) throw new Error(`status names no part ${name}: ${parts.map((each) => each.name)}`);
    return part;
  }

  /** Ends a part as a crash would. */
  async kill(name) {
    const { pid } = await this.part(name);
    process.kill(pid, 'SIGKILL');
    await waitFor(`the end of ${name}`, 10, () => !alive(pid), 50);
    return pid;
  }

  down() {
    return this.guildhall('down', '--data', this.data);
  }

  /** A token as services get one, for parts that take no person's. */
  async serviceToken() {
    const { port } = await this.part('keycloak');
    const answer = await fetch(`http://127.0.0.1:${port}/realms/guildhall/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials', client_id: 'review-bot', client_secret: this.secret('review-bot-client-secret'),
      }),
    });
    if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).access_token;
  }

  secret(name) {
    return readFileSync(join(this.data, 'secrets', name), 'utf8').trim();
  }

  /** The review once it has ended, well or badly. */
  ended(id, seconds = 600) {
    return waitFor(`the end of review ${id}`, seconds, async () => {
      const review = await this.client.get(`/api/v1/reviews/${id}`);
      return (review.state === 'completed' || review.state === 'failed') && review;
    }, 1000);
  }

  remove() {
    if (existsSync(this.root)) rmSync(this.root, { recursive: true, force: true });
  }
}

/** Whether a process of this id runs (a zombie does not). */
export function alive(pid) {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
