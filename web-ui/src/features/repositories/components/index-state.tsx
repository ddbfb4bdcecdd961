import { CircleCheck, CircleDashed, LoaderCircle, OctagonX } from 'lucide-react';
import { Time } from '@/components/ui/time';
import { count, formatNumber, shortCommit } from '@/lib/format';
import type { Repository } from '../api/get-repositories';

/** How far a repository's index is, or what it holds. */
export function IndexState({ index }: { index: Repository['index'] }) {
  switch (index.state) {
    case 'none':
      return (
        <p className="flex items-center gap-1.5 text-muted">
          <CircleDashed aria-hidden className="size-4" /> not indexed yet
        </p>
      );
    case 'running': {
      const share = index.filesTotal > 0 ? index.filesDone / index.filesTotal : 0;
      return (
        <div className="space-y-1.5">
          <p className="flex items-center gap-1.5 font-medium text-accent">
            <LoaderCircle aria-hidden className="size-4 animate-spin" /> indexing
          </p>
          <progress
            aria-label="Files indexed"
            max={1}
            value={share}
            className="block h-1 w-full max-w-60 appearance-none overflow-hidden rounded bg-hover [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-accent"
          />
          <p className="text-sm text-muted tabular-nums">
            {formatNumber(index.filesDone)} of {count(index.filesTotal, 'file')} ·{' '}
            {count(index.chunks, 'chunk')}
          </p>
        </div>
      );
    }
    case 'completed':
      return (
        <div>
          <p className="flex items-center gap-1.5 font-medium text-success">
            <CircleCheck aria-hidden className="size-4" /> indexed
          </p>
          <p className="text-sm text-muted">
            {count(index.filesTotal, 'file')} · {count(index.chunks, 'chunk')}
            {index.filesSkipped > 0 && ` · ${formatNumber(index.filesSkipped)} left out`}
          </p>
          <p className="text-sm text-muted">
            {index.commit !== undefined && (
              <span className="font-mono text-xs" title={index.commit}>
                {shortCommit(index.commit)}{' '}
              </span>
            )}
            {index.updatedAt !== undefined && <Time at={index.updatedAt} />}
          </p>
        </div>
      );
    case 'failed':
      return (
        <div>
          <p className="flex items-center gap-1.5 font-medium text-danger">
            <OctagonX aria-hidden className="size-4" /> failed
          </p>
          {index.failure && (
            <p className="text-sm break-words text-muted">
              {index.failure.message} {index.failure.remedy} <code>({index.failure.code})</code>
            </p>
          )}
        </div>
      );
  }
}
