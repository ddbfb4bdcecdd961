// Refuses packages whose licence does not suit Apache-2.0, and puts the notices of those that are shipped beside the pages.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const allowed = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'OFL-1.1',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]);
const output = 'target/classes/META-INF/resources/licences.txt';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const notices = [];
const refused = [];
for (const [path, { version, license, dev, optional }] of Object.entries(packages)) {
  if (path === '' || dev) {
    continue;
  }
  // An expression such as (MIT OR GPL-2.0) suits where one of its choices does.
  const choices = (license ?? 'none').replace(/[()]/g, '').split(' OR ');
  if (!choices.some((choice) => allowed.has(choice))) {
    refused.push(`${path} ${version}: ${license ?? 'names no licence'}`);
  }
  if (optional && !existsSync(path)) {
    continue;
  }
  const file = readdirSync(path).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const text = file ? readFileSync(join(path, file), 'utf8').trim() : `Licence: ${license}`;
  notices.push(`${path.replace(/^.*node_modules\//, '')} ${version}\n\n${text}\n`);
}
if (refused.length > 0) {
  console.error(
    `packages whose licence is not on the list in scripts/collect-licences.mjs:\n${refused.join('\n')}`,
  );
  process.exit(1);
}
writeFileSync(output, notices.sort().join(`\n${'-'.repeat(80)}\n\n`));
