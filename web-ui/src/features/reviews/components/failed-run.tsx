import { RotateCw } from 'lucide-react';
import { ErrorPanel } from '@/components/error-panel';
import { FailurePanel } from '@/components/failure-panel';
import { Button } from '@/components/ui/button';
import { useMayRunReviews } from '@/lib/session';
import { useRunReviewAgain } from '../api/run-review-again';
import type { Review } from '../api/schemas';

const unknownFailure = {
  code: 'unknown',
  message: 'The review ended without a reason.',
  remedy: 'Run it again. If it fails again, look into the log of review-bot.',
};

/** A review that failed: why, what to do, and the way to run it again. */
export function FailedRun({ review }: { review: Review }) {
  const mayRun = useMayRunReviews();
  const runAgain = useRunReviewAgain(review.id);
  return (
    <section aria-label="Failure" className="space-y-3">
      <FailurePanel title={<h2>The review failed</h2>} failure={review.failure ?? unknownFailure}>
        <div className="pt-2">
          {mayRun ? (
            <Button
              variant="primary"
              disabled={runAgain.isPending}
              onClick={() => {
                runAgain.mutate();
              }}
            >
              <RotateCw aria-hidden />
              Run again
            </Button>
          ) : (
            <p className="text-sm text-muted">Ask someone with the role developer to run it again.</p>
          )}
        </div>
      </FailurePanel>
      {runAgain.isError && <ErrorPanel what="The review could not be started again" error={runAgain.error} />}
    </section>
  );
}
