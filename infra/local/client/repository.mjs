// guildhall repository add PATH|URL [--name NAME] | list | remove NAME
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { WrongUse, parse, platform, printJson, repositories, repositoryNamed, run } from './command.mjs';
import { defaultBranch, repositoryRoot } from './git.mjs';
import { plain } from './review-text.mjs';

/** Registers a repository by its path or address. */
export async function register(client, place, name) {
  const local = existsSync(place);
  const location = local ? repositoryRoot(place) : place;
  return client.post('/api/v1/repositories', {
    name: name ?? basename(location.replace(/[/\\]+$/, '')).replace(/\.git$/, ''),
    location,
    ...(local ? { defaultBranch: defaultBranch(location) } : {}),
  });
}

function indexText({ state, chunks, filesDone, filesTotal, failure }) {
  if (state === 'completed') return `${chunks} chunks`;
  if (state === 'running') return `indexing, ${filesDone ?? 0} of ${filesTotal ?? '?'} files`;
  if (state === 'failed') return `index failed: ${plain(failure?.message)}`;
  return 'not indexed yet';
}

async function add(client, words, { name, json }) {
  if (words.length !== 1) throw new WrongUse('add takes one path or address');
  const repository = await register(client, words[0], name);
  if (json) {
    printJson(repository);
    return;
  }
  console.log(`${plain(repository.name)} is registered and will be indexed.`);
  console.log(`webhook address  ${repository.webhookUrl}`);
  console.log(`webhook secret   ${repository.webhookSecret}   (shown this once)`);
}

async function list(client, words, { json }) {
  if (words.length > 0) throw new WrongUse(`list takes no '${words[0]}'`);
  const items = await repositories(client);
  if (json) {
    printJson({ items, total: items.length });
    return;
  }
  const width = Math.max(4, ...items.map((item) => item.name.length));
  for (const item of items) {
    console.log(`${plain(item.name).padEnd(width)}  ${plain(item.location)}  ${indexText(item.index)}`);
  }
  if (items.length === 0) console.error('No repositories. guildhall repository add PATH|URL registers one.');
}

async function remove(client, words, { json }) {
  if (words.length !== 1) throw new WrongUse('remove takes one name');
  const repository = await repositoryNamed(client, words[0]);
  await client.remove(`/api/v1/repositories/${repository.id}`);
  if (json) printJson({ removed: repository.name });
  else console.log(`${plain(repository.name)} is removed.`);
}

const VERBS = { add, list, remove };

if (import.meta.filename === process.argv[1]) {
  await run('repository', async (args) => {
    const { words: [verb, ...words], values } = parse(args, { '--name': true, '--json': false });
    if (!(verb in VERBS)) throw new WrongUse(verb ? `repository has no '${verb}'` : 'repository takes add, list or remove');
    if (values.name !== undefined && verb !== 'add') throw new WrongUse(`${verb} takes no --name`);
    await VERBS[verb](platform(), words, values);
  });
}
