import { useQueryClient } from '@tanstack/react-query';
import { useEventStream, type Connection } from '@/lib/event-stream';
import { mergeReview } from '../state/review-list';
import { reviewsKey, reviewsQuery, type ReviewFilter } from './get-reviews';
import { reviewSummarySchema } from './schemas';

const names = ['review'] as const;

/** Keeps the list up to date. */
export function useFollowReviews(filter: ReviewFilter): Connection {
  const client = useQueryClient();
  return useEventStream({
    path: '/api/v1/reviews/events',
    names,
    onRecovered: () => {
      void client.invalidateQueries({ queryKey: reviewsKey });
    },
    onEvent: (_, data) => {
      const review = reviewSummarySchema.safeParse(data);
      if (review.success) {
        client.setQueryData(
          reviewsQuery(filter).queryKey,
          (before) => before && mergeReview(before, review.data, filter),
        );
      }
    },
  });
}
