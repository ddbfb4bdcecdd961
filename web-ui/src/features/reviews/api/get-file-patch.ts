import { queryOptions } from '@tanstack/react-query';
import { request } from '@/lib/api';
import { parsePatch } from '../state/patch';
import { filePatchSchema } from './schemas';

/** The diff of one file, parsed. A review reads one head, so a diff never changes. */
export function filePatchQuery(reviewId: number, fileIndex: number) {
  return queryOptions({
    queryKey: ['review', reviewId, 'file', fileIndex],
    queryFn: async ({ signal }) => {
      const { patch, reason } = await request(
        `/api/v1/reviews/${reviewId}/files/${fileIndex}`,
        filePatchSchema,
        { signal },
      );
      return { rows: patch === undefined ? [] : parsePatch(patch), reason };
    },
    staleTime: Infinity,
  });
}
