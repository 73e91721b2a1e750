import type { Derived } from '../../evidence/signals/derived-series.ts';
import { matrixOf, type Matrix } from '../matrix.ts';
import { median } from '../../evidence/signals/robust-statistics.ts';

/**
 * The columns of a service's history, each free of units: shares in [0, 1], or the logarithm of the value over what it was at the beginning.
 * `since change` is 1 at a deploy and falls to 0 over 60 steps.
 */
export const serviceSignals = [
  'error share',
  'latency',
  'traffic',
  'used share of a limit',
  'queue depth',
  'connections',
  'memory',
  'restarts',
  'since change',
] as const;
export type ServiceSignal = (typeof serviceSignals)[number];

/** Values of one step by signal; a signal that is not known is left out. */
export type ServiceStep = Partial<Record<ServiceSignal, number>>;

/** Which signal a derived series tells of; undefined for those that the predictor does not look at. */
export function serviceSignalOf({ role, aspect }: Pick<Derived, 'role' | 'aspect'>): ServiceSignal | undefined {
  if (aspect === 'saturation') return 'used share of a limit';
  if (aspect === 'error-ratio') return 'error share';
  if (role === 'latency' && (aspect === 'mean' || aspect === 'p95')) return 'latency';
  if (role === 'traffic' && aspect === 'rate') return 'traffic';
  if (role === 'queue') return aspect === 'level' ? 'queue depth' : undefined;
  if (role === 'pool' && aspect === 'level') return 'connections';
  if (role === 'memory' && aspect === 'level') return 'memory';
  return role === 'restarts' ? 'restarts' : undefined;
}

const relative = new Set<ServiceSignal>(['latency', 'traffic', 'queue depth', 'connections', 'memory']);

/** Steps as the predictor takes them: relative signals against their median over the first third, what is never known as 0. */
export function serviceHistory(steps: readonly ServiceStep[]): Matrix {
  const early = Math.max(3, Math.floor(steps.length / 3));
  const columns = serviceSignals.map((signal) => {
    const values = steps.map((step) => step[signal] ?? Number.NaN);
    if (!values.some((value) => Number.isFinite(value))) return values.map(() => 0);
    if (!relative.has(signal)) return values;
    const base = median(values.slice(0, early));
    const start = Number.isFinite(base) ? base : median(values);
    const offset = signal === 'queue depth' || signal === 'connections' ? 1 : Math.max(1e-9, Math.abs(start) * 1e-3);
    return values.map((value) => Math.log(Math.max(0, value) + offset) - Math.log(Math.max(0, start) + offset));
  });
  return matrixOf(steps.map((_, step) => Float64Array.from(columns, (column) => column[step]!)));
}
