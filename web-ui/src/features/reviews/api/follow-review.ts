import { useQueryClient } from '@tanstack/react-query';
import { useEventStream, type Connection } from '@/lib/event-stream';
import { applyProgress } from '../state/progress';
import { reviewQuery } from './get-review';
import { reviewsKey } from './get-reviews';
import { progressEventSchema, type Review } from './schemas';

const names = ['progress', 'completed'] as const;

/** Keeps a review up to date while it is queued or running. */
export function useFollowReview(review: Review): Connection {
  const client = useQueryClient();
  const { queryKey } = reviewQuery(review.id);
  const live = review.state === 'queued' || review.state === 'running';

  const fetchAgain = () => {
    void client.invalidateQueries({ queryKey, exact: true });
  };

  return useEventStream({
    path: live ? `/api/v1/reviews/${review.id}/events` : null,
    names,
    onRecovered: fetchAgain,
    onEvent: (name, data) => {
      if (name === 'completed') {
        fetchAgain();
        void client.invalidateQueries({ queryKey: reviewsKey });
        return;
      }
      const event = progressEventSchema.safeParse(data);
      if (!event.success) {
        return;
      }
      if (event.data.state === 'completed' || event.data.state === 'failed') {
        // Findings and failure are not in the event.
        fetchAgain();
        return;
      }
      client.setQueryData(queryKey, (before) => before && applyProgress(before, event.data));
    },
  });
}
