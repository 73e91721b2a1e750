import type { Effect } from '../../../domain/finding.ts';
import type { Sample } from '../../../domain/signal.ts';
import type { Level } from './baseline-level.ts';
import { callsPer, leastBaseline, levelOf, medianGap, ownLevel } from './baseline-level.ts';
import { lowerBound } from './counter-deltas.ts';
import type { Derived } from './derived-series.ts';
import { findOnset } from './find-onset.ts';
import { judgeStop } from './judge-stop.ts';
import { rebinSamples } from './rebin-samples.ts';
import type { Shift, Spans } from './shift.ts';
import { clamp, median, sum, theilSen } from './robust-statistics.ts';
import { creeps, shiftLimitOf } from './shift-limits.ts';
import type { ShiftLimit } from './shift-limits.ts';
import { countEvidence } from '../propagation/count-evidence.ts';
import { sampleStepOf } from '../propagation/sample-step.ts';

/** So many samples without one failure make a quiet baseline. */
const longQuiet = 20;
const coarseStepMs = 30_000;

/** A limit, and how sure a departure must be, in standard deviations; 4 where it is not told. */
export interface JudgedLimit extends ShiftLimit {
  leastSureness?: number;
}

/**
 * Judges one series: is its level since some onset in the observed span different from the baseline, surely (robust standardised
 * difference, floors for short and constant baselines, Poisson noise of counts) and relevantly (least change and ratio of its role)?
 * Undefined when not, or when there is too little to tell.
 */
export function judgeShift(
  derived: Derived,
  spans: Spans,
  limit: JudgedLimit | undefined = shiftLimitOf(derived),
): Shift | undefined {
  if (limit === undefined) return undefined;
  const shift = judgeLevel(derived, limit, spans);
  return shift === undefined && derived.unit === 'per-second' && limit.direction !== 'up'
    ? judgeStop(derived, limit, spans)
    : shift;
}

function judgeLevel(derived: Derived, usual: JudgedLimit, spans: Spans): Shift | undefined {
  const quiet = isQuietBefore(derived, spans);
  const limit = quiet ? afterQuiet(usual) : usual;
  const { samples, weights } = quiet ? derived : rebinSamples(derived, spans);
  const times = samples.map(([at]) => at);
  const first = lowerBound(times, spans.baseline[0]);
  const split = lowerBound(times, spans.observed[0]);
  const last = lowerBound(times, spans.observed[1]);
  const kept = samples.slice(first, last);
  const cut = split - first;
  const before = kept.slice(0, cut).map(([, value]) => value);
  const after = kept.slice(cut).map(([, value]) => value);
  if (before.length < leastBaseline || after.length < 2) return undefined;
  const { history, usualLevel, level, direction } = matchLevels(derived, limit, spans, {
    kept,
    cut,
    weights: weights?.slice(first, last),
  });
  const creeping = creeps(derived.role, derived.aspect);
  // The fault may have begun at the very end of what was called the baseline.
  const onset = findOnset(
    kept,
    Math.min(cut, Math.max(leastBaseline, Math.floor(cut * 0.85), history < cut ? history : 0)),
    level,
    direction * shiftGuess(after, level, direction),
  );
  if (onset === undefined) return undefined;
  const since = kept.slice(onset.index, onset.end);
  const values = since.map(([, value]) => value);
  const observed = creeping
    ? median(values.slice(Math.floor(values.length * 0.67)))
    : levelSince(
        since,
        derived.unit === 'per-second' ? undefined : weights?.slice(first + onset.index, first + onset.end),
      );
  const shift = assess(derived, limit, {
    level,
    observed,
    direction,
    count: values.length,
    lull: longestLull(before.slice(0, onset.index), level.centre),
    calls: derived.aspect === 'error-ratio' ? callsPer(weights?.slice(first, last)) : 0,
    counted: countedSureness(derived, {
      before: before.map((value) => value + level.centre - usualLevel.centre),
      since: values,
      weights,
      first,
      onset: onset.index,
    }),
    stepMs: sampleStepOf(kept).stepMs ?? 0,
    spanMs: medianGap(since.map(([at]) => at)) * values.length,
  });
  if (shift === undefined) return undefined;
  const made: Shift = {
    ...shift,
    onsetMs: since[0]![0],
    rising: values.length >= 6 && risingShare(since, direction) > 0.6,
    last: values.at(-1) ?? observed,
  };
  return onset.over ? { ...made, ...endIn(kept[onset.end]) } : made;
}

