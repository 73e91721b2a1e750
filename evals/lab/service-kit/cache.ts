import type { Metrics } from './metrics.ts';
import type { Settings } from './settings.ts';

/** A cache in the process, with a time to live and a bound on its entries. */
export interface Cache<T> {
  /** The kept value, or what `load` gives. Concurrent misses of a key load side by side. */
  through(key: string, load: () => Promise<T>): Promise<T>;
  readonly clear: () => void;
}

const entriesMax = 5000;

/** Makes the one cache of a process and declares its metrics. */
export function createCache<T>(name: string, metrics: Metrics, settings: Settings): Cache<T> {
  const kept = new Map<string, { value: T; until: number }>();
  const { counter, gauge } = metrics.lazily;
  const requests = counter('cache_requests_total', 'Cache look-ups.', ['cache', 'result']);
  const entries = gauge('cache_entries', 'Entries kept.', ['cache']);
  const evictions = counter('cache_evictions_total', 'Entries removed.', ['cache']);
  entries.set({ cache: name }, 0);
  const drop = (key: string): void => {
    if (kept.delete(key)) evictions.inc({ cache: name });
  };
  return {
    through: async (key, load) => {
      const now = performance.now();
      const found = kept.get(key);
      if (found !== undefined && found.until > now) {
        requests.inc({ cache: name, result: 'hit' });
        return found.value;
      }
      requests.inc({ cache: name, result: 'miss' });
      const value = await load();
      drop(key);
      if (settings.cacheTtlMs > 0) {
        // Spread over the second half of the time to live, so that entries made together do not end together.
        const life =
          settings.cacheTtlMs * (0.5 + ((key.length * 37 + key.charCodeAt(key.length - 1) * 53) % 100) / 200);
        kept.set(key, { value, until: now + life });
        const oldest = kept.size > entriesMax ? kept.keys().next().value : undefined;
        if (oldest !== undefined) drop(oldest);
      }
      entries.set({ cache: name }, kept.size);
      return value;
    },
    clear: () => {
      evictions.inc({ cache: name }, kept.size);
      kept.clear();
      entries.set({ cache: name }, 0);
    },
  };
}
