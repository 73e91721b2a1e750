import type { SignalRole } from '../../../domain/finding.ts';
import type { Derived } from '../../evidence/signals/derived-series.ts';
import { shiftLimitOf } from '../../evidence/signals/shift-limits.ts';
import { judgeTogether } from './joint-alarm.ts';
import { seriesKeyOf } from './score-findings.ts';
import { createSeriesWatch, leastWatched, type Relevance, type SeriesWatch } from './series-watch.ts';

/** A series that stands out, and how surely. */
export interface StreamAlarm {
  series: Omit<Derived, 'samples' | 'weights' | 'reasons'>;
  /** `seriesKeyOf` the series. */
  key: string;
  /** Time of the first of the latest points that stand out, milliseconds. */
  since: number;
  /** The latest point that stands out, and what is usual then. */
  value: number;
  usual: number;
  /** How surely its latest points are abnormal for this series alone (1 less `SeriesWatch.tail`), and points learned before. */
  score: number;
  learned: number;
  because: { feature: string; share: number }[];
}

/** What one look at all series shows. */
export interface StreamLook {
  /** How surely something is abnormal, all series taken together (see `judgeTogether`). */
  score: number;
  /** The series that stand out at the threshold, the surest first. */
  alarms: StreamAlarm[];
  /** The least ordinary series that are judged, at most ten, the least ordinary first; those that show nothing are left out. */
  foremost: StreamAlarm[];
  /** Series that are judged: enough points, and the latest one is fresh. */
  judged: number;
  watched: number;
}

export interface StreamWatch {
  /** Takes the points that are new, in time order, and learns them unless a fault is held. */
  feed(derived: readonly Derived[], learn: boolean): void;
  /** Judges all series as they stand at `now` (milliseconds). */
  look(now: number): StreamLook;
  /** How abnormal the latest point of a series is (see DefaultEnsemble.scoreOne) and the points learned before; undefined where it is not watched. */
  scoreOf(key: string): { score: number; learned: number } | undefined;
  /**
   * Whether a series does nothing unusual by all that it showed: points enough were learned to be as sure as the threshold asks, and its latest points
   * are not that abnormal by themselves. False where it is not watched, knows too little, or at a threshold of 1.
   */
  isOrdinary(key: string): boolean;
}

export interface StreamWatchOptions {
  /** Score over all series together from which series alarm. Default .9999. */
  threshold?: number;
  /** At most so many series are watched, 31 KB each; those that fell silent make room. Default 2,000. */
  most?: number;
}

interface Watched {
  series: StreamAlarm['series'];
  watch: SeriesWatch;
  stepMs: number;
}

/** What people feel, in the order in which they would ask, and how a database answers, which its callers feel first. */
export const watchedRoles: readonly SignalRole[] = [
  'latency',
  'errors',
  'queue',
  'database-latency',
  'availability',
  'restarts',
];
/** What is about to run out. */
const watchedAspects = new Set(['saturation', 'pending']);
/** Used to more than this, something begins to wait: what is in use matters from here on. */
const nearlyFull = 0.8;
/** A series that has not seen a whole day does not know what is usual at this hour: alone it wakes nobody, so many must agree. */
const dayMs = 86_400_000;
const agreeing = 3;
/** Where fewer agree, it must be so many times as rare: real series have wilder moments than the noise that scores are calibrated on. */
const loneFactor = 10;
/** A series is silent after so many of its steps without a point. */
const silentSteps = 6;

