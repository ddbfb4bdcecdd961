import { cn } from '@/lib/cn';

const tailLength = 28;

/** A long name on one line, cut in the middle, whole on hover: both its start and its end tell something. */
export function MiddleCut({ text, className }: { text: string; className?: string }) {
  const lastSlash = text.lastIndexOf('/');
  const tailStart =
    lastSlash > 0 && text.length - lastSlash <= tailLength * 1.5
      ? lastSlash
      : Math.max(0, text.length - tailLength);
  return (
    <span className={cn('relative inline-flex max-w-full min-w-0', className)} title={text}>
      {/* Two boxes side by side would be heard as two words. */}
      <span className="sr-only select-none">{text}</span>
      <span aria-hidden className="truncate whitespace-pre">
        {text.slice(0, tailStart)}
      </span>
      <span aria-hidden className="max-w-full shrink-0 truncate whitespace-pre">
        {text.slice(tailStart)}
      </span>
    </span>
  );
}
