import { useEffect, useState } from 'react';

/** The time now, renewed every `everyMillis`; it stands still where `ticking` is false. */
export function useNow(everyMillis: number, ticking = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) {
      return;
    }
    const timer = window.setInterval(() => {
      setNow(Date.now());
    }, everyMillis);
    return () => {
      window.clearInterval(timer);
    };
  }, [everyMillis, ticking]);
  return now;
}

/** True once `active` has lasted for `millis`: what is quick shows no skeleton. */
export function useLasting(active: boolean, millis = 150): boolean {
  const [lasted, setLasted] = useState(false);
  useEffect(() => {
    if (!active) {
      return;
    }
    const timer = window.setTimeout(() => {
      setLasted(true);
    }, millis);
    return () => {
      window.clearTimeout(timer);
      setLasted(false);
    };
  }, [active, millis]);
  return active && lasted;
}
