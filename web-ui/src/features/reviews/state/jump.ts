/** A wish to see a place of the diff; each wish is a new object, so that the same place can be wished for twice. */
export type Jump = { to: 'finding'; fingerprint: string } | { to: 'file'; index: number };

const settleMillis = 1_200;
const checkMillis = 80;

/**
 * Brings an element into view and keeps it there while the parts above it still load and grow.
 * Stops as soon as the reader moves the page.
 */
export function bringIntoView(find: () => HTMLElement | null, block: 'center' | 'start'): () => void {
  const started = Date.now();
  let focused = false;
  const look = () => {
    const element = find();
    if (element) {
      const { top, bottom } = element.getBoundingClientRect();
      const offTop = block === 'start' ? Math.abs(top - 56) > 8 : top < 90 || bottom > window.innerHeight;
      if (offTop || !focused) {
        element.scrollIntoView({
          block: block === 'center' && bottom - top > window.innerHeight - 160 ? 'start' : block,
        });
      }
      if (!focused) {
        focused = true;
        element.focus({ preventScroll: true });
      }
    }
    if (Date.now() - started > settleMillis) {
      stop();
    }
  };
  const timer = window.setInterval(look, checkMillis);
  const stop = () => {
    window.clearInterval(timer);
    for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
      window.removeEventListener(type, stop);
    }
  };
  for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    window.addEventListener(type, stop, { passive: true });
  }
  look();
  return stop;
}

/** The ids of elements that can be jumped to. */
export function findingElementId(fingerprint: string): string {
  return `finding-${fingerprint}`;
}

export function fileElementId(index: number): string {
  return `file-${index}`;
}
