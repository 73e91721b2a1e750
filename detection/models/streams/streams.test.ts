import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { OnlineDetector } from '../contracts.ts';
import { createAlarmGate } from './alarm-gate.ts';
import { chooseDetector } from './choose-detector.ts';
import { createDefaultEnsemble } from './default-ensemble.ts';
import { findPeriod } from './find-period.ts';
import { makeNoise, noiseKinds } from './noise.ts';
import { createOnlinePca } from './online-pca.ts';
import { createRandomCutForest } from './random-cut-forest.ts';
import { createRobustZScore } from './robust-z-score.ts';
import { scoreSeries } from './score-series.ts';
import { createSeason } from './season.ts';
import { createSortedWindow } from './sorted-window.ts';
import { streamsConformance } from './streams.conformance.ts';
import { scoreOfDeviation } from './tail-bound.ts';
import { univariateDetectors } from './univariate-detectors.ts';
import { createVotingEnsemble, fitStacking, joinVotes } from './voting-ensemble.ts';

const fastTier = new Set(['robust-z-score', 'mad', 'ewma', 'change-point']);
for (const [name, create] of Object.entries(univariateDetectors))
  describe(name, () => {
    streamsConformance(create, 1, fastTier.has(name) ? 2_048 : 32_768);
  });
describe('random-cut-forest', () => {
  streamsConformance(() => createRandomCutForest({ columns: 3, seed: 7, trees: 20, size: 128 }), 3, 1_000_000);
});
describe('online-pca', () => {
  streamsConformance(() => createOnlinePca({ columns: 3 }), 3, 16_384);
});
describe('voting', () => {
  const members = (): OnlineDetector[] => [univariateDetectors['ewma']!(), univariateDetectors['mad']!()];
  for (const rule of [
    { kind: 'majority' },
    { kind: 'weighted', weights: [1, 3] },
    { kind: 'stacked', weights: [0.5, 1], bias: -2 },
  ] as const)
    describe(rule.kind, () => {
      streamsConformance(() => createVotingEnsemble(members(), rule), 1, 8_192);
    });
});

const daily = (length: number, seed: number): Float64Array => makeNoise('seasonal', length, createRandom(seed));
const times = (length: number): Float64Array => Float64Array.from({ length }, (_, at) => at * 300_000);

describe('findPeriod', () => {
  it('finds the period of a noisy season', () => {
    expect(findPeriod(daily(3_000, 1))?.steps).toBeCloseTo(288, -1);
  });
  it('finds none in noise or in a constant', () => {
    expect(findPeriod(makeNoise('white', 2_000, createRandom(2)))).toBeUndefined();
    expect(findPeriod(new Float64Array(500).fill(3))).toBeUndefined();
  });
});

describe('createSeason', () => {
  it('foretells the phase of a day that it found itself, across a gap', () => {
    const season = createSeason();
    const values = daily(4_000, 3);
    const at = times(4_000);
    for (let index = 0; index < 4_000; index += 1)
      if (index < 2_000 || index > 2_200) season.take(values[index]!, at[index]!);
    expect(season.periodMs()).toBe(86_400_000);
    const next = 4_000 * 300_000;
    expect(season.expected(next)).toBeCloseTo(5 * Math.sin((2 * Math.PI * 4_000) / 288), -0.5);
  });
});

