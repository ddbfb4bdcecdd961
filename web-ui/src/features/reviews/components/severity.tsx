import { Info, OctagonAlert, TriangleAlert, type LucideIcon } from 'lucide-react';
import { cn } from '@/lib/cn';
import type { Severity } from '../api/schemas';

export const severities: readonly Severity[] = ['high', 'medium', 'low'];

interface Look {
  icon: LucideIcon;
  text: string;
  soft: string;
  bar: string;
}

const looks: Readonly<Record<Severity, Look>> = {
  high: { icon: OctagonAlert, text: 'text-danger', soft: 'bg-danger-soft', bar: 'bg-danger' },
  medium: { icon: TriangleAlert, text: 'text-warning', soft: 'bg-warning-soft', bar: 'bg-warning' },
  low: { icon: Info, text: 'text-muted', soft: 'bg-hover', bar: 'bg-border-strong' },
};

export function severityBar(severity: Severity): string {
  return looks[severity].bar;
}

/** How much a finding matters: colour, icon and word. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  const { icon: Icon, text, soft } = looks[severity];
  return (
    <span
      className={cn('inline-flex h-6 items-center gap-1.5 rounded px-2 text-xs font-semibold', text, soft)}
    >
      <Icon aria-hidden className="size-3.5" />
      {severity}
    </span>
  );
}

export function SeverityIcon({ severity, className }: { severity: Severity; className?: string }) {
  const { icon: Icon, text } = looks[severity];
  return <Icon role="img" aria-label={severity} className={cn('size-4 shrink-0', text, className)} />;
}

/** How many findings of each severity: `2 high, 1 medium`; nothing where there are none. */
export function SeverityCounts({ counts }: { counts: Readonly<Record<Severity, number>> }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
      {severities
        .filter((severity) => counts[severity] > 0)
        .map((severity) => {
          const { icon: Icon, text } = looks[severity];
          return (
            <span
              key={severity}
              className={cn('inline-flex items-center gap-1 text-sm font-medium whitespace-nowrap', text)}
            >
              <Icon aria-hidden className="size-3.5" />
              {counts[severity]} {severity}
            </span>
          );
        })}
    </span>
  );
}
