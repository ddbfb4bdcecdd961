import type { ReactNode } from 'react';

export function PageHeader({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="mb-4 flex min-h-8 flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <h1 className="text-xl font-semibold">{title}</h1>
      {children}
    </div>
  );
}
