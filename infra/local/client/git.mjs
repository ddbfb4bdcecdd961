// What the commands ask of a repository on this machine.
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { Failed } from './command.mjs';

function git(directory, ...words) {
  return execFileSync('git', ['-C', directory, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** Where the repository is that holds a path: its work tree, or itself where it is bare. */
export function repositoryRoot(path) {
  try {
    const bare = git(path, 'rev-parse', '--is-bare-repository') === 'true';
    return realpathSync(git(path, 'rev-parse', bare ? '--absolute-git-dir' : '--show-toplevel'));
  } catch (error) {
    throw new Failed(`${path} is not in a git repository`, String(error.stderr ?? error.message).trim().split('\n')[0]);
  }
}

export function defaultBranch(directory) {
  for (const words of [['symbolic-ref', '--short', 'refs/remotes/origin/HEAD'], ['symbolic-ref', '--short', 'HEAD']]) {
    try {
      return git(directory, ...words).replace(/^origin\//, '');
    } catch {
      // A detached head, or no remote: the next way.
    }
  }
  return 'main';
}

/** The id of the commit that a revision names. */
export function commitOf(directory, revision) {
  try {
    return git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  } catch {
    throw new Failed(`${directory} has no revision '${revision}'`, `git -C '${directory}' log --oneline --all`);
  }
}

export function subjectOf(directory, commit) {
  return git(directory, 'log', '-1', '--format=%s', commit);
}

export function messageBodyOf(directory, commit) {
  return git(directory, 'log', '-1', '--format=%b', commit);
}
