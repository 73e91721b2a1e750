import type { EntityId } from '../../../domain/entity.ts';
import type { SignalRole } from '../../../domain/finding.ts';
import type { Sample } from '../../../domain/signal.ts';
import type { LimitPartner } from '../technologies/metric-knowledge.ts';
import type { Quantity } from './metric-quantity.ts';

/** Percentiles that are worked out of histograms; the 95th unless another is asked for. */
export type Percentile = 50 | 90 | 95 | 99;

/** How a derived series was made of what was counted. */
export type Aspect =
  | 'rate'
  | 'error-ratio'
  | 'mean'
  | `p${Percentile}`
  | 'level'
  /** What is left below a limit: the less, the worse. */
  | 'left'
  | 'saturation'
  | 'capacity'
  | 'pending'
  | 'hit-ratio'
  | 'fan-out'
  | 'rows-per-call'
  | 'retry-ratio'
  | 'in-flight'
  | 'age'
  | 'lag-p50'
  | 'lag-p99'
  | 'lag-max'
  | 'unaccounted'
  | 'edge-gap'
  | 'start-time'
  | 'up';

export type Unit = 'seconds' | 'ratio' | 'per-second' | 'cores' | 'bytes' | 'count';

/** A series that can be judged: one quantity of one entity (toward one peer), in base units, with how many observations stand behind each sample. */
export interface Derived {
  entity: EntityId;
  peer?: EntityId;
  role: SignalRole;
  aspect: Aspect;
  side: 'server' | 'client';
  metric: string;
  quantity: Quantity;
  labels: Record<string, string>;
  unit: Unit;
  samples: Sample[];
  /** The metric that is its limit, or what is left below one, where a table says so. */
  limit?: LimitPartner;
  /** Calls, queries or the like behind each sample; absent for levels. */
  weights?: number[];
  /** Failure words and how often each was counted, with the time of each, for error ratios. */
  reasons?: Map<string, Sample[]>;
}
