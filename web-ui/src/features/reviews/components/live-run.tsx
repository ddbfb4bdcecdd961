import { useNow } from '@/lib/clock';
import { formatDuration } from '@/lib/format';
import type { Review } from '../api/schemas';
import { shownSteps } from '../state/progress';
import { RunSteps } from './run-steps';

/** The run as it happens. */
export function LiveRun({ review }: { review: Review }) {
  const now = useNow(1_000);
  const started = review.startedAt === undefined ? undefined : Date.parse(review.startedAt);
  const current = shownSteps(review).find(({ state }) => state === 'running');
  return (
    <section aria-labelledby="live-heading" className="border-t pt-4 [&>ol]:max-w-[1440px]">
      <h2 id="live-heading" className="mb-3 text-lg">
        <strong className="font-semibold">
          {review.state === 'queued' ? 'Waiting for its turn' : 'Reviewing'}
        </strong>
        {started !== undefined && (
          <span className="text-muted tabular-nums">
            <span aria-hidden className="mx-2">
              ·
            </span>
            {formatDuration(Math.max(1_000, Math.floor((now - started) / 1_000) * 1_000)).replace('.0', '')}
          </span>
        )}
        {review.attempt > 1 && (
          <span className="text-muted">
            <span aria-hidden className="mx-2">
              ·
            </span>
            attempt {review.attempt}
          </span>
        )}
      </h2>
      {/* Only the step is announced: its detail changes too often to be heard. */}
      <p role="status" className="sr-only">
        {current ? `${current.label}, running` : review.state}
      </p>
      <RunSteps review={review} />
      <p className="mt-3 text-sm text-muted">
        Findings appear here as soon as the review is complete. You can leave this page.
      </p>
    </section>
  );
}
