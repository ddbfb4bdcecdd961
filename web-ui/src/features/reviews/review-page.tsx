import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { useParams } from 'react-router';
import { ConnectionNote } from '@/components/connection-note';
import { ErrorBoundary } from '@/components/error-boundary';
import { ErrorPanel } from '@/components/error-panel';
import { PageHeader } from '@/components/page-header';
import { ApiError } from '@/lib/api';
import { useShortcuts } from '@/lib/shortcuts';
import { useFollowReview } from './api/follow-review';
import { reviewQuery } from './api/get-review';
import type { Review } from './api/schemas';
import { Changes } from './components/changes';
import { FailedRun } from './components/failed-run';
import { FilesList } from './components/files-list';
import { FindingsList } from './components/findings-list';
import { LiveRun } from './components/live-run';
import { NotRead } from './components/not-read';
import { ReviewHeader } from './components/review-header';
import { ReviewLoading } from './components/review-loading';
import { RunSteps } from './components/run-steps';
import { Usage } from './components/usage';
import { Verdict } from './components/verdict';
import { usePlace } from './state/use-place';
import { verdictText, wasRead } from './state/words';

/** One review: what is wrong, where, how sure, and what to do. */
export function ReviewPage() {
  const id = Number(useParams().id);
  const valid = Number.isSafeInteger(id) && id > 0;
  const review = useQuery({ ...reviewQuery(id), enabled: valid });
  if (!valid) {
    return <NoReview what="There is no such review" error={badAddress} />;
  }
  if (review.isPending) {
    return <ReviewLoading />;
  }
  if (review.isError) {
    const missing = review.error instanceof ApiError && review.error.status === 404;
    return (
      <NoReview
        what={missing ? 'There is no such review' : 'The review could not be loaded'}
        error={review.error}
        onRetry={() => void review.refetch()}
      />
    );
  }
  return <LoadedReview key={review.data.id} review={review.data} />;
}

const badAddress = new ApiError(
  'The address does not end in the number of a review.',
  'bad-address',
  404,
  undefined,
);

function NoReview(props: ComponentProps<typeof ErrorPanel>) {
  return (
    <>
      <title>Review · Guildhall</title>
      <PageHeader title="Review" />
      <ErrorPanel {...props} />
    </>
  );
}

function LoadedReview({ review }: { review: Review }) {
  const connection = useFollowReview(review);
  const place = usePlace(review);
  useShortcuts('Review', [
    {
      key: 'j',
      does: 'Next finding',
      run: () => {
        place.stepFinding(1);
      },
    },
    {
      key: 'k',
      does: 'Previous finding',
      run: () => {
        place.stepFinding(-1);
      },
    },
    {
      key: 'n',
      does: 'Next file',
      run: () => {
        place.stepFile(1);
      },
    },
    {
      key: 'p',
      does: 'Previous file',
      run: () => {
        place.stepFile(-1);
      },
    },
  ]);

  const live = review.state === 'queued' || review.state === 'running';
  const completed = review.state === 'completed';
  const notRead = review.files.filter((file) => !wasRead(file));
  const hasDiff = completed || review.files.length > 0;
  return (
    <>
      <title>{`${review.title} · ${completed ? verdictText(review) : review.state} · Guildhall`}</title>
      <div className="space-y-6">
        <ReviewHeader review={review} />
        <ConnectionNote connection={connection} />
        {completed && <Verdict review={review} />}
        {live && <LiveRun review={review} />}
        {review.state === 'failed' && <FailedRun review={review} />}
        {hasDiff && (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-6 xl:grid-cols-[300px_minmax(0,1fr)] 2xl:grid-cols-[340px_minmax(0,1fr)]">
            <div
              data-scroll-box
              className="min-w-0 space-y-6 xl:sticky xl:top-16 xl:max-h-[calc(100vh-80px)] xl:self-start xl:overflow-y-auto"
            >
              {review.findings.length > 0 && (
                <section aria-labelledby="findings-heading">
                  <h2 id="findings-heading" className="mb-2 flex min-h-8 items-center text-lg font-semibold">
                    Findings
                  </h2>
                  <FindingsList
                    findings={review.findings}
                    selected={place.finding}
                    onSelect={place.showFinding}
                  />
                </section>
              )}
              {review.files.length > 0 && (
                <section aria-labelledby="files-heading">
                  <h2 id="files-heading" className="mb-2 flex min-h-8 items-center text-lg font-semibold">
                    Files
                  </h2>
                  <FilesList
                    files={review.files}
                    findings={review.findings}
                    selected={place.file}
                    onSelect={place.showFile}
                  />
                </section>
              )}
            </div>
            <ErrorBoundary what="The diff cannot be shown">
              <Changes
                review={review}
                selected={place.finding}
                onSelect={place.showFinding}
                jump={place.jump}
              />
            </ErrorBoundary>
          </div>
        )}
        {notRead.length > 0 && (
          <section aria-labelledby="not-read" className="max-w-[1440px]">
            <h2 id="not-read" tabIndex={-1} className="mb-2 scroll-mt-16 text-lg font-semibold outline-none">
              What was not read, and why
            </h2>
            <NotRead files={notRead} onSelect={place.showFile} />
          </section>
        )}
        {!live && review.steps.length > 0 && (
          <section aria-labelledby="run" className="max-w-[1440px]">
            <h2 id="run" tabIndex={-1} className="mb-2 scroll-mt-16 text-lg font-semibold outline-none">
              How the run went
            </h2>
            <RunSteps review={review} />
          </section>
        )}
        {!live && (
          <section aria-labelledby="usage" className="max-w-[1440px]">
            <h2 id="usage" tabIndex={-1} className="mb-2 scroll-mt-16 text-lg font-semibold outline-none">
              What it took
            </h2>
            <Usage review={review} />
          </section>
        )}
      </div>
    </>
  );
}