/**
 * The level to measure from and the direction of the departure: history's level, or where a hole parts the incident's record from history that of
 * its quiet samples, whichever leaves less. `history`: how many of the kept samples are history.
 */
function matchLevels(
  derived: Derived,
  limit: ShiftLimit,
  spans: Spans,
  seen: { kept: readonly Sample[]; cut: number; weights: readonly number[] | undefined },
): { history: number; usualLevel: Level; level: Level; direction: number } {
  const { kept, cut, weights } = seen;
  const values = kept.map(([, value]) => value);
  const times = kept.map(([at]) => at);
  const own = spans.own === undefined ? cut : lowerBound(times, spans.own);
  const isParted = spans.own !== undefined && own >= leastBaseline && own <= cut;
  const history = isParted ? own : cut;
  const usualLevel = levelOf(derived, limit, {
    values: values.slice(0, history),
    weights: weights?.slice(0, history),
    times: times.slice(0, history),
  });
  const up = limit.direction === 'both' ? strongest(values.slice(cut), usualLevel.centre) : 1;
  const direction = limit.direction === 'down' ? -1 : up;
  const ofIncident = isParted
    ? ownLevel(derived, limit, usualLevel, { values: values.slice(own), weights: weights?.slice(own), direction })
    : undefined;
  return { history, usualLevel, level: weaker(usualLevel, ofIncident, direction), direction };
}

/** Of history's level and that of the incident's own quiet samples the one from which less departs. */
function weaker(history: Level, own: Level | undefined, direction: number): Level {
  return own !== undefined && direction * (own.centre - history.centre) > 0 ? own : history;
}

/** Kendall's tau of the level, piece by piece: a fall by more than a fifth starts a new piece, as when a leaking process is started anew. */
function risingShare(since: readonly Sample[], direction: number): number {
  const pieces: Sample[][] = [[]];
  for (const [index, sample] of since.entries()) {
    const before = since[index - 1]?.[1] ?? sample[1];
    if (direction * (sample[1] - before) < -0.2 * Math.abs(before)) pieces.push([]);
    pieces.at(-1)?.push(sample);
  }
  const long = pieces.filter((piece) => piece.length >= 4);
  const count = sum(long.map((piece) => piece.length));
  const taus = long.map(
    (piece) => direction * theilSen(piece.map(([at, value]) => [at / 1000, value] as const)).tau * piece.length,
  );
  return count === 0 ? 0 : sum(taus) / count;
}

