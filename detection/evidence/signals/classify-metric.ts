import type { SignalRole } from '../../../domain/finding.ts';
import { metricConventions } from './metric-conventions.ts';
import type { Has, Quantity } from './metric-quantity.ts';

/** What a metric measures. `side` client: seen by the caller of some peer. `scale` brings durations to seconds. */
export interface MetricMeaning {
  role: SignalRole;
  quantity: Quantity;
  side: 'server' | 'client';
  scale: number;
}

/** The words of a metric name: split at `_ . : / -` and at camel humps, lower case. */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([1-5])XX/g, '$1xx')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

const clientWords = ['client', 'outbound', 'upstream', 'egress', 'outgoing', 'dependency', 'downstream'];

/** Reads a metric's role from its name and unit by convention. Never throws; an unknown name is `other`. */
export function classifyMetric(name: string, unit?: string): MetricMeaning {
  const words = wordsOf(name);
  const set = new Set(words);
  const has: Has = (...wanted) => wanted.some((word) => set.has(word));
  const side = has(...clientWords) ? 'client' : 'server';
  const scale =
    /^(ms|milliseconds)$/i.test(unit ?? '') || has('milliseconds', 'ms', 'millis')
      ? 0.001
      : unit === 'us' || has('microseconds')
        ? 1e-6
        : unit === 'ns' || has('nanoseconds')
          ? 1e-9
          : 1;
  for (const row of metricConventions) {
    if (!row.when(has, words)) continue;
    const quantity = typeof row.quantity === 'function' ? row.quantity(has) : row.quantity;
    const role = row.role === 'database-work' && quantity === 'duration' ? 'database-latency' : row.role;
    return { role, quantity, side, scale };
  }
  return { role: 'other', quantity: 'level', side, scale };
}
