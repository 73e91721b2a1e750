import type { Random } from '../../../infra/runtime/random.ts';

/** One set of options to try. */
export type Trial = Readonly<Record<string, unknown>>;

/** What may vary, for gradient boosting; names as detection/models/trees takes them. A value is drawn from each list. */
const boostingSpace: Readonly<Record<string, readonly number[]>> = {
  depth: [3, 4, 5, 6, 7, 8],
  learningRate: [0.03, 0.05, 0.1, 0.2],
  lambda: [0.3, 1, 3, 10],
  rowSampling: [0.6, 0.8, 1],
  columnSampling: [0.3, 0.5, 0.8, 1],
};

export interface SearchResult {
  best: Trial;
  /** Trials in the order they were tried, with the mean of each fold's metric that was measured. */
  trials: readonly { options: Trial; folds: number; mean: number }[];
}

/**
 * Random search with successive halving (Jamieson and Talwalkar, AISTATS 2016): the defaults and `budget - 1` random options on two
 * folds, the better half on all. `measure` gives a metric for options and a fold, higher is better. The defaults win ties, so a search that
 * finds nothing changes nothing. Random numbers are drawn before anything is measured: the same seed tries the same options.
 */
export function searchOptions(
  setup: { budget: number; folds: number; allowed: ReadonlySet<string> | undefined },
  measure: (options: Trial, fold: number) => number,
  random: Random,
): SearchResult {
  const space = Object.entries(boostingSpace).filter(([name]) => setup.allowed?.has(name) ?? true);
  const trials = Array.from({ length: setup.budget }, (_, trial): { options: Trial; measured: number[] } => ({
    options: trial === 0 ? {} : Object.fromEntries(space.map(([name, values]) => [name, random.pick(values)])),
    measured: [],
  }));
  const meanOf = ({ measured }: { measured: readonly number[] }): number =>
    measured.reduce((sum, value) => sum + value, 0) / Math.max(1, measured.length);
  const byMean = (left: { measured: number[] }, right: { measured: number[] }): number => meanOf(right) - meanOf(left);
  const first = Math.min(2, setup.folds);
  if (setup.budget > 1)
    for (const trial of trials)
      for (let fold = 0; fold < first; fold += 1) trial.measured.push(measure(trial.options, fold));
  const kept = [...trials].sort(byMean).slice(0, Math.max(1, Math.ceil(trials.length / 2)));
  // The defaults stay in to the end, so that every search tells what it gained.
  if (!kept.includes(trials[0]!)) kept.push(trials[0]!);
  for (const trial of kept)
    for (let fold = trial.measured.length; fold < setup.folds; fold += 1)
      trial.measured.push(measure(trial.options, fold));
  const finalists = trials.filter((trial) => kept.includes(trial)).sort(byMean);
  return {
    best: finalists[0]!.options,
    trials: trials.map(({ options, measured }) => ({ options, folds: measured.length, mean: meanOf({ measured }) })),
  };
}
