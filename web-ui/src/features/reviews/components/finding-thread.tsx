import { Link2 } from 'lucide-react';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/lib/cn';
import type { Finding } from '../api/schemas';
import { linesOf } from '../state/words';
import { CodeText } from './code-text';
import { Markdown } from './markdown';
import { SeverityBadge, severityBar } from './severity';
import { Suggestion } from './suggestion';
import { TitleText } from './title-text';

interface FindingThreadProps {
  finding: Finding;
  selected: boolean;
  onSelect: () => void;
  /** The lines that the suggestion replaces, where the diff shows them. */
  replaced: readonly string[] | undefined;
  /** Whether the evidence is marked in the diff; otherwise it is quoted here. */
  evidenceMarked: boolean;
  /** The language of its file. */
  language: string;
}

/** One finding in full: what is wrong, how sure that is, what proves it, what to write instead. */
export function FindingThread({
  finding,
  selected,
  onSelect,
  replaced,
  evidenceMarked,
  language,
}: FindingThreadProps) {
  const headingId = `finding-${finding.fingerprint}-title`;
  return (
    <article
      id={`finding-${finding.fingerprint}`}
      tabIndex={-1}
      aria-labelledby={headingId}
      aria-current={selected ? 'true' : undefined}
      className={cn(
        'relative scroll-mt-40 scroll-mb-28 overflow-hidden rounded border bg-raised font-sans outline-none',
        selected && 'border-accent ring-1 ring-accent',
      )}
    >
      <div aria-hidden className={cn('absolute inset-y-0 left-0 w-1', severityBar(finding.severity))} />
      <div className="space-y-3 py-3 pr-3 pl-4 text-base whitespace-normal sm:pr-4 sm:pl-5">
        <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <SeverityBadge severity={finding.severity} />
          <h4
            id={headingId}
            className="min-w-0 text-base font-semibold break-words max-sm:order-last max-sm:w-full"
          >
            <TitleText title={finding.title} />
          </h4>
          <button
            type="button"
            onClick={onSelect}
            aria-label={`Link to this finding: ${finding.title}`}
            title="Put this finding into the address"
            className="ml-auto inline-flex size-6 items-center justify-center rounded text-muted hover:bg-hover hover:text-text"
          >
            <Link2 aria-hidden className="size-4" />
          </button>
        </header>
        <Markdown text={finding.message} className="max-w-[80ch]" />
        {!evidenceMarked && finding.evidence.trim() !== '' && <Evidence text={finding.evidence} />}
        {finding.suggestion !== undefined && (
          <Suggestion replaced={replaced} suggestion={finding.suggestion} language={language} />
        )}
        <footer className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
          <span>{finding.category}</span>
          <span>{linesOf(finding)}</span>
          <span className="break-all">
            found by {finding.source}
            {finding.rule && finding.rule !== finding.source ? ` (${finding.rule})` : ''}
          </span>
          <Confidence value={finding.confidence} />
        </footer>
      </div>
    </article>
  );
}

function Evidence({ text }: { text: string }) {
  return (
    <figure className="overflow-hidden rounded border" aria-label="Evidence">
      <figcaption className="flex items-center justify-between border-b bg-surface py-1 pr-1 pl-3 text-xs font-medium text-muted">
        Evidence
        <CopyButton text={text} />
      </figcaption>
      <pre className="overflow-x-auto px-3 py-2 text-sm [tab-size:4]">
        {text
          .replace(/\n$/, '')
          .split('\n')
          .map((line, index) => (
            <div key={index} className="min-h-5">
              <CodeText text={line} />
            </div>
          ))}
      </pre>
    </figure>
  );
}

function Confidence({ value }: { value: number }) {
  const percent = Math.round(value * 100);
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className="h-1 w-12 overflow-hidden rounded bg-border">
        <span className="block h-full bg-muted" style={{ width: `${percent}%` }} />
      </span>
      {percent} % sure
    </span>
  );
}
