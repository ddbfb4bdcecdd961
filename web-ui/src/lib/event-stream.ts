import { useEffect, useEffectEvent, useState } from 'react';

/** How a stream of events stands. `lost` is retried until it is open again. */
export type Connection = 'idle' | 'connecting' | 'open' | 'lost';

interface Subscription {
  /** Null follows nothing. */
  path: string | null;
  /** Called with the name and the JSON of each event. */
  onEvent: (name: string, data: unknown) => void;
  /** Called when the stream is open again after it was lost: what was missed can be asked for. */
  onRecovered: () => void;
  names: readonly string[];
}

const retryMillisMin = 1_000;
const retryMillisMax = 30_000;

/** Follows server-sent events as long as the component lives. */
export function useEventStream({ path, onEvent, onRecovered, names }: Subscription): Connection {
  const [connection, setConnection] = useState<Connection>('idle');
  const receive = useEffectEvent(onEvent);
  const recover = useEffectEvent(onRecovered);
  const nameList = names.join(' ');

  useEffect(() => {
    if (path === null) {
      return;
    }
    let source: EventSource;
    let timer: number | undefined;
    let retryMillis = retryMillisMin;
    let wasLost = false;

    const connect = () => {
      source = new EventSource(path);
      source.onopen = () => {
        retryMillis = retryMillisMin;
        setConnection('open');
        if (wasLost) {
          wasLost = false;
          recover();
        }
      };
      source.onerror = () => {
        wasLost = true;
        setConnection('lost');
        // The browser tries again by itself unless the server refused; then we do, more and more patiently.
        if (source.readyState === EventSource.CLOSED) {
          timer = window.setTimeout(connect, retryMillis);
          retryMillis = Math.min(retryMillis * 2, retryMillisMax);
        }
      };
      for (const name of nameList.split(' ')) {
        source.addEventListener(name, (event: MessageEvent<string>) => {
          const data = parse(event.data);
          if (data !== undefined) {
            receive(name, data);
          }
        });
      }
    };

    connect();
    return () => {
      window.clearTimeout(timer);
      source.close();
      setConnection('idle');
    };
  }, [path, nameList]);

  return path === null ? 'idle' : connection === 'idle' ? 'connecting' : connection;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
