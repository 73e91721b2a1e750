import type { EntityId } from '../../../domain/entity.ts';
import type { SignalRole } from '../../../domain/finding.ts';
import type { Series } from '../../../domain/signal.ts';
import type { Derived } from './derived-series.ts';
import type { Windows } from './detect-anomalies.ts';
import { derivedOf, spansOf } from './detect-anomalies.ts';
import { measureName } from './describe-shift.ts';
import { judgeShift } from './judge-shift.ts';
import { roundSignificant } from './make-finding.ts';
import { sum } from './robust-statistics.ts';

/** One measure of two spans. */
export interface Compared {
  entity: EntityId;
  peer?: EntityId;
  role: SignalRole;
  measure: string;
  metric: string;
  unit: string;
  baseline: number;
  observed: number;
  ratio?: number;
  departs: boolean;
}

/** All measures of the series in both spans: means over calls where calls are counted, else over samples; those that depart first, then by ratio. */
export function compareSpans(series: readonly Series[], windows: Windows): Compared[] {
  const spans = spansOf(windows);
  const rows: Compared[] = [];
  for (const derived of derivedOf(series)) {
    const before = meanWithin(derived, spans.baseline);
    const after = meanWithin(derived, spans.observed);
    if (before === undefined || after === undefined) continue;
    const row: Compared = {
      entity: derived.entity,
      role: derived.role,
      measure: measureName(derived),
      metric: derived.metric,
      unit: derived.unit,
      baseline: roundSignificant(before),
      observed: roundSignificant(after),
      departs: judgeShift(derived, spans) !== undefined,
    };
    if (derived.peer !== undefined) row.peer = derived.peer;
    if (before > 0) row.ratio = roundSignificant(after / before);
    rows.push(row);
  }
  const distance = ({ ratio }: Compared): number =>
    ratio === undefined || ratio <= 0 ? 0 : Math.abs(Math.log2(ratio));
  return rows.sort(
    (left, right) =>
      Number(right.departs) - Number(left.departs) ||
      distance(right) - distance(left) ||
      (keyOf(left) < keyOf(right) ? -1 : 1),
  );
}

function meanWithin({ samples, weights, unit }: Derived, [from, to]: readonly [number, number]): number | undefined {
  const inside = samples
    .map((sample, index) => ({ sample, weight: unit === 'per-second' ? 1 : (weights?.[index] ?? 1) }))
    .filter(({ sample }) => sample[0] >= from && sample[0] < to);
  const total = sum(inside.map(({ weight }) => weight));
  return total > 0 ? sum(inside.map(({ sample, weight }) => sample[1] * weight)) / total : undefined;
}

function keyOf({ entity, metric, measure, peer }: Compared): string {
  return `${entity}|${metric}|${measure}|${peer ?? ''}`;
}
