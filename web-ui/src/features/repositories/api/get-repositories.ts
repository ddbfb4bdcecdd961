import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { failureSchema, optional, request } from '@/lib/api';

const repositorySchema = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  defaultBranch: z.string(),
  createdAt: z.string(),
  index: z.object({
    state: z.enum(['none', 'running', 'completed', 'failed']),
    commit: optional(z.string()),
    filesTotal: z.number(),
    filesDone: z.number(),
    filesSkipped: z.number(),
    chunks: z.number(),
    failure: optional(failureSchema),
    updatedAt: optional(z.string()),
  }),
});
export type Repository = z.infer<typeof repositorySchema>;

const repositoryListSchema = z.object({ items: z.array(repositorySchema), total: z.number() });

const pollMillis = 3_000;

export const repositoriesQuery = queryOptions({
  queryKey: ['repositories'],
  queryFn: ({ signal }) => request('/api/v1/repositories', repositoryListSchema, { signal }),
  // The platform sends no events about indexes: ask again, but only while one is being built.
  refetchInterval: (query) =>
    query.state.data?.items.some(({ index }) => index.state === 'running') ? pollMillis : false,
});
