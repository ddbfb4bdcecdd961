// guildhall review --repository PATH|NAME --base REV --head REV [--fail-on SEVERITY]
import { existsSync } from 'node:fs';
import { Failed, WrongUse, parse, platform, printJson, repositories, repositoryNamed, run } from './command.mjs';
import { commitOf, messageBodyOf, repositoryRoot, subjectOf } from './git.mjs';
import { register } from './repository.mjs';
import { plain, reviewText } from './review-text.mjs';

const SEVERITIES = ['low', 'medium', 'high'];
const LATER = ['--diff', '--sarif'];
const INDEX_SECONDS_MAX = 600;
const REVIEW_SECONDS_MAX = 3600;
const live = process.stderr.isTTY;

let shown = '';

/** Progress, on standard error: a line that is written over at a terminal, a line for each change elsewhere. */
function doing(text) {
  if (text === shown) return;
  shown = text;
  if (live) process.stderr.write(`\r\u001b[K${text === '' ? '' : ` … ${plain(text)}`}`);
  else if (text !== '') console.error(` … ${plain(text)}`);
}

async function poll(seconds, pauseMillis, probe) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (Date.now() > end) return null;
    await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
}

/** A path becomes a registered repository; a name has to be one. */
async function find(client, place) {
  if (!existsSync(place)) {
    const repository = await repositoryNamed(client, place);
    return { repository, directory: existsSync(repository.location) ? repository.location : null };
  }
  const directory = repositoryRoot(place);
  const all = await repositories(client);
  const known = all.find((repository) => repository.location === directory);
  if (known) return { repository: known, directory };
  const names = new Set(all.map((repository) => repository.name));
  const name = directory.replace(/\.git$/, '').split('/').pop();
  let free = name;
  for (let number = 2; names.has(free); number++) free = `${name}-${number}`;
  console.error(`${plain(directory)} is registered as ${plain(free)}.`);
  return { repository: await register(client, directory, free), directory };
}

/** A review finds more when the index is there; without it, it still goes on. */
async function waitForIndex(client, repository) {
  const index = await poll(INDEX_SECONDS_MAX, 500, async () => {
    const { index: now } = await client.get(`/api/v1/repositories/${repository.id}`);
    doing(`indexing: ${now.filesDone ?? 0} of ${now.filesTotal ?? '?'} files`);
    return (now.state === 'completed' || now.state === 'failed') && now;
  });
  doing('');
  if (index?.state !== 'completed') {
    console.error(`The repository is not indexed (${plain(index?.failure?.message ?? 'it takes long')}): the review sees the change alone.`);
  }
}

function revision(directory, text) {
  if (directory) return commitOf(directory, text);
  if (/^[0-9a-f]{40}$/.test(text)) return text;
  throw new Failed(`'${text}' is not a commit id`, 'the repository is elsewhere: name base and head by their full commit ids');
}

async function review(args) {
  const later = args.find((argument) => LATER.includes(argument) || /^https?:/.test(argument));
  if (later) throw new WrongUse(`${later} is not available yet`);
  const { words, values } = parse(args, {
    '--repository': true, '--base': true, '--head': true, '--fail-on': true, '--json': false,
  });
  if (words.length > 0) throw new WrongUse(`review takes no '${words[0]}'`);
  for (const name of ['repository', 'base', 'head']) if (!values[name]) throw new WrongUse(`--${name} is missing`);
  const failOn = values['fail-on'];
  if (failOn !== undefined && !SEVERITIES.includes(failOn)) {
    throw new WrongUse(`--fail-on takes ${SEVERITIES.join(', ')}, not '${failOn}'`);
  }

  const client = platform();
  const { repository, directory } = await find(client, values.repository);
  const base = revision(directory, values.base);
  const head = revision(directory, values.head);
  await waitForIndex(client, repository);
  const { id } = await client.post(`/api/v1/repositories/${repository.id}/reviews`, {
    base, head,
    title: directory ? subjectOf(directory, head) : `${values.base}..${values.head}`,
    description: directory ? messageBodyOf(directory, head) : '',
  });

  const done = await poll(REVIEW_SECONDS_MAX, 500, async () => {
    const now = await client.get(`/api/v1/reviews/${id}`);
    const step = now.steps.findLast((each) => each.state === 'running');
    doing(step ? `${step.name}: ${step.detail}` : now.state);
    return (now.state === 'completed' || now.state === 'failed') && now;
  });
  doing('');
  const page = `${process.env.GUILDHALL_URL}/reviews/${id}`;
  if (!done) throw new Failed(`the review did not end within ${REVIEW_SECONDS_MAX} s`, `it goes on: ${page}`);
  if (values.json) {
    printJson(done);
  } else {
    console.log(reviewText(done));
    console.log(page);
  }
  const grave = failOn === undefined ? [] : SEVERITIES.slice(SEVERITIES.indexOf(failOn));
  return done.state === 'failed' || grave.some((severity) => done.counts[severity] > 0) ? 1 : 0;
}

await run('review', review);
