import { clamp } from '../evidence/signals/robust-statistics.ts';

/** An answer that a person labelled: what the shipped priors said of its first hypothesis, and whether it was right. */
export interface LabelledOutcome {
  prior: number;
  right: boolean;
}

/** A straight line in log odds from the shipped prior to a team's own probability. */
export interface Recalibration {
  intercept: number;
  slope: number;
  outcomes: number;
}

/** So many labelled outcomes are needed before a team's own count. */
export const fewestOutcomes = 20;

/** How strongly intercept and slope are held at 0 and 1, as if by so many outcomes: a handful of bad days is no new law. */
const pull = { intercept: 0.25, slope: 4 };

/**
 * Fits Platt's line (1999) over the shipped priors to a team's own outcomes, held near the identity by a Gaussian prior and with Platt's
 * smoothed targets; undefined with fewer than twenty. Newton's method with step halving; the loss is strictly convex. Pure.
 */
export function fitRecalibration(outcomes: readonly LabelledOutcome[]): Recalibration | undefined {
  if (outcomes.length < fewestOutcomes) return undefined;
  const hits = outcomes.filter(({ right }) => right).length;
  const [high, low] = [(hits + 1) / (hits + 2), 1 / (outcomes.length - hits + 2)];
  const points = outcomes.map(({ prior, right }) => ({ x: logit(prior), target: right ? high : low }));
  let [intercept, slope] = [0, 1];
  for (let round = 0; round < 50; round += 1) {
    const [stepA, stepB] = newtonStep(points, intercept, slope);
    const before = lossOf(points, intercept, slope);
    let size = 1;
    while (size > 1e-6 && lossOf(points, intercept - size * stepA, slope - size * stepB) > before) size /= 2;
    intercept -= size * stepA;
    slope -= size * stepB;
    if (size * (Math.abs(stepA) + Math.abs(stepB)) < 1e-9) break;
  }
  // A line that fell would call sure answers unlikely: order is the ranking's, only the level is learned.
  return { intercept, slope: Math.max(0.05, slope), outcomes: outcomes.length };
}

interface Point {
  x: number;
  target: number;
}

function newtonStep(points: readonly Point[], intercept: number, slope: number): [number, number] {
  let [a, b, aa, ab, bb] = [pull.intercept * intercept, pull.slope * (slope - 1), pull.intercept, 0, pull.slope];
  for (const { x, target } of points) {
    const p = logistic(intercept + slope * x);
    const weight = p * (1 - p);
    a += p - target;
    b += (p - target) * x;
    aa += weight;
    ab += weight * x;
    bb += weight * x * x;
  }
  const determinant = aa * bb - ab * ab;
  return [(bb * a - ab * b) / determinant, (aa * b - ab * a) / determinant];
}

function lossOf(points: readonly Point[], intercept: number, slope: number): number {
  const held = 0.5 * (pull.intercept * intercept ** 2 + pull.slope * (slope - 1) ** 2);
  return points.reduce((total, { x, target }) => {
    const odds = intercept + slope * x;
    return total + Math.log1p(Math.exp(-Math.abs(odds))) + Math.max(0, odds) - target * odds;
  }, held);
}

/** A prior on a team's own scale, in (0, 1), to two decimals; unchanged without a fit. */
export function recalibrated(prior: number, fit: Recalibration | undefined): number {
  if (fit === undefined) return prior;
  return Math.round(100 * logistic(fit.intercept + fit.slope * logit(prior))) / 100;
}

function logit(probability: number): number {
  const p = clamp(probability, 0.01, 0.99);
  return Math.log(p / (1 - p));
}

function logistic(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
