import { calibration, calibrationFeatures, type CalibrationWeights } from '../detection/diagnosis/calibration.ts';
import type { Grade } from '../domain/diagnosis.ts';
import { contentHash } from '../infra/runtime/canonical-json.ts';
import type { Outcome } from './suite.ts';

/** An outcome and the suite that it comes from. */
export interface PooledOutcome extends Outcome {
  suite: string;
}

/** Outcomes that a fit can learn from: something was claimed, and what the claim was worked out from is known. */
export function isClaim(one: PooledOutcome): boolean {
  return (one.verdict === 'cause' || one.verdict === 'external') && one.basis !== undefined && one.score !== undefined;
}

/** Whether a case is in the half that is fitted on: by the hash of its name, so that the split is the same for everybody. */
export function isFitted({ suite, case: name }: PooledOutcome): boolean {
  return Number.parseInt(contentHash(['calibration', suite, name]).slice(0, 8), 16) % 2 === 0;
}

/**
 * What an on-call engineer would say before any data, in the order of `names` and `grades`: fitted weights are pulled toward it, so that kinds
 * of answer that few incidents show keep a sensible weight. The intercept is free.
 */
const before = [-3.1, 4.2, 2.4, 0, 0, 0, 1.1, 0.5, -0.3, -1.2];
const names = ['intercept', 'score', 'margin', 'lead', 'coverage', 'signals'] as const;
const grades: readonly Grade[] = ['proven', 'supported', 'suspected', 'unproven'];
/** How strongly. */
const ridge = [0.01, 0.3, 0.3, 0.3, 0.3, 0.3, 1, 1, 1, 1];

/**
 * Fits the logistic of `calibration.ts` with a ridge toward prior weights, each suite weighing as the root of its cases, so that a large one does not drown the
 * rest. Cases seen without one of their signals count too, for less: rules were written with the whole cases in view, and what a team sees
 * is seldom whole. Weights that would punish a lead, a covered symptom, another signal or a better score are held at 0: more evidence is never worse.
 * Targets are Platt's smoothed ones. Projected gradient with a backtracking step; deterministic.
 */
export function fitCalibration(outcomes: readonly PooledOutcome[]): CalibrationWeights {
  const claims = outcomes.filter(isClaim);
  const counts = new Map<string, number>();
  for (const one of claims) counts.set(groupOf(one), (counts.get(groupOf(one)) ?? 0) + 1);
  const hits = claims.filter(({ right }) => right).length;
  const targets: [number, number] = [1 / (claims.length - hits + 2), (hits + 1) / (hits + 2)];
  const rows = claims.map((one) => ({
    x: vectorOf(one),
    target: targets[one.right ? 1 : 0],
    weight: (one.without === undefined ? 1 : shareOfViews) / Math.sqrt(counts.get(groupOf(one)) ?? 1),
  }));
  let weights: number[] = [...before];
  let loss = lossOf(rows, weights);
  for (let round = 0, step = 1; round < 20_000 && step > 1e-9; round += 1) {
    const slope = gradientOf(rows, weights);
    const next = weights.map((value, index) => {
      const moved = value - step * (slope[index] ?? 0);
      return index >= 1 && index <= 5 ? Math.max(0, moved) : moved;
    });
    const nextLoss = lossOf(rows, next);
    if (nextLoss < loss) {
      weights = next;
      loss = nextLoss;
      step *= 1.2;
    } else step /= 2;
  }
  const at = (index: number): number => Math.round(100 * (weights[index] ?? 0)) / 100;
  const [intercept, score, margin, lead, coverage, signals] = names.map((_, index) => at(index));
  return {
    intercept: intercept ?? calibration.intercept,
    score: score ?? 0,
    margin: margin ?? 0,
    lead: lead ?? 0,
    coverage: coverage ?? 0,
    signals: signals ?? 0,
    grade: { proven: at(6), supported: at(7), suspected: at(8), unproven: at(9) },
    healthy: fitHealthy(outcomes),
  };
}

/**
 * The share of true ones among answers that found nothing wrong, by how many signals were looked at (told from the confidence that goes with
 * it), never falling as more were (pool adjacent violators; one right and one wrong added to each).
 */
function fitHealthy(outcomes: readonly PooledOutcome[]): [number, number, number, number] {
  const groups = calibration.healthy.map((stated) => {
    const mine = outcomes.filter(({ verdict, confidence }) => verdict === 'healthy' && confidence === stated);
    return { right: mine.filter(({ right }) => right).length + 1, all: mine.length + 2, count: 1 };
  });
  const pooled: typeof groups = [];
  for (const group of groups) {
    pooled.push({ ...group });
    for (let last = pooled.length - 1; last > 0; last -= 1) {
      const [lower, upper] = [pooled[last - 1]!, pooled[last]!];
      if (lower.right / lower.all <= upper.right / upper.all) break;
      const joined = { right: lower.right + upper.right, all: lower.all + upper.all, count: lower.count + upper.count };
      pooled.splice(last - 1, 2, joined);
    }
  }
  const rates = pooled.flatMap(({ right, all, count }) => Array.from({ length: count }, () => right / all));
  const at = (index: number): number => Math.round(100 * (rates[index] ?? 0.5)) / 100;
  return [at(0), at(1), at(2), at(3)];
}

/** What a view without one signal weighs, against a whole case. */
const shareOfViews = 0.4;

function groupOf({ suite, without }: PooledOutcome): string {
  return `${suite}|${without === undefined ? '' : 'view'}`;
}

interface Row {
  x: readonly number[];
  target: number;
  weight: number;
}

function vectorOf({ score = 0, basis, grade }: PooledOutcome): number[] {
  const seen = basis ?? { margin: 0, lead: 0, coverage: 0, signals: 0 };
  const features = calibrationFeatures({ score, basis: seen });
  return [
    1,
    features.score,
    features.margin,
    features.lead,
    features.coverage,
    features.signals,
    ...grades.map((one) => (one === grade ? 1 : 0)),
  ];
}

function oddsOf(x: readonly number[], weights: readonly number[]): number {
  return x.reduce((total, value, index) => total + value * (weights[index] ?? 0), 0);
}

function lossOf(rows: readonly Row[], weights: readonly number[]): number {
  const held = weights.reduce(
    (total, value, index) => total + 0.5 * (ridge[index] ?? 0) * (value - (before[index] ?? 0)) ** 2,
    0,
  );
  return rows.reduce((total, { x, target, weight }) => {
    const odds = oddsOf(x, weights);
    return total + weight * (Math.log1p(Math.exp(-Math.abs(odds))) + Math.max(0, odds) - target * odds);
  }, held);
}

function gradientOf(rows: readonly Row[], weights: readonly number[]): number[] {
  const slope = weights.map((value, index) => (ridge[index] ?? 0) * (value - (before[index] ?? 0)));
  for (const { x, target, weight } of rows) {
    const error = weight * (1 / (1 + Math.exp(-oddsOf(x, weights))) - target);
    for (const [index, value] of x.entries()) slope[index] = (slope[index] ?? 0) + error * value;
  }
  return slope;
}
