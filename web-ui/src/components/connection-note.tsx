import { Unplug } from 'lucide-react';
import { useLasting } from '@/lib/clock';
import type { Connection } from '@/lib/event-stream';

/** Says that what is on the screen may be old; a short break says nothing. */
export function ConnectionNote({ connection }: { connection: Connection }) {
  const lost = useLasting(connection === 'lost', 1_000);
  return (
    <div role="status">
      {lost && (
        <p className="flex items-center gap-2 rounded border border-warning/40 bg-warning-soft px-3 py-2 text-sm">
          <Unplug aria-hidden className="size-4 shrink-0 text-warning" />
          The connection for live updates is lost. Trying again; the page catches up by itself.
        </p>
      )}
    </div>
  );
}
