import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type Ref } from 'react';
import { cn } from '@/lib/cn';
import type { ReviewedFile } from '../api/schemas';
import { findChangedRanges } from '../state/changed-ranges';
import type { DiffItem } from '../state/diff-items';
import type { PatchRow } from '../state/patch';
import { linesOf } from '../state/words';
import type { LineSyntax } from '../state/syntax';
import { lineLengthMax } from './code-text';
import { DiffLine } from './diff-row';
import { FindingThread } from './finding-thread';

/** From this many rows on, only those near the window are in the page. */
const rowsMaxInFull = 400;

const lineHeight = 20;
const threadHeight = 320;

interface DiffTableProps {
  file: ReviewedFile;
  rows: readonly PatchRow[];
  items: readonly DiffItem[];
  /** Colours by row index. */
  syntax: ReadonlyMap<number, LineSyntax>;
  selected: string | undefined;
  onSelect: (fingerprint: string) => void;
  wrap: boolean;
  /** A finding that is to come into view; a new object for each wish. */
  wanted: { fingerprint: string } | undefined;
}

/** The diff of one file with its findings. It scrolls sideways inside itself, never the page. */
export function DiffTable({ file, rows, items, syntax, selected, onSelect, wrap, wanted }: DiffTableProps) {
  const changed = useMemo(() => findChangedRanges(rows), [rows]);
  const { columns, digits } = useMemo(() => measure(rows), [rows]);

  const renderItem = (item: DiffItem): ReactNode => {
    switch (item.kind) {
      case 'hunk':
        return (
          <td colSpan={2} className="border-y bg-surface p-0 text-muted">
            <span className="sticky left-0 inline-flex h-7 max-w-[100cqw] items-center gap-2 px-4 text-xs">
              <span className="shrink-0">
                {item.row.newCount === 0
                  ? `Lines from ${item.row.oldStart} of the old version`
                  : item.row.newCount === 1
                    ? `Line ${item.row.newStart}`
                    : `Lines ${item.row.newStart}–${item.row.newStart + item.row.newCount - 1}`}
              </span>
              <span className="truncate">{item.row.scope}</span>
            </span>
          </td>
        );
      case 'line':
        return (
          <DiffLine
            row={item.row}
            syntax={syntax.get(item.rowIndex)}
            changed={changed.get(item.rowIndex)}
            mark={item.mark}
            wrap={wrap}
          />
        );
      case 'finding':
        return (
          <td colSpan={2} className="border-y bg-surface p-0">
            <div className="sticky left-0 w-[100cqw] p-2 sm:p-3">
              {item.outside && (
                <p className="mb-2 font-sans text-sm text-muted">
                  About {linesOf(item.finding)}, which the diff does not show:
                </p>
              )}
              <FindingThread
                finding={item.finding}
                replaced={item.replaced}
                evidenceMarked={item.evidenceMarked}
                language={file.language}
                selected={selected === item.finding.fingerprint}
                onSelect={() => {
                  onSelect(item.finding.fingerprint);
                }}
              />
            </div>
          </td>
        );
    }
  };

  const Rows = items.length > rowsMaxInFull ? RowsNearWindow : AllRows;
  return (
    <div className="@container overflow-x-auto overscroll-x-contain">
      <table
        aria-label={`Changes of ${file.path}`}
        aria-rowcount={items.length}
        className={cn(
          'w-full table-fixed border-collapse font-mono text-sm leading-5 [tab-size:4] [font-variant-ligatures:none]',
        )}
        style={{
          ['--digits' as string]: digits,
          minWidth: wrap ? undefined : `calc(${columns + 6}ch + ${2 * digits + 5}ch)`,
        }}
      >
        <colgroup>
          <col className="w-[calc((var(--digits)+2.5)*1ch)] sm:w-[calc((var(--digits)*2+3.5)*1ch)]" />
          <col />
        </colgroup>
        <Rows items={items} wanted={wanted} renderItem={renderItem} />
      </table>
    </div>
  );
}

interface RowsProps {
  items: readonly DiffItem[];
  wanted: { fingerprint: string } | undefined;
  renderItem: (item: DiffItem) => ReactNode;
}

function AllRows({ items, renderItem }: RowsProps) {
  return (
    <tbody>
      {items.map((item) => (
        <tr key={item.key}>{renderItem(item)}</tr>
      ))}
    </tbody>
  );
}

function RowsNearWindow({ items, wanted, renderItem }: RowsProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const scrollMargin = useDistanceFromTop(body);
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: (index) => (items[index]?.kind === 'finding' ? threadHeight : lineHeight),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 40,
    scrollMargin,
  });

  useEffect(() => {
    const index = wanted
      ? items.findIndex((item) => item.kind === 'finding' && item.finding.fingerprint === wanted.fingerprint)
      : -1;
    if (index >= 0) {
      virtualizer.scrollToIndex(index, { align: 'center' });
    }
  }, [wanted, items, virtualizer]);

  const shown = virtualizer.getVirtualItems();
  const before = (shown[0]?.start ?? scrollMargin) - scrollMargin;
  const after = virtualizer.getTotalSize() - ((shown.at(-1)?.end ?? scrollMargin) - scrollMargin);
  return (
    <tbody ref={body}>
      <Gap height={before} />
      {shown.map(({ index, key }) => (
        <tr
          key={key}
          data-index={index}
          aria-rowindex={index + 1}
          ref={virtualizer.measureElement as Ref<HTMLTableRowElement>}
        >
          {renderItem(items[index]!)}
        </tr>
      ))}
      <Gap height={after} />
    </tbody>
  );
}

function Gap({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden style={{ height }}>
      <td colSpan={2} />
    </tr>
  ) : null;
}

/** How far an element is from the top of the page, also when what is above it grows. */
function useDistanceFromTop(element: { current: HTMLElement | null }): number {
  const [distance, setDistance] = useState(0);
  useLayoutEffect(() => {
    const look = () => {
      if (element.current) {
        setDistance(Math.round(element.current.getBoundingClientRect().top + window.scrollY));
      }
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(document.body);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return distance;
}

/** The columns of the longest line and the digits of the largest line number. */
function measure(rows: readonly PatchRow[]): { columns: number; digits: number } {
  let columns = 0;
  let line = 0;
  for (const row of rows) {
    if (row.kind === 'line') {
      const tabs = row.text.length > lineLengthMax ? 0 : row.text.split('\t').length - 1;
      columns = Math.max(columns, Math.min(row.text.length, lineLengthMax + 24) + tabs * 3);
      line = Math.max(line, row.oldLine ?? 0, row.newLine ?? 0);
    }
  }
  return { columns, digits: Math.max(3, String(line).length) };
}
