import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** What a place is for while nothing is in it, and the one thing to do about that. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center rounded border border-dashed border-border-strong px-6 py-12 text-center">
      <Icon aria-hidden className="size-6 text-muted" />
      <h2 className="mt-3 text-lg font-semibold">{title}</h2>
      <div className="mt-1 max-w-xl text-muted">{children}</div>
      {action && <div className="mt-4 max-w-full">{action}</div>}
    </div>
  );
}
