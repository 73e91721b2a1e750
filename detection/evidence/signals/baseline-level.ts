import type { Derived } from './derived-series.ts';
import { centreAndSpread, clamp, median, sum } from './robust-statistics.ts';
import type { ShiftLimit } from './shift-limits.ts';

/** What was usual: the centre, and how far a sample strays from it by chance. */
export interface Level {
  centre: number;
  spread: number;
}

/** What a level is worked out of: values with the calls behind them and their times, in order of time. */
export interface Quiet {
  values: readonly number[];
  weights: readonly number[] | undefined;
  times: readonly number[];
}

/** Fewest samples that tell what was usual. */
export const leastBaseline = 4;

/**
 * What a quiet span shows of a series: the mean of shares of calls, the median of all else; the spread is the measured one or what is always
 * assumed (Poisson noise of counts, the floors of its limit), whichever is larger.
 */
export function levelOf(derived: Derived, limit: ShiftLimit, quiet: Quiet): Level {
  const before = isShareOfLimit(derived) ? belowLimit(quiet.values) : quiet.values;
  const { centre, spread } = centreAndSpread(before);
  const mean = sum(before) / before.length;
  const level = isShare(derived) ? mean : centre;
  let poisson = 0;
  if (derived.unit === 'per-second') {
    poisson = Math.sqrt(Math.max(0, mean) / Math.max(0.001, medianGap(quiet.times) / 1000));
  } else if (quiet.weights !== undefined && (derived.aspect === 'error-ratio' || derived.aspect === 'hit-ratio')) {
    const calls = Math.max(1, sum(quiet.weights) / before.length);
    const least = Math.min(0.005, 1 / Math.max(1, sum(quiet.weights)));
    poisson = Math.sqrt((Math.max(mean, least) * Math.max(0.005, 1 - mean)) / calls);
  }
  const short = before.length < 8 ? 1.5 : 1;
  const floor = derived.aspect === 'error-ratio' ? errorFloor(limit, callsPer(quiet.weights)) : limit.absoluteFloor;
  return {
    centre: level,
    spread: short * Math.max(spread, poisson, limit.relativeFloor * Math.abs(level), floor),
  };
}

/**
 * The level that the record of the incident itself shows when quiet, where history is another record (an earlier one, at another load): that of
 * the third of its samples from which the rest departs most in a direction, before or after the trouble, with history's scatter in proportion. Shares of few
 * calls lean on history by one sample's calls. Undefined without samples.
 */
export function ownLevel(
  derived: Derived,
  limit: ShiftLimit,
  history: Level,
  seen: { values: readonly number[]; weights: readonly number[] | undefined; direction: number },
): Level | undefined {
  const quiet = seen.values
    .map((value, index) => ({ value, weight: seen.weights?.[index] ?? 1 }))
    .sort((left, right) => seen.direction * (left.value - right.value))
    .slice(0, Math.ceil(seen.values.length / 3));
  if (quiet.length === 0) return undefined;
  let centre = median(quiet.map(({ value }) => value));
  if (isShare(derived) && seen.weights !== undefined) {
    const calls = sum(quiet.map(({ weight }) => weight));
    const failed = sum(quiet.map(({ value, weight }) => value * weight));
    const prior = calls / quiet.length;
    if (calls > 0) centre = (failed + prior * history.centre) / (calls + prior);
  }
  const spread = Math.max(history.spread, limit.relativeFloor * Math.abs(centre));
  const scale = history.centre === 0 ? 1 : clamp(Math.abs(centre / history.centre), 1, 10);
  return { centre, spread: spread * scale * Math.sqrt(1 + 1 / (2 * quiet.length)) };
}

/** The usual time between samples; a second where there are too few to tell. */
export function medianGap(times: readonly number[]): number {
  const gap = median(times.slice(1).map((at, index) => at - times[index]!));
  return Number.isFinite(gap) ? gap : 1_000;
}

/** Calls behind a sample, on average; 0 where they are not counted. */
export function callsPer(weights: readonly number[] | undefined): number {
  return weights === undefined || weights.length === 0 ? 0 : sum(weights) / weights.length;
}

/** A share of calls or time: what its mean tells. */
function isShare({ unit, aspect }: Derived): boolean {
  return unit === 'ratio' && aspect !== 'saturation';
}

function isShareOfLimit({ role, aspect, unit }: Derived): boolean {
  return aspect === 'saturation' || (role === 'cpu' && unit === 'ratio');
}

/** A baseline of a share of a limit without the samples that stood near the limit already: an earlier shortage is no normal. */
function belowLimit(before: readonly number[]): readonly number[] {
  const below = before.filter((value) => value < 0.75);
  return below.length >= Math.max(leastBaseline, 0.3 * before.length) ? below : before;
}

/** The scatter always assumed of an error ratio, beside that of counting: half a call, so that hundreds of calls show small shares. */
function errorFloor(limit: ShiftLimit, calls: number): number {
  return clamp(0.5 / Math.max(1, calls), 0.2 * limit.absoluteFloor, limit.absoluteFloor);
}
