import { ArrowRight, ChevronRight } from 'lucide-react';
import { Time } from '@/components/ui/time';
import { shortCommit } from '@/lib/format';
import type { Review } from '../api/schemas';
import { Markdown } from './markdown';
import { ReviewStateBadge } from './review-state';

/** Which change this is: its title, its place, its author. */
export function ReviewHeader({ review }: { review: Review }) {
  return (
    <header>
      <h1 className="text-xl font-semibold break-words">{review.title || `Pull request ${review.number}`}</h1>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
        <ReviewStateBadge state={review.state} />
        <span className="font-medium break-all text-text">
          {review.repository.name} #{review.number}
        </span>
        {review.author !== undefined && <span className="break-all">by {review.author}</span>}
        <span className="inline-flex min-w-0 flex-wrap items-center gap-x-1.5 font-mono text-xs">
          <Ref name={review.headRef} commit={review.headCommit} />
          <ArrowRight role="img" aria-label="into" className="size-3.5" />
          <Ref name={review.baseRef} commit={review.baseCommit} />
        </span>
        <Time at={review.completedAt ?? review.startedAt ?? review.createdAt} />
      </div>
      {review.description && (
        <details className="group mt-2 text-sm">
          <summary className="inline-flex list-none items-center gap-1 rounded text-muted hover:text-text">
            <ChevronRight aria-hidden className="size-3.5 group-open:rotate-90" />
            What the author says
          </summary>
          <Markdown text={review.description} className="mt-2 max-w-[90ch] border-l-2 pl-3" />
        </details>
      )}
    </header>
  );
}

function Ref({ name, commit }: { name: string | undefined; commit: string }) {
  const branch = name?.replace(/^refs\/heads\//, '');
  const isCommit = !branch || commit.startsWith(branch);
  return (
    <span className="max-w-[40ch] truncate" title={commit}>
      {isCommit ? shortCommit(commit) : branch}
    </span>
  );
}