describe('default ensemble', () => {
  const share = (limit: number): number => {
    let high = 0;
    let all = 0;
    for (const kind of noiseKinds) {
      const ensemble = createDefaultEnsemble();
      const values = makeNoise(kind, 3_000, createRandom(`calibration:${kind}`));
      for (const [at, value] of values.entries()) {
        if (at >= 500) {
          all += 1;
          if (ensemble.scoreOne([value], at * 300_000) >= limit) high += 1;
        }
        ensemble.learnOne([value], at * 300_000);
      }
    }
    return high / all;
  };
  it('is calibrated: of fresh noise about one point in 100 reaches .99', () => {
    expect(share(0.99)).toBeGreaterThan(0.003);
    expect(share(0.99)).toBeLessThan(0.02);
  });
  it('alarms once at a step and not again while it lasts', () => {
    const ensemble = createDefaultEnsemble();
    const noise = makeNoise('white', 1_200, createRandom(5));
    const alarms: number[] = [];
    for (const [at, value] of noise.entries()) {
      const point = [value + (at >= 1_000 ? 12 : 0)];
      if (ensemble.alarmOne(point, at * 300_000) >= 0.999) alarms.push(at);
      ensemble.learnOne(point, at * 300_000);
    }
    expect(alarms[0]).toBe(1_000);
    expect(alarms.length).toBeLessThanOrEqual(2);
  });
  it('misses the peak that a season owes', () => {
    const ensemble = createDefaultEnsemble();
    const values = daily(3_000, 6);
    let top = 0;
    for (const [at, value] of values.entries()) {
      const point = [at > 2_640 ? -5 : value];
      if (at > 2_640) top = Math.max(top, ensemble.scoreOne(point, at * 300_000));
      ensemble.learnOne(point, at * 300_000);
    }
    expect(top).toBeGreaterThan(0.99);
  });
  it('explains: shares add up to the score, the level leads at a jump; far outside is out of distribution', () => {
    const ensemble = createDefaultEnsemble();
    for (const [at, value] of makeNoise('white', 600, createRandom(7)).entries())
      ensemble.learnOne([value], at * 60_000);
    const { score, contributions } = ensemble.explainOne([25], 600 * 60_000);
    expect(contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(score, 9);
    expect(contributions[0]!.feature).toBe('distance from the usual level');
    expect(ensemble.outOfDistributionOne([25], 600 * 60_000)).toBe(true);
    expect(ensemble.outOfDistributionOne([1], 600 * 60_000)).toBe(false);
  });
});

describe('scoreSeries', () => {
  it('ranks a planted stretch above the rest and takes a missing sample', () => {
    const values = daily(2_000, 8);
    values.fill(20, 1_500, 1_520);
    values[100] = Number.NaN;
    const scores = scoreSeries(values, times(2_000));
    const inside = Math.min(...scores.slice(1_500, 1_520));
    expect(inside).toBeGreaterThan(0.99);
    expect(scores.filter((score, at) => score > inside && (at < 1_490 || at > 1_530)).length).toBe(0);
  });
});

describe('createAlarmGate', () => {
  it('lets the first through, then only what is much higher, and all after the quiet', () => {
    const gate = createAlarmGate({ quiet: 3, escalation: 2 });
    expect([1, 1.5, 2.5, 1, 1, 1, 1].map((evidence) => gate.next(evidence))).toEqual([1, 0, 2.5, 0, 0, 0, 1]);
  });
});

describe('createSortedWindow', () => {
  it('has the quantiles and the median distance of its last values', () => {
    const window = createSortedWindow(5);
    for (const value of [9, 1, 5, 3, 7, 2, 8]) window.push(value);
    // Left are 5 3 7 2 8.
    expect([window.quantile(0), window.quantile(0.5), window.quantile(1)]).toEqual([2, 5, 8]);
    expect(window.medianDistance(5)).toBe(2);
  });
});

describe('scoreOfDeviation', () => {
  it('follows the bound', () => {
    expect(scoreOfDeviation(3)).toBeCloseTo(1 - 4 / 81, 12);
    expect(scoreOfDeviation(1)).toBe(0);
    expect(scoreOfDeviation(Number.NaN)).toBe(0);
    expect(scoreOfDeviation(-3)).toBe(scoreOfDeviation(3));
  });
});

describe('voting', () => {
  it('counts, weighs and stacks', () => {
    expect(joinVotes([1, 0.96, 0], { kind: 'majority' })).toBeCloseTo((2 + 1.96 / 3) / 4, 12);
    expect(joinVotes([1, 0.5], { kind: 'weighted', weights: [1, 3] })).toBeCloseTo(0.625, 12);
    expect(joinVotes([0, 0], { kind: 'stacked', weights: [1, 1], bias: 5 })).toBe(0);
  });
  it('learns which member to trust', () => {
    const random = createRandom(9);
    const labels = Array.from({ length: 400 }, () => (random.next() < 0.1 ? 1 : 0));
    const good = labels.map((label) => 0.3 * random.next() + 0.6 * label);
    const bad = labels.map(() => random.next());
    const rule = fitStacking([good, bad], labels);
    if (rule.kind !== 'stacked') throw new Error('labels of both kinds are there');
    expect(rule.weights[0]!).toBeGreaterThan(5 * Math.abs(rule.weights[1]!));
    expect(joinVotes([0.8, 0.5], rule)).toBeGreaterThan(0.5);
    expect(joinVotes([0.1, 0.5], rule)).toBeLessThan(0.5);
    expect(
      fitStacking(
        [good],
        labels.map(() => 0),
      ).kind,
    ).toBe('weighted');
  });
});

describe('chooseDetector', () => {
  it('ranks all candidates, a median far from the mean last, and the same again', () => {
    const values = makeNoise('skewed', 2_400, createRandom(10));
    const choose = (): { method: string; quality: number }[] =>
      chooseDetector(
        { values, times: times(2_400) },
        [createRobustZScore, univariateDetectors['ewma']!, univariateDetectors['default-ensemble']!],
        createRandom(1),
      );
    const chosen = choose();
    expect(chosen.map(({ method }) => method)).toEqual(['default-ensemble', 'ewma', 'robust-z-score']);
    expect(choose()).toEqual(chosen);
    expect(chosen[0]!.quality).toBeGreaterThan(chosen[1]!.quality);
  });
});
