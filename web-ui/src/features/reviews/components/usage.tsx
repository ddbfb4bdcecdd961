import { formatAbsolute, formatDuration, formatNumber, shortCommit } from '@/lib/format';
import type { Review } from '../api/schemas';

/** What a review cost, and what exactly it looked at. */
export function Usage({ review }: { review: Review }) {
  const { usage } = review;
  const facts: [name: string, value: string, title?: string | undefined][] = [];
  if (usage) {
    const perSecond = usage.modelMillis > 0 ? (usage.completionTokens * 1_000) / usage.modelMillis : 0;
    facts.push(
      ['Model', usage.model ?? 'none was asked'],
      ['Model calls', formatNumber(usage.modelCalls)],
      ['Prompt tokens', formatNumber(usage.promptTokens)],
      [
        'Completion tokens',
        formatNumber(usage.completionTokens),
        perSecond > 0 ? `${perSecond.toFixed(1)} per second of model time` : undefined,
      ],
      ['Context from the index', `${formatNumber(usage.contextChunks)} chunks`],
      ['Time in the model', formatDuration(usage.modelMillis)],
      ['Time in all', formatDuration(usage.totalMillis)],
    );
  }
  facts.push(
    ['Attempt', String(review.attempt)],
    ['Head', shortCommit(review.headCommit), review.headCommit],
    ['Base', shortCommit(review.baseCommit), review.baseCommit],
  );
  if (review.completedAt !== undefined) {
    facts.push([review.state === 'failed' ? 'Failed' : 'Completed', formatAbsolute(review.completedAt)]);
  }
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(168px,1fr))] gap-x-6 gap-y-4 rounded border p-4">
      {facts.map(([name, value, title]) => (
        <div key={name} className="min-w-0" title={title}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="font-medium break-words tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
