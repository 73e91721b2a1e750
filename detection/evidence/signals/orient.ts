import type { Series } from '../../../domain/signal.ts';
import type { Window } from '../../../domain/time.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import type { Derived } from './derived-series.ts';
import { derivedOf } from './detect-anomalies.ts';
import { splitIndex } from './find-onset.ts';
import type { Shift } from './shift.ts';
import { judgeShift } from './judge-shift.ts';
import { median } from './robust-statistics.ts';

/** The split that a comparison should use, and the onset of the symptom where one was seen. */
export interface Orientation {
  onset?: string;
  baseline: Window;
  observed: Window;
}

/**
 * Finds where a window should be cut into before and after: the change-points of its symptom series (latency, errors, traffic, availability,
 * queues; then the rest) are collected, each tested against the part before it, and the earliest time that many strong ones agree on is the onset. Without one,
 * the window is compared with what the series hold before it, else its last third with the rest.
 */
export function orient(
  series: readonly Series[],
  window: Window,
  all: readonly Derived[] = derivedOf(series),
): Orientation {
  const from = msOf(window.from);
  const to = msOf(window.to);
  const earliest = Math.min(from, ...series.map(({ samples }) => samples[0]?.[0] ?? Number.POSITIVE_INFINITY));
  const votes: { at: number; weight: number }[] = [];
  let step = 1_000;
  for (const derived of all) {
    const samples = derived.samples.filter(([at]) => at >= earliest && at < to);
    if (samples.length < 12) continue;
    step = Math.max(step, median(samples.slice(1, 20).map(([at], index) => at - samples[index]![0])));
    const split = splitIndex(samples.map(([, value]) => value));
    if (split === undefined || split.gain < 25) continue;
    const at = samples[split.index]![0];
    const shift = judgeShift(derived, { baseline: [earliest, at], observed: [at, to] });
    if (shift === undefined || shift.severity < 0.35 || isRelief(derived, shift)) continue;
    // Further back lies history, read for its level only.
    if (shift.onsetMs < from - (to - from)) continue;
    const symptom = ['latency', 'errors', 'availability', 'queue', 'traffic'].includes(derived.role) ? 1.5 : 1;
    votes.push({ at: shift.onsetMs, weight: shift.severity * symptom });
  }
  const onset = agreedOnset(votes, 3 * step);
  if (onset !== undefined)
    return {
      onset: isoOf(onset),
      baseline: { from: isoOf(earliest), to: isoOf(onset) },
      observed: { from: isoOf(onset), to: window.to },
    };
  const cut = earliest <= from - 0.5 * (to - from) ? from : Math.round(earliest + (to - earliest) * 0.6);
  return { baseline: { from: isoOf(earliest), to: isoOf(cut) }, observed: { from: isoOf(cut), to: window.to } };
}

/** Getting better, or starting up: no onset of trouble. */
function isRelief({ role, aspect, side }: Derived, { direction, effect }: Shift): boolean {
  if (role === 'traffic' && aspect === 'rate' && direction === 'up')
    return effect.ratio === undefined || effect.ratio > 12;
  // Fewer calls to another may only mean that they were not needed.
  if (role === 'traffic' && side === 'client' && direction === 'down') return true;
  return (
    direction === 'down' &&
    ['latency', 'database-latency', 'cpu', 'memory', 'database-work', 'pool'].includes(role) &&
    aspect !== 'capacity'
  );
}

/** The earliest time whose neighbourhood gathers at least a third of the weight of the heaviest one. */
function agreedOnset(votes: readonly { at: number; weight: number }[], width: number): number | undefined {
  if (votes.length === 0) return undefined;
  const sorted = [...votes].sort((left, right) => left.at - right.at);
  const weightAt = sorted.map(({ at }) =>
    sorted.reduce((total, vote) => (vote.at >= at && vote.at <= at + width ? total + vote.weight : total), 0),
  );
  const heaviest = Math.max(...weightAt);
  if (heaviest < 0.6) return undefined;
  const index = weightAt.findIndex((weight) => weight >= Math.max(0.6, heaviest / 3));
  return sorted[index]?.at;
}
