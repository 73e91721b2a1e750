import type { Effect } from '../../../domain/finding.ts';
import type { Sample } from '../../../domain/signal.ts';
import { lowerBound } from './counter-deltas.ts';
import type { Derived } from './derived-series.ts';
import { findOnset } from './find-onset.ts';
import { judgeStop } from './judge-stop.ts';
import type { Shift, Spans } from './shift.ts';
import { centreAndSpread, clamp, median, sum, theilSen } from './robust-statistics.ts';
import { creeps, shiftLimitOf } from './shift-limits.ts';
import type { ShiftLimit } from './shift-limits.ts';
import { countEvidence } from '../propagation/count-evidence.ts';
import { sampleStepOf } from '../propagation/sample-step.ts';

const leastBaseline = 4;

/** So many samples without one failure make a quiet baseline. */
const longQuiet = 20;
const coarseStepMs = 30_000;

/**
 * Judges one series: is its level since some onset in the observed span different from the baseline, surely (robust standardised
 * difference, floors for short and constant baselines, Poisson noise of counts) and relevantly (least change and ratio of its role)?
 * Undefined when not, or when there is too little to tell.
 */
export function judgeShift(derived: Derived, spans: Spans): Shift | undefined {
  const limit = shiftLimitOf(derived);
  if (limit === undefined) return undefined;
  const shift = judgeLevel(derived, limit, spans);
  return shift === undefined && derived.unit === 'per-second' && limit.direction !== 'up'
    ? judgeStop(derived, limit, spans)
    : shift;
}

function judgeLevel(derived: Derived, usual: ShiftLimit, spans: Spans): Shift | undefined {
  const quiet = isQuietBefore(derived, spans);
  const limit = quiet ? afterQuiet(usual) : usual;
  const { samples, weights } = quiet ? derived : rebin(derived, spans);
  const times = samples.map(([at]) => at);
  const first = lowerBound(times, spans.baseline[0]);
  const split = lowerBound(times, spans.observed[0]);
  const last = lowerBound(times, spans.observed[1]);
  const kept = samples.slice(first, last);
  const cut = split - first;
  const before = kept.slice(0, cut).map(([, value]) => value);
  const after = kept.slice(cut).map(([, value]) => value);
  if (before.length < leastBaseline || after.length < 2) return undefined;
  const level = baselineLevel(isShareOfLimit(derived) ? belowLimit(before) : before, {
    derived,
    limit,
    weights: weights?.slice(first, first + cut),
    times: times.slice(first, first + cut),
  });
  const creeping = creeps(derived.role, derived.aspect);
  const direction = limit.direction === 'both' ? strongest(after, level.centre) : limit.direction === 'up' ? 1 : -1;
  // The fault may have begun at the very end of what was called the baseline.
  const onset = findOnset(
    kept,
    Math.min(cut, Math.max(leastBaseline, Math.floor(cut * 0.85))),
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
    counted: countedSureness(derived, { before, since: values, weights, first, onset: onset.index }),
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
  if (onset.end < kept.length) made.endMs = kept[onset.end]![0];
  return made;
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

function shiftGuess(after: readonly number[], level: { centre: number; spread: number }, direction: number): number {
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
function afterQuiet(limit: ShiftLimit): ShiftLimit {
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

function baselineLevel(
  before: readonly number[],
  how: { derived: Derived; limit: ShiftLimit; weights: readonly number[] | undefined; times: readonly number[] },
): { centre: number; spread: number } {
  const { derived, limit } = how;
  const { centre, spread } = centreAndSpread(before);
  const mean = sum(before) / before.length;
  const level = derived.unit === 'ratio' && derived.aspect !== 'saturation' ? mean : centre;
  let poisson = 0;
  if (derived.unit === 'per-second') {
    poisson = Math.sqrt(Math.max(0, mean) / Math.max(0.001, medianGap(how.times) / 1000));
  } else if (how.weights !== undefined && (derived.aspect === 'error-ratio' || derived.aspect === 'hit-ratio')) {
    const calls = Math.max(1, sum(how.weights) / before.length);
    const least = Math.min(0.005, 1 / Math.max(1, sum(how.weights)));
    poisson = Math.sqrt((Math.max(mean, least) * Math.max(0.005, 1 - mean)) / calls);
  }
  const short = before.length < 8 ? 1.5 : 1;
  const floor = derived.aspect === 'error-ratio' ? errorFloor(limit, callsPer(how.weights)) : limit.absoluteFloor;
  return {
    centre: level,
    spread: short * Math.max(spread, poisson, limit.relativeFloor * Math.abs(level), floor),
  };
}

function isShareOfLimit({ role, aspect, unit }: Derived): boolean {
  return aspect === 'saturation' || (role === 'cpu' && unit === 'ratio');
}

/** A baseline of a share of a limit without the samples that stood near the limit already: an earlier shortage is no normal. */
function belowLimit(before: readonly number[]): readonly number[] {
  const below = before.filter((value) => value < 0.75);
  return below.length >= Math.max(leastBaseline, 0.3 * before.length) ? below : before;
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

/** The usual time between samples; a second where there are too few to tell. */
function medianGap(times: readonly number[]): number {
  const gap = median(times.slice(1).map((at, index) => at - times[index]!));
  return Number.isFinite(gap) ? gap : 1_000;
}

/** Calls behind a sample, on average; 0 where they are not counted. */
function callsPer(weights: readonly number[] | undefined): number {
  return weights === undefined || weights.length === 0 ? 0 : sum(weights) / weights.length;
}

/** The scatter always assumed of an error ratio, beside that of counting: half a call, so that hundreds of calls show small shares. */
function errorFloor(limit: ShiftLimit, calls: number): number {
  return clamp(0.5 / Math.max(1, calls), 0.2 * limit.absoluteFloor, limit.absoluteFloor);
}

function assess(
  derived: Derived,
  limit: ShiftLimit,
  seen: {
    level: { centre: number; spread: number };
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
  if (sureness < 4 || Math.abs(size) < (gone ? 1 : 1.5)) return undefined;
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

/** Joins intervals until about six calls stand behind each (while six baseline intervals remain), so that rare calls do not look like noise. */
function rebin(derived: Derived, spans: Spans): { samples: readonly Sample[]; weights: readonly number[] | undefined } {
  const { samples, weights } = derived;
  if (weights === undefined || samples.length < 12) return { samples, weights };
  const inBaseline = samples.filter(([at]) => at >= spans.baseline[0] && at < spans.baseline[1]).length;
  const mean = sum(weights) / weights.length;
  const factor = Math.max(1, Math.min(Math.floor(inBaseline / 6), Math.ceil(6 / Math.max(0.01, mean))));
  if (factor === 1) return { samples, weights };
  const joined: Sample[] = [];
  const joinedWeights: number[] = [];
  for (let index = samples.length; index > 0; index -= factor) {
    const from = Math.max(0, index - factor);
    const group = samples.slice(from, index);
    const groupWeights = weights.slice(from, index);
    const total = sum(groupWeights);
    const perCall = derived.unit !== 'per-second';
    const value =
      perCall && total > 0
        ? sum(group.map(([, one], at) => one * groupWeights[at]!)) / total
        : sum(group.map(([, one]) => one)) / group.length;
    joined.unshift([group[0]![0], value]);
    joinedWeights.unshift(total);
  }
  return { samples: joined, weights: joinedWeights };
}
