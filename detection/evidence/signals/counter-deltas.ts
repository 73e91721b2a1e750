import type { Sample, Series } from '../../../domain/signal.ts';
import { longestStep } from './own-record.ts';

/** Samples in time order, finite, the last of equal times kept. Returns the input itself when it is already so. */
export function cleanSamples(samples: readonly Sample[]): readonly Sample[] {
  let clean = true;
  for (let index = 0; index < samples.length && clean; index += 1) {
    const sample = samples[index]!;
    clean =
      Number.isFinite(sample[0]) && Number.isFinite(sample[1]) && (index === 0 || sample[0] > samples[index - 1]![0]);
  }
  if (clean) return samples;
  const byTime = new Map<number, number>();
  for (const [at, value] of samples) if (Number.isFinite(at) && Number.isFinite(value)) byTime.set(at, value);
  return [...byTime].sort(([left], [right]) => left - right);
}

/** When each entity was read: the sorted union of its series' sample times. Tells a counter that is new from one that is merely cut by the window. */
export function readTimes(series: readonly Series[]): Map<string, number[]> {
  const sets = new Map<string, { times: Set<number>; like: readonly Sample[] }>();
  for (const { entity, samples } of series) {
    const known = sets.get(entity);
    // Series of one process share their read times; the ends and the length tell without looking at each.
    if (known !== undefined && alike(known.like, samples)) continue;
    const times = known?.times ?? new Set();
    for (const [at] of samples) if (Number.isFinite(at)) times.add(at);
    sets.set(entity, { times, like: samples.length >= (known?.like.length ?? 0) ? samples : known!.like });
  }
  return new Map([...sets].map(([entity, { times }]) => [entity, [...times].sort((left, right) => left - right)]));
}

function alike(left: readonly Sample[], right: readonly Sample[]): boolean {
  const middle = left.length >> 1;
  return (
    left.length === right.length &&
    left[0]?.[0] === right[0]?.[0] &&
    left[middle]?.[0] === right[middle]?.[0] &&
    left.at(-1)?.[0] === right.at(-1)?.[0]
  );
}

/**
 * What a counter grew by since the read before, as [time, growth, seconds between]. A fall is a reset (the new value is the growth, as in
 * PromQL's `rate`). A series that begins later than its entity was first read stood at zero before: its first value is growth too. What came
 * in a hole of the record says nothing of when, so it is left out.
 */
export function counterDeltas(samples: readonly Sample[], reads: readonly number[]): [number, number, number][] {
  const deltas: [number, number, number][] = [];
  const first = samples[0];
  if (first === undefined) return deltas;
  const born = lowerBound(reads, first[0]);
  for (let index = 1; index < born; index += 1)
    deltas.push([reads[index]!, 0, (reads[index]! - reads[index - 1]!) / 1000]);
  if (born > 0) deltas.push([first[0], first[1], (first[0] - reads[born - 1]!) / 1000]);
  const hole = longestStep(samples.map(([at]) => at));
  for (let index = 1; index < samples.length; index += 1) {
    const [from, low] = samples[index - 1]!;
    const [to, high] = samples[index]!;
    if (to - from > hole) continue;
    deltas.push([to, high >= low ? high - low : high, (to - from) / 1000]);
  }
  return deltas;
}

/** The first index whose value is not below `wanted`, in a sorted list. */
export function lowerBound(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first index whose sample is not before a time, of samples in order of time. */
export function lowerBoundOfTime(samples: readonly Sample[], at: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle]![0] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
