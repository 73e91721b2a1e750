import type { SignalRole } from '../../../domain/finding.ts';
import { metricConventions } from './metric-conventions.ts';
import type { Has, Quantity } from './metric-quantity.ts';
import type { MetricKnowledge } from '../technologies/metric-knowledge.ts';
import { isCatchAll } from '../technologies/metric-knowledge.ts';
import { lookUp } from '../technologies/look-up.ts';
import { wordsOf } from '../technologies/words-of.ts';
import { roleOfKnowledge } from './role-of-knowledge.ts';

/** What a metric measures. `side` client: seen by the caller of some peer. `scale` brings durations to seconds. */
export interface MetricMeaning {
  role: SignalRole;
  quantity: Quantity;
  side: 'server' | 'client';
  scale: number;
  /** What a table says of it: unit, owner, partner, good direction; absent where only the name tells. */
  known?: MetricKnowledge;
}

const clientWords = ['client', 'outbound', 'upstream', 'egress', 'outgoing', 'dependency', 'downstream'];

const scales: Readonly<Record<string, number>> = {
  milliseconds: 0.001,
  microseconds: 1e-6,
  nanoseconds: 1e-9,
  minutes: 60,
  hours: 3_600,
  days: 86_400,
};

/** Reads a metric's role from the tables of technologies, else from its name and unit by convention. Never throws; an unknown name is `other`. */
export function classifyMetric(name: string, unit?: string): MetricMeaning {
  const words = wordsOf(name);
  const set = new Set(words);
  const has: Has = (...wanted) => wanted.some((word) => set.has(word));
  const side = has(...clientWords) ? 'client' : 'server';
  const row = lookUp(name);
  const known = row !== undefined && !isCatchAll(row) ? row : undefined;
  if (known !== undefined)
    return { ...roleOfKnowledge(known), side, scale: scales[known.unit ?? ''] ?? scaleOf(unit, has), known };
  const scale = scaleOf(unit, has);
  for (const row of metricConventions) {
    if (!row.when(has, words)) continue;
    const quantity = typeof row.quantity === 'function' ? row.quantity(has) : row.quantity;
    const role = row.role === 'database-work' && quantity === 'duration' ? 'database-latency' : row.role;
    return { role, quantity, side, scale };
  }
  return { role: 'other', quantity: 'level', side, scale };
}

/** What brings durations to seconds, by the unit that the source tells or by the name. */
function scaleOf(unit: string | undefined, has: Has): number {
  if (/^(ms|milliseconds)$/i.test(unit ?? '') || has('milliseconds', 'ms', 'millis')) return 0.001;
  if (unit === 'us' || has('microseconds')) return 1e-6;
  return unit === 'ns' || has('nanoseconds') ? 1e-9 : 1;
}
