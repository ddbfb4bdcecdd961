import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight, FileX2 } from 'lucide-react';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { ErrorPanel } from '@/components/error-panel';
import { CopyButton } from '@/components/ui/copy-button';
import { MiddleCut } from '@/components/ui/middle-cut';
import { LoadingShape, Skeleton } from '@/components/ui/skeleton';
import { cn } from '@/lib/cn';
import { count } from '@/lib/format';
import { filePatchQuery } from '../api/get-file-patch';
import type { Finding, ReviewedFile } from '../api/schemas';
import { diffItems } from '../state/diff-items';
import { bringIntoView, fileElementId, findingElementId, type Jump } from '../state/jump';
import type { PatchRow } from '../state/patch';
import { useSyntax } from '../state/use-syntax';
import { ChangeSize, ReadBadge } from './file-facts';
import { DiffTable } from './diff-table';

interface FileDiffProps {
  reviewId: number;
  file: ReviewedFile;
  findings: readonly Finding[];
  selected: string | undefined;
  onSelect: (fingerprint: string) => void;
  wrap: boolean;
  /** A place in this file that is to come into view. */
  jump: Jump | undefined;
}

const noRows: readonly PatchRow[] = [];

/** One file of the diff. It is asked for when it comes near the window, and its lines stand in the page only there. */
export const FileDiff = memo(function FileDiff({
  reviewId,
  file,
  findings,
  selected,
  onSelect,
  wrap,
  jump,
}: FileDiffProps) {
  const section = useRef<HTMLElement>(null);
  const { near, heightAway } = useNearWindow(section);
  const [closed, setClosed] = useState(false);
  const [openedFor, setOpenedFor] = useState(jump);
  if (jump !== openedFor) {
    setOpenedFor(jump);
    setClosed(false);
  }
  const open = !closed;
  const wanted = near || !!jump;
  const patch = useQuery({ ...filePatchQuery(reviewId, file.index), enabled: open && wanted });
  const rows = patch.data?.rows ?? noRows;
  const syntax = useSyntax(file.language, rows);
  const items = useMemo(() => diffItems(rows, findings), [rows, findings]);

  const settled = !patch.isPending;
  useEffect(() => {
    if (jump?.to === 'file') {
      return bringIntoView(() => section.current, 'start');
    }
    if (jump?.to === 'finding' && settled) {
      return bringIntoView(() => document.getElementById(findingElementId(jump.fingerprint)), 'center');
    }
    return undefined;
  }, [jump, settled]);

  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <section
      ref={section}
      id={fileElementId(file.index)}
      tabIndex={-1}
      aria-labelledby={`file-${file.index}-path`}
      className="scroll-mt-14 rounded border outline-none"
      style={{ height: open && !wanted ? heightAway : undefined }}
    >
      <header
        className={cn(
          'sticky top-12 z-10 flex min-h-10 items-center gap-2 rounded-t border-b bg-surface py-1 pr-3 pl-1 max-sm:flex-wrap',
          !open && 'rounded-b border-b-0',
        )}
      >
        <div className="flex max-w-full min-w-0 items-center gap-1">
          <button
            type="button"
            aria-expanded={open}
            aria-label={`${open ? 'Close' : 'Open'} ${file.path}`}
            onClick={() => {
              setClosed(open);
            }}
            className="inline-flex size-7 shrink-0 items-center justify-center rounded text-muted hover:bg-hover hover:text-text"
          >
            <Chevron aria-hidden className="size-4" />
          </button>
          <h3 id={`file-${file.index}-path`} className="flex min-w-0 font-mono text-sm font-semibold">
            <MiddleCut text={file.path} />
          </h3>
          <span className="max-lg:hidden">
            <CopyButton text={file.path} label="Copy path" quiet />
          </span>
        </div>
        <div className="ml-auto flex shrink-0 items-center gap-3 text-xs max-sm:ml-8">
          {findings.length > 0 && <span className="font-semibold">{count(findings.length, 'finding')}</span>}
          <ReadBadge file={file} />
          <ChangeSize file={file} />
        </div>
      </header>
      {open && (
        <div className="overflow-hidden rounded-b">
          {file.oldPath !== undefined && (
            <p className="flex min-w-0 gap-2 border-b px-4 py-2 text-sm text-muted">
              <span className="shrink-0">Was</span> <MiddleCut text={file.oldPath} className="font-mono" />
            </p>
          )}
          {!wanted ? (
            <div style={{ height: expectedHeight(file) }} />
          ) : patch.isPending ? (
            <DiffLoading height={expectedHeight(file)} />
          ) : patch.isError ? (
            <div className="p-3">
              <ErrorPanel
                what="The diff of this file could not be loaded"
                error={patch.error}
                onRetry={() => void patch.refetch()}
              />
            </div>
          ) : (
            <>
              {rows.length === 0 && (
                <p className="flex items-center gap-2 px-4 py-4 text-muted">
                  <FileX2 aria-hidden className="size-4 shrink-0" />
                  {patch.data.reason ??
                    (file.change === 'renamed' ? 'Moved without a change.' : 'No line of this file changes.')}
                </p>
              )}
              {items.length > 0 && (
                <DiffTable
                  file={file}
                  rows={rows}
                  items={items}
                  syntax={syntax}
                  selected={selected}
                  onSelect={onSelect}
                  wrap={wrap}
                  wanted={jump?.to === 'finding' ? jump : undefined}
                />
              )}
            </>
          )}
        </div>
      )}
    </section>
  );
});

/** About how high the diff will be, so that the page below does not jump much. */
function expectedHeight({ linesAdded, linesRemoved }: ReviewedFile): number {
  return Math.min(Math.max(linesAdded + linesRemoved + 6, 4) * 20, 2_000);
}

function DiffLoading({ height }: { height: number }) {
  return (
    <div style={{ height }} className="overflow-hidden p-4">
      <LoadingShape label="Loading the diff">
        <div className="space-y-3">
          {[64, 48, 72, 40, 56].map((width) => (
            <div key={width} style={{ width: `${width}%` }}>
              <Skeleton className="h-3" />
            </div>
          ))}
        </div>
      </LoadingShape>
    </div>
  );
}

interface Nearness {
  near: boolean;
  /** The element's height when it was last near: keeping it, nothing moves when its content leaves the page. */
  heightAway: number | undefined;
}

/** Whether an element is near the window. */
function useNearWindow(element: { current: HTMLElement | null }): Nearness {
  const [nearness, setNearness] = useState<Nearness>({ near: false, heightAway: undefined });
  useEffect(() => {
    if (!element.current) {
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        const { isIntersecting, boundingClientRect } = entries.at(-1)!;
        setNearness((before) =>
          before.near === isIntersecting
            ? before
            : { near: isIntersecting, heightAway: isIntersecting ? undefined : boundingClientRect.height },
        );
      },
      { rootMargin: '1200px 0px' },
    );
    observer.observe(element.current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return nearness;
}
