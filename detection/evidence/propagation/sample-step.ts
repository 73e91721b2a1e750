import type { Sample } from '../../../domain/signal.ts';
import { median } from '../signals/robust-statistics.ts';

/** From here on the time between samples blurs onsets so much that it is told. */
const coarseMs = 20_000;

/** The usual time between the last samples in milliseconds, as a member of a finding's data, where it is long enough to blur an onset. */
export function sampleStepOf(samples: readonly Sample[]): { stepMs?: number } {
  const last = samples.slice(-20);
  const stepMs = Math.round(median(last.slice(1).map(([at], index) => at - last[index]![0])));
  return stepMs >= coarseMs ? { stepMs } : {};
}
