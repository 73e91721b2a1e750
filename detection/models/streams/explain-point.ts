import { createRandom } from '../../../infra/runtime/random.ts';
import type { Explanation } from '../contracts.ts';
import { type Choice, chooseDetector } from './choose-detector.ts';
import { createDefaultEnsemble } from './default-ensemble.ts';
import { scoreSeries } from './score-series.ts';
import { univariateDetectors } from './univariate-detectors.ts';

/** A stretch of a series that a look back finds abnormal; indices inclusive. */
export interface Stretch {
  from: number;
  to: number;
  peak: number;
  score: number;
}

/** A point of a series as it looked when it came, against all before it. */
export interface PointScore {
  at: number;
  explanation: Explanation;
  /** Lies outside what was seen before it, or too little was seen: the score should not be relied on. */
  outOfDistribution: boolean;
  learned: number;
  /** The usual value at that time by the season found so far, and its period; absent without a season. */
  usual?: number;
  periodMs?: number;
}

/** Of ordinary noise one point in 100 reaches this score. */
const abnormal = 0.99;
const choiceLength = 2_000;

/** The stretches where the look-back score reaches .99, highest first. Points up to 4 steps apart are one stretch. */
export function abnormalStretches(scores: ArrayLike<number>): Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = 0; at < scores.length; at += 1) {
    const score = scores[at]!;
    if (score < abnormal) continue;
    const last = stretches.at(-1);
    if (last === undefined || at - last.to > 4) stretches.push({ from: at, to: at, peak: at, score });
    else {
      last.to = at;
      if (score > last.score) Object.assign(last, { peak: at, score });
    }
  }
  return stretches.toSorted((left, right) => right.score - left.score || left.from - right.from);
}

/** Explains the point with the given index by the default ensemble, or by a named detector, that saw all points before it and none after. */
export function explainPoint(
  values: ArrayLike<number>,
  times: ArrayLike<number>,
  index: number,
  method = 'default-ensemble',
): PointScore {
  const ensemble = createDefaultEnsemble();
  const detector = method === ensemble.method ? ensemble : (univariateDetectors[method] ?? createDefaultEnsemble)();
  const point = new Float64Array(1);
  let learned = 0;
  for (let at = 0; at < index; at += 1) {
    point[0] = values[at]!;
    if (Number.isFinite(point[0])) learned += 1;
    detector.learnOne(point, times[at]!);
    if (detector !== ensemble) ensemble.learnOne(point, times[at]!);
  }
  point[0] = values[index]!;
  const at = times[index]!;
  const usual = ensemble.expectedAt(at);
  const periodMs = ensemble.periodMs();
  return {
    at,
    explanation: detector.explainOne(point, at),
    outOfDistribution: detector.outOfDistributionOne(point, at),
    learned,
    ...(usual === undefined ? {} : { usual }),
    ...(usual === undefined || periodMs === undefined ? {} : { periodMs }),
  };
}

/** Look-back scores of a series (see `scoreSeries`) and, where asked for, which detector suits it best, judged on its last 2,000 points. */
export function lookBack(
  values: Float64Array,
  times: Float64Array,
  choose: boolean,
): { scores: Float64Array; choices: Choice[] } {
  const scores = scoreSeries(values, times);
  if (!choose) return { scores, choices: [] };
  const recent = { values: values.slice(-choiceLength), times: times.slice(-choiceLength) };
  return { scores, choices: chooseDetector(recent, Object.values(univariateDetectors), createRandom(1)) };
}
