import type { Derived } from '../detection/evidence/signals/derived-series.ts';
import {
  createStreamWatch,
  type StreamWatch,
  type StreamWatchOptions,
} from '../detection/models/streams/stream-watch.ts';
import { isoOf } from '../infra/runtime/clock.ts';
import type { MetricSource } from '../tools/sources/source.ts';
import { learnHistory } from './watch-history.ts';

/** Keeps the streams of a watch: makes them know what the source holds from before, and again when that failed or the sampling changed. */
export interface StreamKeeper {
  /** The streams as they are now; another object after they were learned anew. */
  streams(): StreamWatch;
  /**
   * Learns history where that is due at `now` (milliseconds) with samples every `stepMs`: at first, after a failure (in one minute, then in twice as long
   * each time, at most half an hour), and after the sampling step has been another by a factor of two for three looks. Not while `held`.
   */
  learnWhereDue(now: number, stepMs: number, held: boolean, signal?: AbortSignal): Promise<void>;
  /** Takes the new points; those that `held` says are not learned. */
  feed(derived: readonly Derived[], held: (series: Derived) => boolean): void;
  /** What of history could not be read, and when it is tried again; undefined where nothing is missing. */
  gap(): string | undefined;
}

const firstWaitMs = 60_000;
const longestWaitMs = 1_800_000;
const looksToBelieve = 3;

/** Streams over one source; `maxSeries` bounds each read of its history. */
export function createStreamKeeper(
  metrics: MetricSource,
  options: StreamWatchOptions,
  maxSeries: number,
): StreamKeeper {
  let streams = createStreamWatch(options);
  let learnedStep = 0;
  let unread = 0;
  let gap: string | undefined;
  let nextTry = Number.POSITIVE_INFINITY;
  let waitMs = firstWaitMs;
  let looksOfAnother = 0;

  const learn = async (now: number, stepMs: number, signal?: AbortSignal): Promise<void> => {
    const anew = stepMs !== learnedStep;
    const fresh = createStreamWatch(options);
    const read = await learnHistory(metrics, fresh, { until: now, stepMs, maxSeries }, signal);
    if (signal?.aborted === true) return;
    // Points cannot be taught after later ones: what knows more history replaces what has watched live.
    if (anew || read.unread < unread) {
      streams = fresh;
      unread = read.unread;
      learnedStep = stepMs;
    }
    if (read.unread === 0) {
      [gap, nextTry, waitMs] = [undefined, Number.POSITIVE_INFINITY, firstWaitMs];
      return;
    }
    nextTry = now + waitMs;
    waitMs = Math.min(longestWaitMs, 2 * waitMs);
    gap = `${read.unread} of ${read.pieces} parts of the history could not be read (${read.reason ?? 'no reason given'}); tried again at ${isoOf(nextTry)}`;
  };

  return {
    streams: () => streams,
    async learnWhereDue(now, stepMs, held, signal) {
      if (stepMs <= 0) return;
      if (learnedStep === 0) {
        await learn(now, stepMs, signal);
        return;
      }
      looksOfAnother = isAnother(stepMs, learnedStep) ? looksOfAnother + 1 : 0;
      if (held) return;
      if (looksOfAnother >= looksToBelieve) {
        looksOfAnother = 0;
        await learn(now, stepMs, signal);
      } else if (now >= nextTry) await learn(now, learnedStep, signal);
    },
    feed(derived, held) {
      streams.feed(
        derived.filter((one) => !held(one)),
        true,
      );
      streams.feed(derived.filter(held), false);
    },
    gap: () => gap,
  };
}

function isAnother(stepMs: number, before: number): boolean {
  return stepMs >= 2 * before || before >= 2 * stepMs;
}
