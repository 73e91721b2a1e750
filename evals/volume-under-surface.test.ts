import { describe, expect, it } from 'vitest';
import { averagePrecision, volumeUnderSurface } from './volume-under-surface.ts';

const at = (length: number, ...ones: number[]): number[] =>
  Array.from({ length }, (_, index) => (ones.includes(index) ? 1 : 0));

describe('volumeUnderSurface', () => {
  it('without tolerance is the area under precision over range recall', () => {
    // One point of one: the first threshold finds it at precision 1; the rest adds no recall.
    expect(volumeUnderSurface(at(250, 100), at(250, 100), 0)).toBeCloseTo(1, 12);
  });
  it('of a constant score is the share of anomalous points, by the trapezoid from precision 1', () => {
    const labels = at(100, 10, 11, 12, 13);
    // All points at once: recall 1 at precision .04; the curve starts at precision 1.
    expect(volumeUnderSurface(labels, at(100), 0)).toBeCloseTo((1 + 0.04) / 2, 12);
  });
  it('multiplies recall by the share of segments that were found', () => {
    // Two runs of two points; the first three thresholds are ranks 1 to 4 of 250 points (ranks step by one).
    const labels = at(250, 50, 51, 150, 151);
    const scores = Array.from({ length: 250 }, (_, index) => -index / 1_000);
    scores[50] = 4;
    scores[51] = 3;
    scores[150] = 2;
    scores[151] = 1;
    // Recall x existence: 1/4 * 1/2, 2/4 * 1/2, 3/4, 1 at precision 1.
    expect(volumeUnderSurface(labels, scores, 0)).toBeCloseTo(1, 12);
    const halfFound = scores.slice();
    halfFound[150] = -2;
    halfFound[151] = -3;
    // .25 of recall at precision 1, the other three quarters at the very end, at 3/249 and 4/250.
    const last = ((0.75 - 0.25) * (2 / 248 + 3 / 249)) / 2 + ((1 - 0.75) * (3 / 249 + 4 / 250)) / 2;
    expect(volumeUnderSurface(labels, halfFound, 0)).toBeCloseTo(0.25 + last, 6);
  });
  it('forgives a near miss more with more tolerance', () => {
    const labels = at(500, 200, 201, 202, 203);
    const near = at(500, 204, 205, 206, 207);
    expect(volumeUnderSurface(labels, near, 0)).toBeLessThan(0.1);
    expect(volumeUnderSurface(labels, near, 20)).toBeGreaterThan(volumeUnderSurface(labels, near, 4));
    expect(volumeUnderSurface(labels, near, 20)).toBeLessThan(
      volumeUnderSurface(labels, at(500, 200, 201, 202, 203), 20),
    );
  });
  it('is not a number without an anomaly', () => {
    expect(volumeUnderSurface(at(10), at(10), 20)).toBeNaN();
  });
});

describe('averagePrecision', () => {
  it('is the textbook sum; equal scores are one threshold', () => {
    expect(averagePrecision([1, 0, 1, 0], [4, 3, 2, 1])).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(averagePrecision([1, 0, 1, 0], [1, 1, 1, 1])).toBeCloseTo(0.5, 12);
  });
});
