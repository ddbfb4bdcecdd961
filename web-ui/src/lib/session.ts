import { queryOptions, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { ApiError, rememberCsrf, request } from './api';

const sessionSchema = z.object({
  user: z.object({ name: z.string(), displayName: z.string(), roles: z.array(z.string()) }),
  csrf: z.object({ header: z.string(), token: z.string() }),
  version: z.string(),
});
export type Session = z.infer<typeof sessionSchema>;

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = await request('/api/v1/session', sessionSchema, { signal });
      rememberCsrf(session.csrf);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        return null;
      }
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

/** Whether the person may start reviews; viewers only read. */
export function useMayRunReviews(): boolean {
  const { data } = useQuery(sessionQuery);
  return data?.user.roles.some((role) => role === 'developer' || role === 'admin') ?? false;
}

/** Where the browser goes to sign in, and comes back to `path`. */
export function signInAddress(path: string): string {
  return `/oauth2/authorization/guildhall?return=${encodeURIComponent(path)}`;
}
