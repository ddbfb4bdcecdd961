// Installs the packages of package-lock.json, unless node_modules already holds exactly those.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const marker = 'node_modules/.guildhall-lock';
const wanted = createHash('sha256')
  .update(readFileSync('package-lock.json'))
  .update(process.version)
  .digest('hex');

if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) {
  process.exit(0);
}
const { status, error } = spawnSync('npm', ['ci'], { stdio: 'inherit', shell: process.platform === 'win32' });
if (status !== 0) {
  console.error(
    `npm ci failed${error ? ` (${error.message})` : ''}: check that npm reaches its registry (npm config get registry)`,
  );
  process.exit(1);
}
// Written last: an installation that was cut off is done again.
writeFileSync(marker, wanted);
