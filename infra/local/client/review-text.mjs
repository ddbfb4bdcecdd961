// A review as text for a terminal. As a program: reads the JSON of GET /api/v1/reviews/{id} from standard input.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ANSI = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What a repository or a model wrote, without what could move the cursor or recolour the terminal. */
export function plain(text) {
  return String(text ?? '').replace(ANSI, '\ufffd');
}

/** A path of at most `width` characters, cut in the middle. */
export function shortPath(path, width = 60) {
  const clean = plain(path).replace(/\n/g, ' ');
  if (clean.length <= width) return clean;
  const keep = width - 1;
  return `${clean.slice(0, Math.ceil(keep / 3))}…${clean.slice(clean.length - Math.floor((keep * 2) / 3))}`;
}

function duration(millis) {
  const seconds = Math.round(millis / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function indented(text, indent) {
  return plain(text).trim().split('\n').map((line) => indent + line).join('\n');
}

/** The heading: what the review came to. */
export function verdict(review) {
  if (review.state === 'failed') return `Review failed: ${plain(review.failure?.message)}`;
  const time = review.totalMillis == null ? '' : ` in ${duration(review.totalMillis)}`;
  const { high, medium, low } = review.counts;
  const total = high + medium + low;
  if (total === 0) return `Review: nothing found${time}`;
  const parts = Object.entries({ high, medium, low }).filter(([, count]) => count > 0);
  const counts = parts.map(([severity, count]) => `${count} ${severity}`).join(', ');
  return `Review: ${total} finding${total === 1 ? '' : 's'} (${counts})${time}`;
}

/** The whole review, as lines. */
export function reviewText(review) {
  const lines = [` ── ${verdict(review)} ──`];
  if (review.failure) lines.push(indented(`${review.failure.remedy} [${review.failure.code}]`, '   '));
  for (const finding of review.findings ?? []) {
    lines.push(
      ` ${shortPath(finding.path)}:${finding.startLine}  ${finding.severity}  ${plain(finding.category)}  ` +
        `${plain(finding.title)}  [${plain(finding.source)}: ${plain(finding.rule)}]`,
      indented(finding.message.replace(/\n{2,}/g, '\n'), '   '),
    );
    if (finding.suggestion) lines.push('   suggestion:', indented(finding.suggestion, '     '));
  }
  const unread = (review.files ?? []).filter((file) => file.read !== 'model');
  if (unread.length > 0) {
    lines.push(' Not read by the model, or not in full:');
    for (const file of unread) lines.push(`   ${shortPath(file.path)}: ${plain(file.reason)}`);
  }
  const usage = review.usage;
  if (usage?.model) {
    const tokens = (usage.promptTokens + usage.completionTokens).toLocaleString('en');
    lines.push(` ${usage.model}: ${usage.modelCalls} calls, ${tokens} tokens, ${duration(usage.modelMillis)}`);
  }
  return lines.join('\n');
}

if (process.argv[1] && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  console.log(reviewText(JSON.parse(input)));
}
