import { useNow } from '@/lib/clock';
import { formatAbsolute, formatRelative } from '@/lib/format';

/** A time as people say it, exact on hover. */
export function Time({ at }: { at: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={at} title={formatAbsolute(at)} className="whitespace-nowrap">
      {formatRelative(at, now)}
    </time>
  );
}
