import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, mayPass } from '@/lib/api';
import { sessionQuery } from '@/lib/session';

export function createQueryClient(): QueryClient {
  // A session that ended shows the sign-in page, wherever it was noticed.
  const noticeEndOfSession = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) {
      client.setQueryData(sessionQuery.queryKey, null);
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noticeEndOfSession }),
    mutationCache: new MutationCache({ onError: noticeEndOfSession }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 1 && mayPass(error),
        retryDelay: 500,
      },
    },
  });
  return client;
}
