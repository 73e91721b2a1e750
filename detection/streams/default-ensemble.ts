import type { Explanation } from '../contracts.ts';
import { createAlarmGate } from './alarm-gate.ts';
import { noveltyTail, stateTail, tailShare } from './calibrated-tail.ts';
import { createNovelty } from './novelty.ts';
import { createSampledQuantiles } from './sampled-quantiles.ts';
import { createSeason } from './season.ts';
import { createUnivariate, type UnivariateDetector } from './univariate.ts';

/** The default detector of a stream: one score for "abnormal", one for "newly abnormal". */
export interface DefaultEnsemble extends UnivariateDetector {
  /**
   * One less the probability of as much novelty in ordinary noise, where that is news; 0 within an episode that was told already. Ask once for each
   * point, before it is learned.
   */
  alarmOne(values: ArrayLike<number>, at: number): number;
  /** `stateEvidence` of a point that is not yet learned. */
  stateOne(values: ArrayLike<number>, at: number): number;
  /** The evidence that a later look over the whole series starts from, of a point that is not yet learned. */
  noveltyOne(values: ArrayLike<number>, at: number): number;
  /** The usual value at a time by the season that was found; undefined without one. */
  expectedAt(at: number): number | undefined;
  periodMs(): number | undefined;
}

/** About the last 8,000 points. */
const longStride = 61;
const leastSeasonal = 50;

/** Evidence that a point is abnormal: the distance from the level, half of that from the season, a tenth of its novelty, in logarithms. */
export function stateEvidence(level: number, season: number, novelty: number): number {
  return Math.log1p(level) + 0.5 * Math.log1p(season) + 0.1 * Math.log1p(10 * novelty);
}

/**
 * Level, season and multi-scale novelty in one score, with one configuration for every series. `scoreOne` is one less the harmonic mean (Wilson,
 * PNAS 2019) of two probabilities under ordinary noise: of the state and of the novelty. 31 KB; about 4 microseconds a point.
 */
export function createDefaultEnsemble(): DefaultEnsemble {
  const season = createSeason();
  const novelty = createNovelty(season);
  const level = createSampledQuantiles(longStride);
  const gap = createSampledQuantiles(longStride);
  const gate = createAlarmGate();

  const levelDistance = (value: number): number => Math.abs(value - level.median()) / level.scale();
  const seasonDistance = (value: number, at: number): number => {
    const usual = gap.count() < leastSeasonal ? undefined : season.expected(at);
    return usual === undefined ? levelDistance(value) : Math.abs(value - usual - gap.median()) / gap.scale();
  };
  const stateOf = (value: number, at: number): number =>
    stateEvidence(levelDistance(value), seasonDistance(value, at), novelty.evidence(value, at));
  const shares = (value: number, at: number): [state: number, novelty: number] => [
    tailShare(stateTail, stateOf(value, at)),
    tailShare(noveltyTail, novelty.evidence(value, at)),
  ];

  const core = createUnivariate({
    method: 'default-ensemble',
    score(value, at) {
      const [state, news] = shares(value, at);
      return 1 - 2 / (1 / state + 1 / news);
    },
    learn(value, at) {
      novelty.take(value, at);
      const usual = season.expected(at);
      if (usual !== undefined) gap.push(value - usual);
      season.take(value, at);
      level.push(value);
    },
    parts(value, at) {
      const [state, news] = shares(value, at);
      const own = [
        { feature: 'distance from the usual level', value: value - level.median(), weight: levelDistance(value) },
        { feature: 'distance from the season', value: value - (season.expected(at) ?? level.median()), weight: 0.5 * seasonDistance(value, at) },
      ];
      const fresh = novelty.parts(value, at).filter(({ feature }) => feature !== 'distance from the season');
      return [...scaledTo(own, 1 / state), ...scaledTo(fresh.map((part) => ({ ...part, feature: `new ${part.feature}` })), 1 / news)];
    },
    bytes: season.bytes + novelty.bytes + level.bytes + gap.bytes + 256,
  });

  return {
    ...core,
    alarmOne(values, at) {
      const score = core.scoreOne(values, at);
      const evidence = score > 0 ? novelty.evidence(values[0]!, at) : 0;
      const news = gate.next(evidence);
      return news > 0 ? 1 - tailShare(noveltyTail, news) : 0;
    },
    stateOne: (values, at) => (Number.isFinite(values[0]!) ? stateOf(values[0]!, at) : 0),
    noveltyOne: (values, at) => (Number.isFinite(values[0]!) ? novelty.evidence(values[0]!, at) : 0),
    expectedAt: season.expected,
    periodMs: season.periodMs,
  };
}

/** The parts with weights that add up to `total`. */
function scaledTo<Part extends { weight: number }>(parts: Part[], total: number): Part[] {
  const sum = parts.reduce((all, part) => all + part.weight, 0);
  return sum > 0 ? parts.map((part) => ({ ...part, weight: (part.weight / sum) * total })) : [];
}
