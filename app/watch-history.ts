import { derivedOf } from '../detection/evidence/signals/detect-anomalies.ts';
import type { StreamWatch } from '../detection/models/streams/stream-watch.ts';
import { isoOf } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { MetricSource } from '../tools/sources/source.ts';

/** History is read in pieces, so that neither memory nor the event loop is taken for long. */
const pieces = 8;
const stepsPerPiece = 360;
const seriesAtOnce = 40;
/** Rates need the sample before. */
const overlapSteps = 3;

/** How many of the pieces could not be read, and why the last of them could not. */
export interface HistoryRead {
  pieces: number;
  unread: number;
  reason?: string;
}

/**
 * Lets streams learn what the source holds from before `until` (milliseconds), up to 2,880 steps: two days by the minute. A piece that cannot be read
 * is left out and told; what the source does not hold is no failure. Reads 8 times.
 */
export async function learnHistory(
  metrics: MetricSource,
  streams: StreamWatch,
  { until, stepMs, maxSeries }: { until: number; stepMs: number; maxSeries: number },
  signal?: AbortSignal,
): Promise<HistoryRead> {
  const lengthMs = stepsPerPiece * stepMs;
  const read: HistoryRead = { pieces, unread: 0 };
  for (let piece = pieces; piece >= 1; piece -= 1) {
    const to = until - (piece - 1) * lengthMs;
    const window = { from: isoOf(to - lengthMs - overlapSteps * stepMs), to: isoOf(to) };
    try {
      const found = await metrics.query({ metrics: ['*'], entities: [], window, stepMs, maxSeries }, signal);
      if (found.status !== 'ok') continue;
      const derived = derivedOf(found.items);
      for (let first = 0; first < derived.length; first += seriesAtOnce) {
        streams.feed(derived.slice(first, first + seriesAtOnce), true);
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (thrown) {
      read.unread += 1;
      read.reason = CerebroError.from(thrown).message;
      if (signal?.aborted === true) return read;
    }
  }
  return read;
}