/** Watches the symptom and saturation series among what it is fed, each against all that it showed before, and judges them together. Bounded memory. */
export function createStreamWatch(options: StreamWatchOptions = {}): StreamWatch {
  const { threshold = 0.9999, most = 2_000 } = options;
  const watched = new Map<string, Watched>();

  const watchedFor = (derived: Derived): Watched | undefined => {
    const key = seriesKeyOf(derived);
    const known = watched.get(key);
    if (known !== undefined) return known;
    const relevant = isWatched(derived) ? relevanceOf(derived) : undefined;
    if (relevant === undefined || (watched.size >= most && !makeRoom(derived.samples.at(-1)?.[0] ?? 0)))
      return undefined;
    const { samples: _samples, weights: _weights, reasons: _reasons, ...series } = derived;
    const fresh = { series, watch: createSeriesWatch(relevant), stepMs: 0 };
    watched.set(key, fresh);
    return fresh;
  };
  /** Lets the series go that has been silent longest, if any has. */
  const makeRoom = (now: number): boolean => {
    let longest: string | undefined;
    let last = Number.POSITIVE_INFINITY;
    for (const [key, one] of watched) {
      if (one.watch.lastAt() >= last || !isSilent(one, now)) continue;
      longest = key;
      last = one.watch.lastAt();
    }
    return longest !== undefined && watched.delete(longest);
  };

  return {
    feed(derived, learn) {
      for (const one of derived) {
        const state = watchedFor(one);
        if (state === undefined) continue;
        for (const [at, value] of one.samples) {
          const before = state.watch.lastAt();
          if (at <= before) continue;
          if (Number.isFinite(before)) state.stepMs += (at - before - state.stepMs) * (state.stepMs === 0 ? 1 : 0.1);
          state.watch.take(at, value, learn);
        }
      }
    },
    look(now) {
      const judged = [...watched].filter(([, one]) => one.watch.learned() >= leastWatched && !isSilent(one, now));
      const tails = Float64Array.from(judged, ([, { watch }]) => watch.tail());
      const { score, members } = judgeTogether(tails, threshold);
      const told = members.map((index) => judged[index]!);
      const sure = score >= 1 - (1 - threshold) / loneFactor;
      const alarming =
        told.length >= agreeing || told.some(([, one]) => isNearlyFull(one) || (sure && knowsTheDay(one)));
      return {
        score,
        alarms: alarming ? told.map(([key, one]) => alarmOf(key, one)) : [],
        foremost: foremostOf(tails).map((index) => alarmOf(...judged[index]!)),
        judged: judged.length,
        watched: watched.size,
      };
    },
    scoreOf(key) {
      const watch = watched.get(key)?.watch;
      return watch === undefined ? undefined : { score: watch.score(), learned: watch.learned() };
    },
    isOrdinary(key) {
      const watch = watched.get(key)?.watch;
      return watch !== undefined && watch.leastTail() <= 1 - threshold && watch.tail() > 1 - threshold;
    },
  };
}

/** Indices of the ten lowest probabilities below a half. */
function foremostOf(tails: Float64Array): number[] {
  const below: number[] = [];
  for (const [index, tail] of tails.entries()) if (tail < 0.5) below.push(index);
  return below.sort((left, right) => tails[left]! - tails[right]!).slice(0, 10);
}

function isWatched({ role, aspect }: Derived): boolean {
  return watchedRoles.includes(role) || watchedAspects.has(aspect);
}

function knowsTheDay({ watch }: Watched): boolean {
  return watch.spanMs() >= dayMs;
}

/** What is all but used up matters at once and whatever the hour (`relevanceOf`: such a series counts from 80 % on only). */
function isNearlyFull({ series }: Watched): boolean {
  return series.aspect === 'saturation';
}

function isSilent({ watch, stepMs }: Watched, now: number): boolean {
  return stepMs > 0 && now - watch.lastAt() > silentSteps * stepMs;
}

/** By the limits that findings use (undefined where its kind is not judged): a change that matters in practice, in the direction that hurts. */
export function relevanceOf(derived: Derived): Relevance | undefined {
  const limit = shiftLimitOf(derived);
  if (limit === undefined) return undefined;
  const { leastChange, leastRatio, absoluteFloor } = limit;
  const down = limit.direction === 'down';
  const least = derived.aspect === 'saturation' ? nearlyFull : Number.NEGATIVE_INFINITY;
  return (value, usual) => {
    if (value < least) return false;
    const [high, low] = down ? [usual, value] : [value, usual];
    return high - low >= leastChange && high + absoluteFloor >= leastRatio * (low + absoluteFloor);
  };
}

function alarmOf(key: string, { series, watch }: Watched): StreamAlarm {
  return {
    series,
    key,
    since: watch.since() ?? watch.lastAt(),
    score: 1 - watch.tail(),
    learned: watch.learned(),
    ...watch.standing(),
  };
}
