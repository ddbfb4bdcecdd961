// guildhall search QUERY [--repository NAME] [--limit N]
import { WrongUse, parse, platform, printJson, repositoryNamed, run, wholeNumber } from './command.mjs';
import { plain } from './review-text.mjs';

const LINES_SHOWN = 6;

function hitText({ chunk }) {
  const symbol = chunk.symbol ? `  ${plain(chunk.symbol)}` : '';
  const lines = plain(chunk.content).trimEnd().split('\n');
  const shown = lines.slice(0, LINES_SHOWN).map((line) => `    ${line}`);
  if (lines.length > LINES_SHOWN) shown.push(`    … ${lines.length - LINES_SHOWN} more lines`);
  return [`${plain(chunk.repositoryName)}  ${plain(chunk.path)}:${chunk.startLine}-${chunk.endLine}${symbol}`, ...shown].join('\n');
}

await run('search', async (args) => {
  const { words, values } = parse(args, { '--repository': true, '--limit': true, '--json': false });
  if (words.length === 0) throw new WrongUse('search takes the words to look for');
  const limit = wholeNumber('--limit', values.limit ?? '10', 1, 100);
  const client = platform();
  const repositoryId = values.repository === undefined ? undefined : (await repositoryNamed(client, values.repository)).id;
  const answer = await client.post('/api/v1/search', { text: words.join(' '), repositoryId, limit });
  if (values.json) {
    printJson(answer);
    return;
  }
  if (answer.hits.length > 0) console.log(answer.hits.map(hitText).join('\n\n'));
  else console.error('Nothing found.');
  if (answer.notIndexed.length > 0) console.error(`Not indexed yet: ${answer.notIndexed.map(plain).join(', ')}`);
});
