import type { Series } from '../../../domain/signal.ts';
import type { Window } from '../../../domain/time.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import { median } from '../signals/robust-statistics.ts';
import { sampleStepOf } from './sample-step.ts';

/** With fewer samples before a window than this, its baseline is too thin to tell usual scatter. */
const fewSamples = 24;
/** So many are read then. */
const enoughSamples = 48;

/**
 * Where to start reading so that coarsely sampled series (a minute, five minutes) have a baseline: undefined when what was read from
 * `readFrom` on holds enough samples before the window, or the series are not coarse.
 */
export function longHistory(series: readonly Series[], window: Window, readFrom: string): string | undefined {
  const stride = Math.max(1, Math.floor(series.length / 50));
  const steps = series
    .filter((_, index) => index % stride === 0)
    .flatMap(({ samples }) => sampleStepOf(samples).stepMs ?? []);
  if (steps.length === 0) return undefined;
  const step = median(steps);
  const from = msOf(window.from);
  if ((from - msOf(readFrom)) / step >= fewSamples) return undefined;
  return isoOf(from - enoughSamples * step);
}
