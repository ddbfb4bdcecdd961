import { useQuery } from '@tanstack/react-query';
import { ScanEye, SearchX } from 'lucide-react';
import { useRef } from 'react';
import { Link, useSearchParams } from 'react-router';
import { CommandLine } from '@/components/command-line';
import { ConnectionNote } from '@/components/connection-note';
import { EmptyState } from '@/components/empty-state';
import { ErrorPanel } from '@/components/error-panel';
import { PageHeader } from '@/components/page-header';
import { Button } from '@/components/ui/button';
import { LoadingShape, Skeleton } from '@/components/ui/skeleton';
import { cn } from '@/lib/cn';
import { formatNumber } from '@/lib/format';
import { useShortcuts } from '@/lib/shortcuts';
import { useFollowReviews } from './api/follow-reviews';
import { reviewsQuery, type ReviewFilter } from './api/get-reviews';
import { reviewStateSchema } from './api/schemas';
import { ReviewRow } from './components/review-row';

const states = [undefined, ...reviewStateSchema.options];

/** Every review, newest first. */
export function ReviewsPage() {
  const [parameters] = useSearchParams();
  const filter = readFilter(parameters);
  const reviews = useQuery(reviewsQuery(filter));
  const connection = useFollowReviews(filter);
  const list = useRef<HTMLUListElement>(null);

  const step = (by: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    links[at === -1 ? 0 : at + by]?.focus();
  };
  useShortcuts('Reviews', [
    {
      key: 'j',
      does: 'Next review',
      run: () => {
        step(1);
      },
    },
    {
      key: 'k',
      does: 'Previous review',
      run: () => {
        step(-1);
      },
    },
  ]);

  const filtered = filter.state !== undefined || filter.repositoryId !== undefined;
  return (
    <div className="mx-auto max-w-[1440px]">
      <title>Reviews · Guildhall</title>
      <PageHeader title="Reviews">
        <nav aria-label="Filter by state" className="flex max-w-full overflow-x-auto rounded border">
          {states.map((state) => (
            <Link
              key={state ?? 'all'}
              to={{ search: withState(parameters, state) }}
              aria-current={filter.state === state ? 'page' : undefined}
              className={cn(
                'h-8 border-r px-3 text-sm leading-8 text-muted last:border-r-0 hover:bg-hover hover:text-text focus-visible:-outline-offset-2',
                filter.state === state &&
                  'bg-accent-soft font-medium text-accent hover:bg-accent-soft hover:text-accent',
              )}
            >
              {state ?? 'all'}
            </Link>
          ))}
        </nav>
      </PageHeader>
      <div className="space-y-3">
        <ConnectionNote connection={connection} />
        {reviews.isPending ? (
          <LoadingShape label="Loading the reviews">
            <div className="divide-y rounded border">
              {Array.from({ length: 6 }, (_, index) => (
                <div key={index} className="space-y-2 px-4 py-3">
                  <Skeleton className="h-4 w-2/5" />
                  <Skeleton className="h-4 w-1/4" />
                </div>
              ))}
            </div>
          </LoadingShape>
        ) : reviews.isError ? (
          <ErrorPanel
            what="The reviews could not be loaded"
            error={reviews.error}
            onRetry={() => void reviews.refetch()}
          />
        ) : reviews.data.items.length > 0 ? (
          <>
            <ul ref={list} className="rounded border">
              {reviews.data.items.map((review) => (
                <ReviewRow key={review.id} review={review} />
              ))}
            </ul>
            <Pages {...reviews.data} parameters={parameters} />
          </>
        ) : filtered ? (
          <EmptyState
            icon={SearchX}
            title="No review matches"
            action={
              <Button asChild>
                <Link to="/reviews">Show all reviews</Link>
              </Button>
            }
          >
            <p>
              There is no {filter.state} review{filter.repositoryId ? ' of this repository' : ''}.
            </p>
          </EmptyState>
        ) : (
          <EmptyState
            icon={ScanEye}
            title="No reviews yet"
            action={<CommandLine command="./guildhall review --repository PATH --base main --head BRANCH" />}
          >
            <p>
              A review says what is wrong with a pull request, where, and how sure that is. It starts by
              itself when a registered repository announces a pull request, or with this command.
            </p>
          </EmptyState>
        )}
      </div>
    </div>
  );
}

function readFilter(parameters: URLSearchParams): ReviewFilter {
  const page = Number(parameters.get('page') ?? 1);
  return {
    state: reviewStateSchema.safeParse(parameters.get('state')).data,
    repositoryId: parameters.get('repositoryId') ?? undefined,
    page: Number.isSafeInteger(page) && page > 0 ? page - 1 : 0,
  };
}

function withState(parameters: URLSearchParams, state: string | undefined): string {
  const next = new URLSearchParams(parameters);
  next.delete('page');
  if (state === undefined) {
    next.delete('state');
  } else {
    next.set('state', state);
  }
  return next.toString();
}

interface PagesProps {
  total: number;
  page: number;
  size: number;
  parameters: URLSearchParams;
}

function Pages({ total, page, size, parameters }: PagesProps) {
  const pages = Math.max(1, Math.ceil(total / size));
  if (pages === 1) {
    return null;
  }
  const link = (to: number, text: string) =>
    to < 0 || to >= pages ? (
      <Button disabled>{text}</Button>
    ) : (
      <Button asChild>
        <Link to={{ search: withPage(parameters, to) }}>{text}</Link>
      </Button>
    );
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-4 text-sm text-muted">
      {link(page - 1, 'Newer')}
      <span>
        {formatNumber(page * size + 1)}–{formatNumber(Math.min(total, (page + 1) * size))} of{' '}
        {formatNumber(total)}
      </span>
      {link(page + 1, 'Older')}
    </nav>
  );
}

function withPage(parameters: URLSearchParams, page: number): string {
  const next = new URLSearchParams(parameters);
  next.set('page', String(page + 1));
  return next.toString();
}
