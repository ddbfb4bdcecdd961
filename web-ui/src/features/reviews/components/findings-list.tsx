import { useEffect, useRef } from 'react';
import { cn } from '@/lib/cn';
import type { Finding } from '../api/schemas';
import { fileName } from '../state/words';
import { SeverityIcon } from './severity';
import { TitleText } from './title-text';

interface FindingsListProps {
  findings: readonly Finding[];
  selected: string | undefined;
  onSelect: (fingerprint: string) => void;
}

/** Every finding in one line, most severe first; each jumps to its place in the diff. */
export function FindingsList({ findings, selected, onSelect }: FindingsListProps) {
  const list = useRef<HTMLOListElement>(null);

  useEffect(() => {
    const item = list.current?.querySelector<HTMLElement>('[aria-current]');
    const box = list.current?.closest<HTMLElement>('[data-scroll-box]');
    // Only the box scrolls: the page is busy showing the finding itself.
    if (item && box && box.scrollHeight > box.clientHeight) {
      const { top, bottom } = item.getBoundingClientRect();
      const frame = box.getBoundingClientRect();
      box.scrollTop +=
        top < frame.top ? top - frame.top - 8 : bottom > frame.bottom ? bottom - frame.bottom + 8 : 0;
    }
  }, [selected]);

  return (
    <ol ref={list} className="divide-y rounded border">
      {findings.map((finding) => (
        <li key={finding.fingerprint}>
          <button
            type="button"
            aria-current={selected === finding.fingerprint ? 'true' : undefined}
            onClick={() => {
              onSelect(finding.fingerprint);
            }}
            className={cn(
              'flex w-full items-start gap-2 px-3 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2',
              selected === finding.fingerprint && 'bg-accent-soft hover:bg-accent-soft',
            )}
          >
            <SeverityIcon severity={finding.severity} className="mt-0.5" />
            <span className="min-w-0">
              <span className="block text-sm font-medium break-words">
                <TitleText title={finding.title} />
              </span>
              <span
                className="block truncate text-xs text-muted"
                title={`${finding.path}:${finding.startLine}`}
              >
                {fileName(finding.path)}:{finding.startLine} · {finding.category}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
