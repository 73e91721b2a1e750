import { createRandom } from '../../../infra/runtime/random.ts';
import { trainFailurePredictor, type FailurePredictor } from './failure-predictor.ts';
import type { FailureRun } from './failure-run.ts';
import { serviceSignals } from './service-signals.ts';
import { degradations, simulateDegradation } from './simulate-degradation.ts';

/** Steps that the predictor of services looks ahead, and steps of history that it is best given. */
export const serviceHorizon = 30;
export const serviceSteps = 120;

/**
 * The failure predictor for services: learned from `runs` where a team has its own, else from 180 simulated degradations (seeded, the same each
 * time). Cost: half a second once. What it is worth on unseen simulated ones: the test beside it; on turbofan engines: `eval cmapss`.
 */
export function trainServicePredictor(runs: readonly FailureRun[] = simulatedRuns(180, 1)): FailurePredictor {
  return trainFailurePredictor(
    runs,
    { signals: serviceSignals, cap: 120, horizon: serviceHorizon, windows: [5, 15, 40], trees: 60, stride: 6 },
    createRandom(1),
  );
}

/** Simulated runs, every kind in turn. */
export function simulatedRuns(count: number, seed: number): FailureRun[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, run) =>
    simulateDegradation(degradations[run % degradations.length]!, random),
  );
}
