import { describe, expect, it } from 'vitest';
import { calibration, confidenceOf } from '../detection/diagnosis/calibration.ts';
import type { Grade } from '../domain/diagnosis.ts';
import { calibrationOf } from './calibration.ts';
import { fitCalibration, isFitted, type PooledOutcome } from './fit-calibration.ts';

/** Outcomes of which `share` are right, all alike otherwise. */
function outcomes(suite: string, count: number, how: { score: number; grade: Grade; share: number }): PooledOutcome[] {
  return Array.from({ length: count }, (_, index) => ({
    suite,
    case: `c${index}`,
    verdict: 'cause',
    confidence: 0.5,
    culprit: true,
    right: index < how.share * count,
    score: how.score,
    grade: how.grade,
    basis: { margin: how.score / 2, lead: how.score / 2, coverage: 1, signals: 2 },
  }));
}

describe('fitted priors', () => {
  const pool = [
    ...outcomes('a', 200, { score: 0.8, grade: 'proven', share: 0.98 }),
    ...outcomes('a', 100, { score: 0.5, grade: 'supported', share: 0.7 }),
    ...outcomes('b', 40, { score: 0.35, grade: 'suspected', share: 0.3 }),
  ];
  const weights = fitCalibration(pool);
  const stated = ({ score = 0, basis, grade }: PooledOutcome): number =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made above
    confidenceOf({ score, basis: basis!, grade: grade as Grade }, weights);

  it('say what came out', () => {
    const pairs = pool.map((one) => ({ confidence: stated(one), right: one.right }));
    expect(calibrationOf(pairs).expectedCalibrationError).toBeLessThan(0.08);
    expect(fitCalibration(pool)).toEqual(weights);
  });

  it('never punish more evidence, and keep a sensible weight for kinds of answer that nothing shows', () => {
    expect(
      Math.min(weights.score, weights.margin, weights.lead, weights.coverage, weights.signals),
    ).toBeGreaterThanOrEqual(0);
    expect(weights.grade.unproven).toBeLessThan(weights.grade.suspected);
    expect(weights.grade.suspected).toBeLessThan(weights.grade.proven);
  });

  it('learn how often nothing found wrong is true, never less with more signals', () => {
    const healthy = (index: number, rights: readonly boolean[]): PooledOutcome[] =>
      rights.map((right, at) => ({
        suite: 'h',
        case: `${index}-${at}`,
        verdict: 'healthy',
        confidence: calibration.healthy[index] ?? 0,
        right,
        culprit: false,
      }));
    const fit = fitCalibration([
      ...pool,
      ...healthy(1, [true, true, true]),
      ...healthy(2, [false, false]),
      ...healthy(3, [true, true, true, true, true]),
    ]).healthy;
    expect([...fit].sort((left, right) => left - right)).toEqual(fit);
    expect(fit[3]).toBeGreaterThan(0.8);
    expect(fit[1]).toBe(fit[2]);
  });

  it('split the cases about in half, a case with all its views on one side', () => {
    const share = pool.filter(isFitted).length / pool.length;
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.65);
    for (const one of pool) expect(isFitted({ ...one, without: 'logs' })).toBe(isFitted(one));
  });
});
