import type { Series } from '../../../domain/signal.ts';
import type { Window } from '../../../domain/time.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import type { Derived } from './derived-series.ts';
import { derivedOf } from './detect-anomalies.ts';
import { lowerBoundOfTime } from './counter-deltas.ts';
import { splitIndex } from './find-onset.ts';
import { ownRecord } from './own-record.ts';
import { judgeShift } from './judge-shift.ts';
import { isRelief, recoveredAt } from './recovered-at.ts';
import { median } from './robust-statistics.ts';
import type { Spans } from './shift.ts';

/** The split that a comparison should use, and the onset of the symptom where one was seen. */
export interface Orientation {
  onset?: string;
  baseline: Window;
  observed: Window;
  /** Where the record that holds the window begins, if a hole parts it from history. */
  own?: string;
}

/**
 * Finds where a window should be cut into before and after: the change-points of its symptom series (latency, errors, traffic, availability,
 * queues; then the rest) are collected, each tested against the part before it, and the earliest time that many strong ones agree on is the onset. Without one,
 * the window is compared with what the series hold before it, else its last third with the rest. Where a hole in the record parts history from
 * the incident (another day, another load), the change is looked for after the hole only: what differs across it is no onset. Where at that time
 * things got better and not worse, what lies before was an incident itself: it is no baseline, and the search goes on after it.
 */
export function orient(
  series: readonly Series[],
  window: Window,
  all: readonly Derived[] = derivedOf(series),
): Orientation {
  const from = msOf(window.from);
  const to = msOf(window.to);
  const earliest = Math.min(from, ...series.map(({ samples }) => samples[0]?.[0] ?? Number.POSITIVE_INFINITY));
  const own = ownStart(all, from, to);
  const step = Math.max(1_000, ...stepsOf(all, earliest, to));
  const search = (start: number): number | undefined =>
    agreedOnset(
      own === undefined ? votesIn(all, start, { from, to }) : votesWithin(all, own, { from: earliest, to }),
      3 * step,
    );
  let start = earliest;
  let onset = search(start);
  const recoveries = own === undefined ? mostRecoveries : 0;
  for (let again = 0; again < recoveries && onset !== undefined; again += 1) {
    const recovered = recoveredAt(all, { start, onset, to, step });
    if (recovered === undefined) break;
    start = recovered;
    onset = search(start);
  }
  const apart = own === undefined ? {} : { own: isoOf(own) };
  if (onset !== undefined)
    return {
      ...apart,
      onset: isoOf(onset),
      baseline: { from: isoOf(start), to: isoOf(onset) },
      observed: { from: isoOf(onset), to: window.to },
    };
  const cut = start <= from - 0.5 * (to - from) ? from : Math.round(start + (to - start) * 0.6);
  return {
    ...apart,
    baseline: { from: isoOf(start), to: isoOf(cut) },
    observed: { from: isoOf(cut), to: window.to },
  };
}

/** So many earlier incidents are cut off, one after the other. */
const mostRecoveries = 3;

interface Vote {
  at: number;
  weight: number;
}

/** Where the series change between a start and an end, history being read for its level only. */
function votesIn(all: readonly Derived[], earliest: number, { from, to }: { from: number; to: number }): Vote[] {
  return all.flatMap((derived) => {
    const samples = derived.samples.filter(([at]) => at >= earliest && at < to);
    if (samples.length < 12) return [];
    const split = splitIndex(samples.map(([, value]) => value));
    if (split === undefined || split.gain < 25) return [];
    const at = samples[split.index]![0];
    const vote = voteOf(derived, { baseline: [earliest, at], observed: [at, to] });
    // Further back lies history, read for its level only.
    return vote === undefined || vote.at < from - (to - from) ? [] : [vote];
  });
}

/** The same within a record that begins at `own`, of which few samples may lie before the change: history tells how they scatter. */
function votesWithin(all: readonly Derived[], own: number, { from, to }: { from: number; to: number }): Vote[] {
  return all.flatMap((derived) => {
    const samples = derived.samples.filter(([at]) => at >= own && at < to);
    const split = splitIndex(
      samples.map(([, value]) => value),
      2,
      1,
    );
    if (split === undefined) return [];
    const at = samples[split.index]![0];
    return voteOf(derived, { baseline: [from, at], observed: [at, to], own }) ?? [];
  });
}

function voteOf(derived: Derived, spans: Spans): Vote | undefined {
  const shift = judgeShift(derived, spans);
  if (shift === undefined || shift.severity < 0.35 || isRelief(derived, shift)) return undefined;
  const symptom = ['latency', 'errors', 'availability', 'queue', 'traffic'].includes(derived.role) ? 1.5 : 1;
  return { at: shift.onsetMs, weight: shift.severity * symptom };
}

function stepsOf(all: readonly Derived[], from: number, to: number): number[] {
  return all.flatMap(({ samples }) => {
    const within = samples.filter(([at]) => at >= from && at < to);
    return within.length < 12 ? [] : [median(within.slice(1, 20).map(([at], index) => at - within[index]![0]))];
  });
}

/** Where the record that holds the window begins, if a hole parts it from what most series hold before. */
function ownStart(all: readonly Derived[], from: number, to: number): number | undefined {
  const starts = all.flatMap(({ samples }) => {
    const until = lowerBoundOfTime(samples, to);
    const index = ownRecord(samples, until);
    return until === 0 ? [] : [index === 0 ? Number.NaN : samples[index]![0]];
  });
  const parted = starts.filter((at) => at >= from - (to - from));
  return parted.length > 0.5 * starts.length ? median(parted) : undefined;
}

/** The earliest time whose neighbourhood gathers at least a third of the weight of the heaviest one. */
function agreedOnset(votes: readonly Vote[], width: number): number | undefined {
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
