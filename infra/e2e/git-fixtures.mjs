// Small git repositories for the tests.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

export function git(folder, ...words) {
  return execFileSync('git', words, { cwd: folder, encoding: 'utf8', env: environment }).trim();
}

/** A new repository with the files of one commit on `main`; values are strings or Buffers, null removes. */
export function newRepository(folder, files) {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  return commit(folder, files, 'Begin');
}

/** Adds a commit to the branch that is checked out; answers its id. */
export function commit(folder, files, message) {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    if (content === null) {
      rmSync(target);
    } else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
  }
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}
