import { signalRole } from '../../../domain/finding.ts';
import type { SignalRole } from '../../../domain/finding.ts';
import type { Facet, MetricKnowledge } from '../technologies/metric-knowledge.ts';
import type { Quantity } from './metric-quantity.ts';
import { quantities } from './metric-quantity.ts';

/** What a facet is to the engine where a table says no more. */
const byFacet: Partial<Record<Facet, readonly [SignalRole, Quantity]>> = {
  up: ['availability', 'level'],
  errors: ['errors', 'errors'],
  restarts: ['restarts', 'count'],
  duration: ['latency', 'duration'],
  waiting: ['queue', 'level'],
  info: ['version', 'info'],
  inner: ['other', 'statistic'],
  monitoring: ['other', 'statistic'],
};

/** The engine's role and quantity of a metric that a table knows. Throws when the table names one that there is not. */
export function roleOfKnowledge({ role, facet, unit }: MetricKnowledge): { role: SignalRole; quantity: Quantity } {
  if (role !== undefined) {
    const [named = '', quantity = ''] = role.split('/');
    return { role: signalRole.parse(named), quantity: quantities.parse(quantity) };
  }
  if (facet === 'lag') return { role: 'queue', quantity: unit === 'seconds' ? 'age' : 'level' };
  const [named, quantity] = byFacet[facet] ?? ['other', 'level'];
  return { role: named, quantity };
}
