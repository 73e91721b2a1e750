import { useEffect, useState } from 'preact/hooks';
import { getJson, messageOf } from './api.ts';

/** Something that is read from the server: on its way, here, or failed with a message. */
export interface Loaded<T> {
  value?: T;
  problem?: string;
  reload: () => void;
}

/**
 * Reads `path` when it changes, and again every `everyMs` while the page is seen. A failed refresh keeps the last value beside the problem;
 * an undefined path reads nothing.
 */
export function useLoad<T>(path: string | undefined, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ path: string | undefined; value?: T; problem?: string }>({ path });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    const abort = new AbortController();
    const read = (): void => {
      getJson<T>(path, abort.signal)
        .then((value) => setState({ path, value }))
        .catch((thrown: unknown) => {
          if (!abort.signal.aborted)
            setState((last) => ({ ...(last.path === path ? last : { path }), problem: messageOf(thrown) }));
        });
    };
    read();
    const timer = everyMs === undefined ? undefined : setInterval(() => !document.hidden && read(), everyMs);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [path, everyMs, turn]);
  const reload = (): void => setTurn((last) => last + 1);
  return state.path === path ? { ...state, reload } : { reload };
}
