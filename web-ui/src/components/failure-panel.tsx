import { OctagonX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '@/lib/api';

/** A failure that the platform recorded: what was wrong, what to do about it, and the way to do it. */
export function FailurePanel({
  title,
  failure,
  children,
}: {
  title: ReactNode;
  failure: Failure;
  children?: ReactNode;
}) {
  return (
    <div className="rounded border border-danger/40 bg-danger-soft p-4">
      <div className="flex items-start gap-3">
        <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
        <div className="min-w-0 space-y-1">
          <div className="font-semibold">{title}</div>
          <p className="break-words">{failure.message}</p>
          <p className="break-words">
            <span className="font-medium">What to do: </span>
            {failure.remedy}
          </p>
          <p className="pt-1 text-xs text-muted">
            Code <code className="text-text">{failure.code}</code>
          </p>
          {children}
        </div>
      </div>
    </div>
  );
}
