import { CircleAlert, RotateCw } from 'lucide-react';
import { ApiError } from '@/lib/api';
import { CopyButton } from './ui/copy-button';
import { Button } from './ui/button';

interface ErrorPanelProps {
  /** What did not work: `The reviews could not be loaded`. */
  what: string;
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** What failed, its code and request id, what to do, and a way to try again. */
export function ErrorPanel({ what, error, onRetry }: ErrorPanelProps) {
  const api = error instanceof ApiError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div role="alert" className="rounded border border-danger/40 bg-danger-soft p-4">
      <div className="flex items-start gap-3">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
        <div className="min-w-0 space-y-1">
          <p className="font-semibold">{what}</p>
          <p className="break-words">{message}</p>
          <p className="flex flex-wrap items-center gap-x-4 text-xs text-muted">
            <span>
              Code <code className="text-text">{api?.code ?? 'page-error'}</code>
            </span>
            {api?.requestId && (
              <span className="inline-flex items-center gap-1">
                Request <code className="text-text">{api.requestId}</code>
                <CopyButton text={api.requestId} label="Copy the request id" quiet />
              </span>
            )}
          </p>
          {onRetry && (
            <Button onClick={onRetry} className="mt-2">
              <RotateCw aria-hidden />
              Try again
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
