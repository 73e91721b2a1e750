import { describe, expect, it } from 'vitest';
import { nabProfiles, scoreNab, tuneThreshold } from './score-nab.ts';

const standard = nabProfiles[0]!;
const lowFalsePositive = nabProfiles[1]!;
const lowFalseNegative = nabProfiles[2]!;
/** 100 points, probation 15, one window from 50 to 59. */
const series = (...alarms: number[]): { scores: number[]; windows: [number, number][] } => ({
  scores: Array.from({ length: 100 }, (_, at) => (alarms.includes(at) ? 1 : 0)),
  windows: [[50, 59]],
});
const sigmoid = (position: number): number => 2 / (1 + Math.exp(5 * position)) - 1;

describe('scoreNab', () => {
  it('is 0 for silence and 100 for an alarm at the left edge', () => {
    expect(scoreNab([series()], standard, 1)).toBe(0);
    expect(scoreNab([series(50)], standard, 1)).toBeCloseTo(100, 9);
  });
  it('counts the earliest alarm of a window by its place', () => {
    const expected = (100 * (1 + sigmoid(-0.5) / sigmoid(-1))) / 2;
    expect(scoreNab([series(55)], standard, 1)).toBeCloseTo(expected, 9);
    expect(scoreNab([series(55, 57, 59)], standard, 1)).toBeCloseTo(expected, 9);
  });
  it('charges false alarms: little just behind a window, fully before any, doubly in the low-FP profile', () => {
    expect(scoreNab([series(30)], standard, 1)).toBeCloseTo((100 * 0.11 * sigmoid(3)) / 2, 1);
    expect(scoreNab([series(60)], standard, 1)).toBeCloseTo((100 * 0.11 * sigmoid(1 / 9)) / 2, 9);
    expect(scoreNab([series(99)], lowFalsePositive, 1)).toBeCloseTo(-11, 1);
    expect(scoreNab([series(30)], lowFalseNegative, 1)).toBeCloseTo((-100 * 0.11) / 3, 1);
  });
  it('does not look at probation', () => {
    expect(scoreNab([series(3, 14)], standard, 1)).toBe(0);
  });
});

describe('tuneThreshold', () => {
  it('takes the threshold with the best total, none where silence is best', () => {
    const mixed = series();
    mixed.scores[50] = 0.9;
    for (let at = 20; at < 45; at += 1) mixed.scores[at] = 0.5;
    expect(tuneThreshold([mixed], standard)).toBe(0.9);
    expect(tuneThreshold([{ scores: mixed.scores, windows: [] }], standard)).toBe(Number.POSITIVE_INFINITY);
  });
});
