import { CircleCheck, CircleDashed, CircleDot, ScanSearch, type LucideIcon } from 'lucide-react';
import { cn } from '@/lib/cn';
import { formatNumber } from '@/lib/format';
import type { ReviewedFile } from '../api/schemas';

/** `+12 −3`, with the kind of change before it unless that is plain or `short`. */
export function ChangeSize({ file, short = false }: { file: ReviewedFile; short?: boolean }) {
  return (
    <span className="inline-flex gap-2 font-mono whitespace-nowrap">
      {!short && file.change !== 'modified' && <span className="font-sans text-muted">{file.change}</span>}
      {file.linesAdded > 0 && (
        <span className="text-success">
          <span className="sr-only">lines added: </span>+{formatNumber(file.linesAdded)}
        </span>
      )}
      {file.linesRemoved > 0 && (
        <span className="text-danger">
          <span className="sr-only">lines removed: </span>−{formatNumber(file.linesRemoved)}
        </span>
      )}
    </span>
  );
}

const reads: Readonly<Record<ReviewedFile['read'], { word: string; icon: LucideIcon; className: string }>> = {
  model: { word: 'read', icon: CircleCheck, className: 'text-success' },
  partial: { word: 'read in part', icon: CircleDot, className: 'text-warning' },
  analysis: { word: 'analyzers only', icon: ScanSearch, className: 'text-warning' },
  none: { word: 'not read', icon: CircleDashed, className: 'text-muted' },
};

/** How far a file was read, with the reason on hover. */
export function ReadBadge({ file, iconOnly = false }: { file: ReviewedFile; iconOnly?: boolean }) {
  const { word, icon: Icon, className } = reads[file.read];
  return (
    <span
      className={cn('inline-flex items-center gap-1 whitespace-nowrap', className)}
      title={file.reason ?? word}
    >
      <Icon aria-hidden className="size-3.5" />
      <span className={iconOnly ? 'sr-only' : undefined}>{word}</span>
    </span>
  );
}
