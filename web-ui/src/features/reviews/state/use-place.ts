import { useEffect, useMemo } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import type { Review } from '../api/schemas';
import { bringIntoView, fileElementId, type Jump } from './jump';

export interface Place {
  /** The selected finding's fingerprint. */
  finding: string | undefined;
  /** The selected file's index. */
  file: number | undefined;
  jump: Jump | undefined;
  showFinding: (fingerprint: string) => void;
  showFile: (index: number) => void;
  /** Goes `by` findings on, in the order of their list. */
  stepFinding: (by: 1 | -1) => void;
  /** Goes `by` files on from the one at the top of the window. */
  stepFile: (by: 1 | -1) => void;
}

/** Where in the review the reader is. The address says it, so that a link shows a colleague the same. */
export function usePlace(review: Review): Place {
  const [parameters, setParameters] = useSearchParams();
  const { hash, key } = useLocation();
  const finding = review.findings.find(
    ({ fingerprint }) => fingerprint === parameters.get('finding'),
  )?.fingerprint;
  const file = review.files.find(({ path }) => path === parameters.get('file'))?.index;

  // The location's key is new with every step, so that going to the same place again brings it into view again.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const jump = useMemo<Jump | undefined>(() => placeOf(finding, file, hash), [finding, file, hash, key]);

  useEffect(() => {
    if (hash === '') {
      return undefined;
    }
    return bringIntoView(() => document.getElementById(hash.slice(1)), 'start');
  }, [hash, key]);

  const showFinding = (fingerprint: string) => {
    setParameters({ finding: fingerprint }, { replace: true, preventScrollReset: true });
  };
  const showFile = (index: number) => {
    const path = review.files.find((candidate) => candidate.index === index)?.path;
    if (path !== undefined) {
      setParameters({ file: path }, { replace: true, preventScrollReset: true });
    }
  };
  return {
    finding,
    file,
    jump,
    showFinding,
    showFile,
    stepFinding: (by) => {
      const at = review.findings.findIndex(({ fingerprint }) => fingerprint === finding);
      const next = review.findings[at === -1 ? (by === 1 ? 0 : review.findings.length - 1) : at + by];
      if (next) {
        showFinding(next.fingerprint);
      }
    },
    stepFile: (by) => {
      const at = review.files.findLastIndex(({ index }) => isAtTop(index));
      const next = review.files[at + by];
      if (next) {
        showFile(next.index);
      }
    },
  };
}

/** A hash in the address leads to a section of the page, and the rest of the address then does not. */
function placeOf(finding: string | undefined, file: number | undefined, hash: string): Jump | undefined {
  if (hash !== '') {
    return undefined;
  }
  if (finding !== undefined) {
    return { to: 'finding', fingerprint: finding };
  }
  return file === undefined ? undefined : { to: 'file', index: file };
}

/** Whether a file begins at or above the top of what can be seen. */
function isAtTop(index: number): boolean {
  const top = document.getElementById(fileElementId(index))?.getBoundingClientRect().top;
  return top !== undefined && top < 80;
}
