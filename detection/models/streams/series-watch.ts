import { stateTail, tailShare } from './calibrated-tail.ts';
import { createDefaultEnsemble } from './default-ensemble.ts';
import { createHabituation } from './habituation.ts';

/** One series as it is watched: points go in as they come, and it tells how surely it is abnormal by now. */
export interface SeriesWatch {
  /** Takes the next point in time order; one that is not later than the last, or not finite, changes nothing. `learn` false: while a fault is held. */
  take(at: number, value: number, learn: boolean): void;
  /**
   * Probability that ordinary noise looks as abnormal as the series does now; 1 while less than `leastWatched` points were learned, while the latest
   * points are not relevant, or when nothing came.
   */
  tail(): number;
  /** The least that `tail` can be with the points learned so far (see `surestAfter`); 1 while less than `leastWatched` were. */
  leastTail(): number;
  /** How abnormal the latest point is by itself, in [0, 1] (see DefaultEnsemble.scoreOne). */
  score(): number;
  /** Time of the first of the latest points that stand out; undefined while none does. */
  since(): number | undefined;
  /** What was usual at the time of the latest point. */
  usual(): number;
  /** The latest point that stands out. */
  standing(): StandingPoint;
  lastAt(): number;
  /** From the first point to the latest, milliseconds. */
  spanMs(): number;
  learned(): number;
}

/** A point that stands out: its value, what is usual then, and the deviations behind it, the largest first. */
export interface StandingPoint {
  value: number;
  usual: number;
  because: { feature: string; share: number }[];
}

/** Whether a value is far enough from a usual one, in the direction that hurts, to matter in practice. */
export type Relevance = (value: number, usual: number) => boolean;

/** Fewer points before are no ground for waking anybody. */
export const leastWatched = 60;
/** So many of the latest points must stand out; the weakest of them counts. */
const standing = 3;
const latest = 5;
/** One point of ordinary noise in twenty shows this much. */
const outstanding = 0.05;
/** Less evidence than this (a share of 1 % of noise) alarms nowhere, so that nobody asks why. */
const telling = -Math.log(0.01);
/** What was usual lately: a mean that forgets within about as many points, so that a drift of hours is no news. */
const recent = 60;

/**
 * Watches one series by the default ensemble. What counts is the third highest evidence among the latest five points, so that a spike of one or two
 * points says nothing. A point counts only where it is relevant against the usual value and against the latest 60 points. Evidence that came again and
 * again before counts less (`habituation.ts`), and nobody can be surer than the points before allow (`surestAfter`). 31 KB.
 */
export function createSeriesWatch(relevant: Relevance): SeriesWatch {
  const ensemble = createDefaultEnsemble();
  const habituation = createHabituation();
  const surprises = new Float64Array(latest);
  const times = new Float64Array(latest);
  const point = new Float64Array(1);
  let taken = 0;
  let learned = 0;
  let firstAt = Number.NaN;
  let lastAt = Number.NEGATIVE_INFINITY;
  let usual = Number.NaN;
  let score = 0;
  let evidence = 0;
  let lately = Number.NaN;
  let told: StandingPoint = { value: Number.NaN, usual: Number.NaN, because: [] };

  const sorted = new Float64Array(latest);
  const standingOut = (): number => {
    sorted.set(surprises);
    return sorted.sort()[latest - standing]!;
  };

  return {
    take(at, next, learn) {
      if (!(at > lastAt) || !Number.isFinite(next)) return;
      point[0] = next;
      if (taken === 0) firstAt = at;
      lastAt = at;
      usual = ensemble.usualAt(at);
      score = ensemble.scoreOne(point, at);
      const matters = learned >= leastWatched && relevant(next, usual) && relevant(next, lately);
      const share = matters ? tailShare(stateTail, ensemble.stateOne(point, at)) : 1;
      if (share <= outstanding) told = { value: next, usual, because: [] };
      surprises[taken % latest] = -Math.log(share);
      times[taken % latest] = at;
      taken += 1;
      const shown = standingOut();
      evidence = Math.min(habituation.damp(shown), surestAfter(learned));
      if (share <= outstanding && evidence > telling)
        told.because = ensemble
          .explainOne(point, at)
          .contributions.filter((one) => one.share > 0)
          .slice(0, 4);
      if (!learn) {
        ensemble.followOne(next);
        return;
      }
      habituation.take(shown);
      ensemble.learnOne(point, at);
      learned += 1;
      lately = learned === 1 ? next : lately + (next - lately) / Math.min(learned, recent);
    },
    tail: () => Math.exp(-evidence),
    leastTail: () => (learned < leastWatched ? 1 : Math.exp(-surestAfter(learned))),
    score: () => score,
    since() {
      let first: number | undefined;
      for (let index = 0; index < latest; index += 1)
        if (surprises[index]! >= -Math.log(outstanding) && !(first !== undefined && first <= times[index]!))
          first = times[index]!;
      return first;
    },
    usual: () => usual,
    standing: () => told,
    lastAt: () => lastAt,
    spanMs: () => (taken === 0 ? 0 : lastAt - firstAt),
    learned: () => learned,
  };
}

/**
 * The most evidence that n points before allow: if nothing happens, three given points of the next all lie beyond n earlier ones with a probability of
 * 3! / ((n + 1)(n + 2)(n + 3)), and there are ten ways to choose three of five (exchangeability alone; Glick 1978, "Breaking records and breaking boards").
 */
function surestAfter(count: number): number {
  return Math.max(0, Math.log(((count + 1) * (count + 2) * (count + 3)) / 60));
}
