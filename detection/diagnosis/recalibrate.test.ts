import { describe, expect, it } from 'vitest';
import { fitRecalibration, recalibrated } from './recalibrate.ts';

const outcomes = (count: number, prior: number, share: number) =>
  Array.from({ length: count }, (_, index) => ({ prior, right: index < count * share }));

describe('recalibration by own outcomes', () => {
  it('needs twenty, and leaves the shipped prior alone until then', () => {
    expect(fitRecalibration(outcomes(19, 0.9, 0.2))).toBeUndefined();
    expect(recalibrated(0.9, undefined)).toBe(0.9);
    expect(fitRecalibration(outcomes(20, 0.9, 0.2))?.outcomes).toBe(20);
  });

  it('moves toward what a team saw, more with more outcomes, and keeps the order', () => {
    const few = fitRecalibration(outcomes(20, 0.9, 0.5));
    const many = fitRecalibration(outcomes(400, 0.9, 0.5));
    expect(recalibrated(0.9, few)).toBeLessThan(0.9);
    expect(recalibrated(0.9, many)).toBeCloseTo(0.5, 1);
    expect(recalibrated(0.95, many)).toBeGreaterThan(recalibrated(0.6, many));
  });

  it('changes little where the priors were right', () => {
    const fit = fitRecalibration([...outcomes(50, 0.9, 0.9), ...outcomes(50, 0.5, 0.5)]);
    expect(recalibrated(0.9, fit)).toBeCloseTo(0.9, 1);
    expect(recalibrated(0.5, fit)).toBeCloseTo(0.5, 1);
  });

  it('never turns the order round, even where sure answers were the wrong ones', () => {
    const fit = fitRecalibration([...outcomes(100, 0.95, 0), ...outcomes(100, 0.3, 1)]);
    expect(recalibrated(0.95, fit)).toBeGreaterThanOrEqual(recalibrated(0.3, fit));
  });
});
