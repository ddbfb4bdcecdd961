import { useMutation, useQueryClient } from '@tanstack/react-query';
import { send } from '@/lib/api';
import { reviewQuery } from './get-review';
import { reviewsKey } from './get-reviews';

/** Starts a failed review once more. */
export function useRunReviewAgain(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send(`/api/v1/reviews/${id}/runs`, { method: 'POST' }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: reviewQuery(id).queryKey, exact: true }),
        client.invalidateQueries({ queryKey: reviewsKey }),
      ]),
  });
}
