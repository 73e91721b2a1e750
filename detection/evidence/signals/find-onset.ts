import type { Sample } from '../../../domain/signal.ts';
import { centreAndSpread, clamp, median } from './robust-statistics.ts';

/** Where a series left its level: the index of the first sample after the change, and how the level before is described. */
export interface Onset {
  index: number;
  /** Index after the last departed sample; the length of the series when it has not come back. */
  end: number;
  /** Whether it has surely come back: calm since then for longer than twice the longest calm within. */
  over: boolean;
  direction: 1 | -1;
  centre: number;
  spread: number;
}

/**
 * Splits a series where its level changes most: the index that minimises the squared error of two means (binary segmentation, Scott and
 * Knott 1974) over values standardised by median and MAD of differences and clipped, so that a lone outlier cannot be a change. Each side
 * keeps at least `edge` samples, the first `lead` where that is given. Undefined for shorter series. Cost O(n log n).
 */
export function splitIndex(
  values: readonly number[],
  edge = 3,
  lead = edge,
): { index: number; gain: number } | undefined {
  const count = values.length;
  if (count < lead + edge) return undefined;
  const centre = median(values);
  const steps = values.slice(1).map((value, index) => Math.abs(value - values[index]!));
  const noise = Math.max(1.05 * median(steps), 0.3 * centreAndSpread(values).spread, 0.02 * Math.abs(centre), 1e-9);
  const scores = values.map((value) => clamp((value - centre) / noise, -8, 8));
  let total = 0;
  for (const score of scores) total += score;
  let left = 0;
  let best = { index: -1, gain: 0 };
  for (let index = 1; index < count; index += 1) {
    left += scores[index - 1]!;
    if (index < lead || count - index < edge) continue;
    const gap = left / index - (total - left) / (count - index);
    const gain = (gap * gap * index * (count - index)) / count;
    if (gain > best.gain) best = { index, gain };
  }
  return best.index < 0 ? undefined : best;
}

/**
 * The onset of a departure from a baseline, to the sample. Page's one-sided CUSUM (1954) with the reference value at half the shift seen:
 * the onset is the sample after the statistic was last zero before its peak's alarm (Hinkley's estimate, 1970), then moved back while
 * samples already lie outside the baseline's band (ramps). `from` is the first sample that may be departed. Undefined when no alarm.
 */
export function findOnset(
  samples: readonly Sample[],
  from: number,
  level: { centre: number; spread: number },
  shift: number,
): Onset | undefined {
  const direction = shift >= 0 ? 1 : -1;
  const size = Math.min(12, Math.abs(shift));
  const reference = Math.max(0.75, size / 2);
  const alarm = Math.max(3, Math.min(6, size));
  let statistic = 0;
  let zeroAt = from;
  let found: number | undefined;
  for (let index = from; index < samples.length; index += 1) {
    const score = clamp((direction * (samples[index]![1] - level.centre)) / level.spread, -12, 12);
    statistic = Math.max(0, statistic + score - reference);
    if (statistic === 0) zeroAt = index + 1;
    else if (statistic >= alarm && stays(samples, zeroAt, level, direction * Math.min(1.5, 0.6 * size))) {
      found = zeroAt;
      break;
    }
  }
  if (found === undefined) return undefined;
  const beyond = (index: number, spreads: number): boolean =>
    direction * (samples[index]![1] - level.centre) > spreads * level.spread;
  while (found > from && beyond(found - 1, 2.5)) found -= 1;
  const back = Math.min(2.5, 0.6 * size);
  let end = samples.length;
  while (end > found + 1 && !beyond(end - 1, back) && !beyond(end - 2, back)) end -= 1;
  if (samples.length - end <= 3) end = samples.length;
  const calm = longestCalm(found, end, (index) => beyond(index, back));
  return { index: found, end, over: samples.length - end > 2 * calm, direction, ...level };
}

function longestCalm(from: number, to: number, isBeyond: (index: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (let index = from; index < to; index += 1) longest = Math.max(longest, (run = isBeyond(index) ? 0 : run + 1));
  return longest;
}

/** Whether most of the next samples stay departed by `least` spreads (signed): an alarm by one wild value is none. */
function stays(
  samples: readonly Sample[],
  from: number,
  level: { centre: number; spread: number },
  least: number,
): boolean {
  const next = samples.slice(from, from + 6);
  const departed = next.filter(
    ([, value]) => Math.sign(least) * (value - level.centre) > Math.abs(least) * level.spread,
  ).length;
  return departed >= Math.min(2, samples.length - from) && departed >= 0.5 * next.length;
}
