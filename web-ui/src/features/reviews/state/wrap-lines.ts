import { useState } from 'react';

const key = 'guildhall.wrap-lines';

/** Whether long lines break. A habit of the reader, so it is kept on their machine and not in the address. */
export function useWrapLines(): [boolean, (wrap: boolean) => void] {
  const [wrap, setWrap] = useState(() => {
    try {
      return localStorage.getItem(key) === 'true';
    } catch {
      return false;
    }
  });
  return [
    wrap,
    (next) => {
      setWrap(next);
      try {
        localStorage.setItem(key, String(next));
      } catch {
        // Then it lasts until the page is left.
      }
    },
  ];
}
