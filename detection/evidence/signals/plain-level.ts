import type { Series } from '../../../domain/signal.ts';
import type { Derived } from './derived-series.ts';

/** A metric whose name tells nothing, taken as a level. */
export function plainLevel({ entity, metric, labels, samples }: Series): Derived {
  return {
    entity,
    role: 'other',
    aspect: 'level',
    side: 'server',
    metric,
    quantity: 'level',
    labels,
    unit: 'count',
    samples,
  };
}
