import { Link } from 'react-router';
import { Time } from '@/components/ui/time';
import { formatDuration } from '@/lib/format';
import type { ReviewSummary } from '../api/schemas';
import { ReviewStateBadge } from './review-state';
import { SeverityCounts } from './severity';

/** One review in the list; all of it is the link. */
export function ReviewRow({ review }: { review: ReviewSummary }) {
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-3 last:border-b-0 hover:bg-hover md:grid md:grid-cols-[104px_minmax(0,1fr)_minmax(150px,auto)_88px]">
      <ReviewStateBadge state={review.state} className="max-md:order-2" />
      <div className="min-w-0 max-md:order-1 max-md:w-full">
        <h2 className="text-base font-medium">
          <Link
            to={`/reviews/${review.id}`}
            data-row-link
            className="block truncate after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            title={review.title}
          >
            {review.title || `Pull request ${review.number}`}
          </Link>
        </h2>
        <p className="truncate text-sm text-muted">
          {review.repository.name} #{review.number}
          {review.author !== undefined && ` by ${review.author}`}
          {review.model !== undefined && <span className="max-lg:hidden"> · {review.model}</span>}
        </p>
      </div>
      <div className="min-w-0 text-sm empty:hidden max-md:order-3 md:text-right md:empty:block">
        <Outcome review={review} />
      </div>
      <span className="text-right text-sm text-muted max-md:order-4 max-md:text-left">
        <Time at={review.completedAt ?? review.startedAt ?? review.createdAt} />
        {review.totalMillis !== undefined && (
          <span className="block max-md:ml-2 max-md:inline">{formatDuration(review.totalMillis)}</span>
        )}
      </span>
    </li>
  );
}

function Outcome({ review }: { review: ReviewSummary }) {
  const { high, medium, low } = review.counts;
  if (review.state === 'failed') {
    return (
      <code className="block truncate text-danger" title={review.failure?.message}>
        {review.failure?.code ?? 'failed'}
      </code>
    );
  }
  if (review.state !== 'completed') {
    return null;
  }
  return high + medium + low === 0 ? (
    <span className="text-muted">No findings</span>
  ) : (
    <SeverityCounts counts={review.counts} />
  );
}
