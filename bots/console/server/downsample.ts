import type { Sample } from '../../../domain/signal.ts';

/**
 * Thins samples to at most `points` (at least 4) for drawing, so that no peak or trough is lost: each bucket of equal count keeps its lowest and highest
 * sample in time order, and the first and last sample stay. Linear in the number of samples.
 */
export function downsample(samples: readonly Sample[], points: number): Sample[] {
  const most = Math.max(4, Math.floor(points));
  if (samples.length <= most) return [...samples];
  const inner = samples.length - 2;
  const buckets = Math.floor((most - 2) / 2);
  const kept: Sample[] = [samples[0]!];
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const start = 1 + Math.floor((bucket * inner) / buckets);
    const end = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    kept.push(...extremes(samples, start, end));
  }
  kept.push(...samples.slice(-1));
  return kept;
}

function extremes(samples: readonly Sample[], start: number, end: number): Sample[] {
  let lowest = start;
  let highest = start;
  for (let index = start + 1; index < end; index += 1) {
    if (samples[index]![1] < samples[lowest]![1]) lowest = index;
    if (samples[index]![1] > samples[highest]![1]) highest = index;
  }
  if (lowest === highest) return [samples[lowest]!];
  return [samples[Math.min(lowest, highest)]!, samples[Math.max(lowest, highest)]!];
}
