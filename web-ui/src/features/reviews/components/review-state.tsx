import { CircleCheck, CircleDashed, LoaderCircle, OctagonX, type LucideIcon } from 'lucide-react';
import { cn } from '@/lib/cn';
import type { ReviewState } from '../api/schemas';

const looks: Readonly<Record<ReviewState, { icon: LucideIcon; className: string }>> = {
  queued: { icon: CircleDashed, className: 'text-muted' },
  running: { icon: LoaderCircle, className: 'text-accent' },
  completed: { icon: CircleCheck, className: 'text-success' },
  failed: { icon: OctagonX, className: 'text-danger' },
};

/** How a review stands: colour, icon and word. */
export function ReviewStateBadge({ state, className }: { state: ReviewState; className?: string }) {
  const { icon: Icon, className: look } = looks[state];
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1.5 text-sm font-medium whitespace-nowrap',
        look,
        className,
      )}
    >
      <Icon aria-hidden className={cn('size-4', state === 'running' && 'animate-spin')} />
      {state}
    </span>
  );
}
