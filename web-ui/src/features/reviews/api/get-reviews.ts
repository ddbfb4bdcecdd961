import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '@/lib/api';
import { reviewPageSchema, type ReviewState } from './schemas';

export interface ReviewFilter {
  repositoryId?: string | undefined;
  state?: ReviewState | undefined;
  /** From 0. */
  page: number;
}

const pageSize = 50;

export const reviewsKey = ['reviews'] as const;

export function reviewsQuery(filter: ReviewFilter) {
  return queryOptions({
    queryKey: [...reviewsKey, filter],
    queryFn: ({ signal }) => {
      const parameters = new URLSearchParams({ page: String(filter.page), size: String(pageSize) });
      if (filter.repositoryId) {
        parameters.set('repositoryId', filter.repositoryId);
      }
      if (filter.state) {
        parameters.set('state', filter.state);
      }
      return request(`/api/v1/reviews?${parameters.toString()}`, reviewPageSchema, { signal });
    },
    placeholderData: keepPreviousData,
  });
}
