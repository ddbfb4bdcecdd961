import {
  CircleCheck,
  CircleDashed,
  CircleMinus,
  LoaderCircle,
  OctagonX,
  type LucideIcon,
} from 'lucide-react';
import { cn } from '@/lib/cn';
import { formatDuration } from '@/lib/format';
import type { Review } from '../api/schemas';
import { shownSteps, type ShownStep } from '../state/progress';

const looks: Readonly<Record<ShownStep['state'], { icon: LucideIcon; className: string; word: string }>> = {
  pending: { icon: CircleDashed, className: 'text-border-strong', word: 'to come' },
  running: { icon: LoaderCircle, className: 'text-accent animate-spin', word: 'running' },
  completed: { icon: CircleCheck, className: 'text-success', word: 'completed' },
  skipped: { icon: CircleMinus, className: 'text-muted', word: 'skipped' },
  failed: { icon: OctagonX, className: 'text-danger', word: 'failed' },
};

/** How the run went or goes, step by step, with the share that each step has of the time. */
export function RunSteps({ review }: { review: Pick<Review, 'state' | 'steps'> }) {
  const steps = shownSteps(review);
  const longest = Math.max(1, ...steps.map(({ elapsedMillis }) => elapsedMillis ?? 0));
  return (
    <ol className="rounded border">
      {steps.map((step) => {
        const { icon: Icon, className, word } = looks[step.state];
        return (
          <li
            key={step.name}
            className="grid grid-cols-[16px_1fr_auto] items-center gap-x-3 border-b px-3 py-2 last:border-b-0 sm:grid-cols-[16px_120px_1fr_96px_72px]"
          >
            <Icon role="img" aria-label={word} className={cn('size-4', className)} />
            <span className={cn('font-medium', step.state === 'pending' && 'text-muted')}>{step.label}</span>
            <span
              className={cn(
                'text-sm break-words text-muted max-sm:col-span-2 max-sm:col-start-2 max-sm:row-start-2',
                step.state === 'failed' && 'text-danger',
              )}
            >
              {step.detail}
            </span>
            <span aria-hidden className="h-1 overflow-hidden rounded bg-hover max-sm:hidden">
              {step.elapsedMillis !== undefined && (
                <span
                  className="block h-full min-w-px rounded bg-accent/70"
                  style={{ width: `${(100 * step.elapsedMillis) / longest}%` }}
                />
              )}
            </span>
            <span className="text-right text-sm text-muted tabular-nums max-sm:col-start-3 max-sm:row-start-1">
              {step.elapsedMillis === undefined ? '' : formatDuration(step.elapsedMillis)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
