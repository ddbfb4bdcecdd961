// Checks compose.yaml where Docker is not: its shape, that versions are those of pom.xml, that nothing listens beyond
// this machine, that every mounted file is there, and that example.env names every value without a default.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const file = process.argv[2];
const here = dirname(file);
const text = readFileSync(file, 'utf8');
const pom = readFileSync(join(here, '../../pom.xml'), 'utf8');
const env = readFileSync(join(here, 'example.env'), 'utf8');
const problems = [];

function version(property) {
  return new RegExp(`<${property}>(.*)</${property}>`).exec(pom)?.[1];
}

const lines = text.split('\n');
lines.forEach((line, index) => {
  if (line.includes('\t')) problems.push(`line ${index + 1}: a tab`);
  const content = line.replace(/\s+#.*$/, '');
  if (/^\s*$|^\s*#/.test(content)) return;
  if (/^ */.exec(content)[0].length % 2 !== 0) problems.push(`line ${index + 1}: odd indentation`);
  if (!/^\s*(- .+|[A-Za-z0-9_-]+:( .*)?)$/.test(content)) problems.push(`line ${index + 1}: neither an item nor a key: ${content.trim()}`);
});

const services = text.slice(text.indexOf('\nservices:'), text.indexOf('\nvolumes:')).match(/^ {2}[a-z]+:$/gm)?.map((name) => name.trim().slice(0, -1)) ?? [];
const expected = ['postgresql', 'kafka', 'keycloak'];
if (services.join() !== expected.join()) problems.push(`services are ${services}, expected are ${expected}`);

const images = [...text.matchAll(/^ {4}image: (\S+)$/gm)].map((match) => match[1]);
if (images.length !== expected.length) problems.push(`${images.length} images`);
for (const image of images) if (!/:[0-9]/.test(image)) problems.push(`${image} is not pinned by version`);
for (const [property, name] of [['kafka-broker.version', 'kafka'], ['keycloak.version', 'keycloak']]) {
  if (!images.includes(`${name === 'kafka' ? 'apache' : 'keycloak'}/${name}:${version(property)}`)) {
    problems.push(`the image of ${name} is not ${version(property)}, as pom.xml says`);
  }
}

for (const [, port] of text.matchAll(/^ {6}- (\S+:\d+)$/gm)) {
  if (!port.startsWith('127.0.0.1:')) problems.push(`${port} is published beyond this machine`);
}
for (const [, path] of text.matchAll(/^ {6}- (\.\.?\/[^:]+):/gm)) {
  if (!existsSync(join(here, path))) problems.push(`${path} is mounted, but not there`);
}
for (const [, name] of text.matchAll(/\$\{([A-Z_]+)/g)) {
  if (!new RegExp(`^${name}=`, 'm').test(env)) problems.push(`example.env does not name ${name}`);
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
