import type { Derived } from '../../detection/evidence/signals/derived-series.ts';
import {
  serviceSignalOf,
  type ServiceSignal,
  type ServiceStep,
} from '../../detection/models/failure/service-signals.ts';
import type { EntityId } from '../../domain/entity.ts';
import type { Change } from '../../domain/signal.ts';
import type { Window } from '../../domain/time.ts';
import { msOf } from '../../infra/runtime/clock.ts';

/** Of several series of one signal the one that matters: the fullest limit, the worst errors, the slowest; all others are added up. */
const worst = new Set<ServiceSignal>(['error share', 'latency', 'used share of a limit']);

/** What each entity showed in each of `steps` equal parts of the window: means within a part, changes as `since change`. */
export function serviceStepsOf(
  derived: readonly Derived[],
  changes: readonly Change[],
  window: Window,
  steps: number,
): Map<EntityId, ServiceStep[]> {
  const from = msOf(window.from);
  const stepMs = (msOf(window.to) - from) / steps;
  const rows = new Map<EntityId, ServiceStep[]>();
  for (const series of derived) {
    const signal = serviceSignalOf(series);
    if (signal === undefined || series.side === 'client') continue;
    const row = rows.get(series.entity) ?? Array.from({ length: steps }, (): ServiceStep => ({}));
    rows.set(series.entity, row);
    const sums = new Float64Array(steps);
    const counts = new Float64Array(steps);
    for (const [at, value] of series.samples) {
      const step = Math.floor((at - from) / stepMs);
      if (step < 0 || step >= steps || !Number.isFinite(value)) continue;
      sums[step]! += value;
      counts[step]! += 1;
    }
    for (let step = 0; step < steps; step += 1) {
      if (counts[step] === 0) continue;
      const value = sums[step]! / counts[step]!;
      const known = row[step]![signal];
      row[step]![signal] = known === undefined ? value : worst.has(signal) ? Math.max(known, value) : known + value;
    }
  }
  for (const [entity, row] of rows)
    for (const { at, entity: changed } of changes) {
      if (changed !== entity) continue;
      const first = Math.floor((msOf(at) - from) / stepMs);
      for (let step = Math.max(0, first); step < Math.min(steps, first + 60); step += 1)
        row[step]!['since change'] = Math.max(row[step]!['since change'] ?? 0, 1 - (step - first) / 60);
    }
  return rows;
}
