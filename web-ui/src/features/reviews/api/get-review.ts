import { queryOptions } from '@tanstack/react-query';
import { request } from '@/lib/api';
import { reviewSchema } from './schemas';

export function reviewQuery(id: number) {
  return queryOptions({
    queryKey: ['review', id],
    queryFn: ({ signal }) => request(`/api/v1/reviews/${id}`, reviewSchema, { signal }),
  });
}
