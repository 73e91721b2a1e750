import type { Sample } from '../../../domain/signal.ts';
import type { ForecastInput } from '../contracts.ts';
import { median } from '../../evidence/signals/robust-statistics.ts';

export interface Spacing {
  /** Milliseconds between two values; the samples' own median step where absent or smaller than that. */
  stepMs?: number;
  /** What stands for the samples of one step: their mean (default), or the highest of them. */
  of?: 'mean' | 'peak';
}

/**
 * Samples (times in milliseconds, upwards) as evenly spaced values that end with the last sample, NaN where a step has none. Undefined for fewer
 * than four samples or when no time passes between them.
 */
export function evenlySpaced(samples: readonly Sample[], spacing: Spacing = {}): ForecastInput | undefined {
  const own = median(samples.slice(1).map(([at], index) => at - samples[index]![0]));
  if (samples.length < 4 || !(own > 0)) return undefined;
  const stepMs = Math.max(own, spacing.stepMs ?? own);
  const first = samples[0]![0];
  const last = samples.at(-1)![0];
  // A longer step holds whole steps only, counted back from the last sample; what is left at the beginning is not taken.
  const steps = Math.floor((last - first + own) / stepMs + 0.01);
  if (steps < 1 || steps > 200_000) return undefined;
  const values = new Float64Array(steps).fill(Number.NaN);
  const counts = new Float64Array(steps);
  for (const [at, value] of samples) {
    if (!Number.isFinite(value)) continue;
    const step = steps - 1 - Math.floor((last - at + own / 2) / stepMs);
    if (step < 0 || step >= steps) continue;
    const known = values[step]!;
    counts[step]! += 1;
    if (Number.isNaN(known)) values[step] = value;
    else values[step] = spacing.of === 'peak' ? Math.max(known, value) : known + (value - known) / counts[step]!;
  }
  return { values, stepMs, startMs: last - (steps - 1) * stepMs };
}