/** The longest run of next to nothing in a baseline: how long a rate may pause without being gone. */
function longestLull(before: readonly number[], centre: number): number {
  let longest = 0;
  let run = 0;
  for (const value of before) {
    run = value <= 0.12 * centre ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function shiftGuess(after: readonly number[], level: Level, direction: number): number {
  const sorted = after
    .map((value) => (direction * (value - level.centre)) / level.spread)
    .sort((left, right) => right - left);
  return Math.max(1.5, median(sorted.slice(0, Math.max(2, Math.ceil(sorted.length / 2)))));
}

function strongest(after: readonly number[], centre: number): 1 | -1 {
  const differences = after.map((value) => value - centre);
  const up = sum(differences.map((value) => Math.max(0, value)));
  return up >= -sum(differences.map((value) => Math.min(0, value))) ? 1 : -1;
}

/** Failures that were never counted in a long baseline, sampled by the minute. */
function isQuietBefore({ role, aspect, unit, samples }: Derived, spans: Spans): boolean {
  if (role !== 'errors' || aspect !== 'rate' || unit !== 'per-second') return false;
  const before = samples.filter(([at]) => at >= spans.baseline[0] && at < spans.baseline[1]);
  return (
    before.length >= longQuiet &&
    before.every(([, value]) => value === 0) &&
    medianGap(before.map(([at]) => at)) >= coarseStepMs
  );
}

/** There a few a minute are news, where by the second they are background. */
function afterQuiet(limit: JudgedLimit): JudgedLimit {
  return { ...limit, absoluteFloor: limit.absoluteFloor / 20, leastChange: limit.leastChange / 10 };
}

function levelSince(since: readonly Sample[], weights: readonly number[] | undefined): number {
  const values = since.map(([, value]) => value);
  if (weights === undefined) return median(values);
  // Of per-call quantities the mean over calls tells of rare and heavy ones too; of rates it is the mean rate.
  const total = sum(weights);
  const weighted = total > 0 ? sum(values.map((value, index) => value * (weights[index] ?? 0))) / total : Number.NaN;
  const middle = median(values);
  return Number.isFinite(weighted) ? (weighted + middle) / 2 : middle;
}

/** What the counts of failures themselves say of a rise; 0 for what is no share of counted calls. */
function countedSureness(
  { aspect }: Derived,
  seen: {
    before: readonly number[];
    since: readonly number[];
    weights: readonly number[] | undefined;
    first: number;
    onset: number;
  },
): number {
  const { before, since, weights, first, onset } = seen;
  if (aspect !== 'error-ratio' || weights === undefined) return 0;
  const from = first + onset;
  return countEvidence(
    { values: before.slice(0, onset), weights: weights.slice(first, first + Math.min(before.length, onset)) },
    { values: since, weights: weights.slice(from, from + since.length) },
  );
}

const endIn = (sample?: Sample): Partial<Shift> => (sample === undefined ? {} : { endMs: sample[0] });

function assess(
  derived: Derived,
  limit: JudgedLimit,
  seen: {
    level: Level;
    observed: number;
    direction: number;
    count: number;
    /** Longest pause of the baseline, in samples. */
    lull: number;
    calls: number;
    counted: number;
    stepMs: number;
    /** How long it has lasted. */
    spanMs: number;
  },
): Pick<Shift, 'direction' | 'effect' | 'severity'> | undefined {
  const { centre, spread } = seen.level;
  const change = seen.observed - centre;
  const leastChange = seen.calls >= 100 ? 0.5 * limit.leastChange : limit.leastChange;
  if (change * seen.direction <= 0 || Math.abs(change) < leastChange) return undefined;
  const ratio = (seen.observed + limit.absoluteFloor) / (centre + limit.absoluteFloor);
  const factor = ratio > 0 ? Math.max(ratio, 1 / ratio) : 99;
  if (factor < limit.leastRatio) return undefined;
  // Standardised by the spread of one sample; several samples that agree make a smaller size as sure.
  const size = change / spread;
  const agreed = Math.abs(size) * Math.sqrt(Math.min(seen.count, 9) / 3);
  // A rate that is all but gone is as sure as the events that did not come (Poisson), however uneven they came before.
  const gone =
    derived.unit === 'per-second' && seen.observed <= 0.12 * centre && seen.count >= Math.max(5, 4 * (seen.lull + 1));
  const missed = (seen.spanMs / 1000) * centre;
  const sureness = Math.max(agreed, seen.counted, gone ? Math.sqrt(missed) : 0);
  if (sureness < (limit.leastSureness ?? 4) || Math.abs(size) < (gone ? 1 : 1.5)) return undefined;
  const bounded = derived.unit === 'ratio' && derived.aspect !== 'fan-out';
  const magnitude = bounded ? clamp(Math.abs(change) / 0.35, 0, 1) : clamp(Math.log2(factor) / 3, 0, 1);
  const certainty = clamp(Math.log2(sureness / 2) / 3, 0, 1);
  // A sample of a minute or more is a mean over many moments itself.
  const persistence = clamp(seen.count / (seen.stepMs >= 60_000 ? 2 : 4), 0.4, 1);
  const severity = limit.importance * (0.15 + 0.35 * certainty + 0.5 * magnitude) * persistence;
  const effect: Effect = { baseline: centre, observed: seen.observed, size: gone ? -sureness : size };
  if (centre > 0) effect.ratio = seen.observed / centre;
  // Values at the end of what a number can hold overflow; no size can be told of them.
  if (![severity, ...Object.values(effect)].every(Number.isFinite)) return undefined;
  return { direction: change > 0 ? 'up' : 'down', effect, severity };
}
