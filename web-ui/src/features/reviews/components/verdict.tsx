import { Fragment, type ReactNode } from 'react';
import { formatDuration } from '@/lib/format';
import type { Review } from '../api/schemas';
import { findingsVerdict, readVerdict, wasRead } from '../state/words';
import { Markdown } from './markdown';

/** The answer at first sight: how many findings, how much was read, how long it took, by which model. */
export function Verdict({ review }: { review: Review }) {
  const inPart = review.files.filter(({ read }) => read === 'partial').length;
  const parts: ReactNode[] = [
    <strong key="findings" className="font-semibold">
      {findingsVerdict(review.findings)}
    </strong>,
    review.files.every(wasRead) ? (
      readVerdict(review.files)
    ) : (
      <a key="read" href="#not-read" className="text-warning underline decoration-1 underline-offset-4">
        {readVerdict(review.files)}
        {inPart > 0 && `, ${inPart} in part`}
      </a>
    ),
  ];
  if (review.totalMillis !== undefined) {
    parts.push(
      <a key="time" href="#run" className="underline-offset-4 hover:underline">
        {formatDuration(review.totalMillis)}
      </a>,
    );
  }
  if (review.model !== undefined) {
    parts.push(
      <span key="model" className="break-all text-muted">
        {review.model}
      </span>,
    );
  }
  return (
    <section aria-label="Verdict" className="border-y py-4">
      <p className="text-lg">
        {parts.map((part, index) => (
          <Fragment key={index}>
            {index > 0 && (
              <span aria-hidden className="mx-2 text-muted">
                ·
              </span>
            )}
            {part}
          </Fragment>
        ))}
      </p>
      {review.summary && <Markdown text={review.summary} className="mt-2 max-w-[90ch]" />}
      {review.findings.length === 0 && !review.summary && (
        <p className="mt-1 text-muted">Nothing in this change is worth a remark.</p>
      )}
      {review.findingsDropped > 0 && (
        <p className="mt-2 text-sm text-muted">
          {review.findingsDropped === 1
            ? '1 more finding was'
            : `${review.findingsDropped} more findings were`}{' '}
          dropped by the second check or as less important than these.
        </p>
      )}
    </section>
  );
}
