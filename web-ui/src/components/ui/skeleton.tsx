import type { ReactNode } from 'react';
import { useLasting } from '@/lib/clock';
import { cn } from '@/lib/cn';

export function Skeleton({ className }: { className?: string }) {
  return <div className={cn('animate-pulse rounded bg-hover', className)} />;
}

/** The shape of what is loading, shown only when the loading takes time. */
export function LoadingShape({ label, children }: { label: string; children: ReactNode }) {
  const shown = useLasting(true);
  return (
    <div role="status" aria-label={label} className={shown ? undefined : 'invisible'}>
      {children}
    </div>
  );
}
