import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Random } from '../../../infra/runtime/random.ts';
import type { Classifier, Explanation, Regressor } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';
import { createGradientBoostingTrainer } from '../trees/boosted-classifier.ts';
import { createBoostedRegressorTrainer } from '../trees/boosted-regressor.ts';
import { failureBands, type FailureBands } from './failure-bands.ts';
import { labelLives, type FailureRun, type LifeLabel } from './failure-run.ts';
import { oversample } from './oversample.ts';
import { createTrendFeatures, type TrendFeatureSet } from './trend-features.ts';

export interface FailureOptions {
  /** Names of the columns of a history. */
  signals: readonly string[];
  /** Life, in steps, above which more makes no difference. */
  cap: number;
  /** Steps within which a failure counts as soon. */
  horizon: number;
  windows?: readonly number[];
  trees?: number;
  /** Train on every so many-th step of a run. */
  stride?: number;
  /** What is done about failures being rare: weights (default), synthetic rows, or nothing. */
  imbalance?: 'weights' | 'synthetic' | 'none';
}

/** What lies ahead of one run. */
export interface FailureForecast {
  /** Probability of failing within the horizon. */
  probability: number;
  /** Steps left, at most the cap, and a 90 % interval. */
  remaining: number;
  low: number;
  high: number;
  /** What shortens (negative share, in steps) or lengthens the life that is left, by exact Shapley values, strongest first. */
  factors: Explanation['contributions'];
}

export interface FailurePredictor {
  readonly options: FailureOptions;
  /** From the history up to now. Throws INPUT_INVALID when it is too short or has other columns. */
  predict(history: Matrix): FailureForecast;
  toJson(): unknown;
}

const classes = ['later', 'soon'] as const;

/**
 * Learns from runs how long a life is left and how likely it ends within the horizon: gradient boosting on how each signal stands and moves
 * (`createTrendFeatures`). Intervals by cross-conformal bands over whole runs held out in three folds (Vovk 2015). Failing runs are weighted
 * up and the probability is put back to their true share (Elkan 2001). Needs three runs that failed. Cost: eight trainings.
 */
export function trainFailurePredictor(
  runs: readonly FailureRun[],
  options: FailureOptions,
  random: Random,
): FailurePredictor {
  const failed = runs.filter((run) => run.failed).length;
  if (failed < 3) throw new CerebroError('INPUT_INVALID', `${failed} runs ended in a failure; at least 3 are needed.`);
  for (const { history } of runs)
    if (history.columns !== options.signals.length)
      throw new CerebroError(
        'INPUT_INVALID',
        `A history has ${history.columns} columns for ${options.signals.length} signals.`,
      );
  const features = createTrendFeatures(options.signals, options.windows);
  const labels = labelLives(runs, {
    cap: options.cap,
    horizon: options.horizon,
    from: features.needs - 1,
    stride: options.stride ?? 2,
  });
  const rows = rowsOf(runs, labels, features);
  const held = new Float64Array(labels.length);
  const fold = random.shuffle(runs.map((_, run) => run % 3));
  for (let one = 0; one < 3; one += 1) {
    const model = fitLife(
      pick(rows, labels, ({ run }) => fold[run] !== one),
      features,
      options,
      random,
    );
    const out = pick(rows, labels, ({ run }) => fold[run] === one);
    const said = model.predict(out.rows);
    for (const [i, index] of out.indexes.entries()) held[index] = said[i]!;
  }
  const known = labels.flatMap(({ left }, i) => (left === undefined ? [] : [{ said: held[i]!, left }]));
  const all = pick(rows, labels, () => true);
  return predictorOf({
    options,
    life: fitLife(all, features, options, random),
    soon: fitSoon(all, features, options, random),
    bands: failureBands(known, options.cap, 0.9),
  });
}

/** A predictor from what `toJson` gave. */
export function loadFailurePredictor(json: unknown): FailurePredictor {
  const read = z
    .object({
      options: z.object({
        signals: z.array(z.string()),
        cap: z.number(),
        horizon: z.number(),
        windows: z.array(z.number()).optional(),
      }),
      life: z.unknown(),
      soon: z.object({ model: z.unknown(), odds: z.number() }),
      bands: z.object({ edges: z.array(z.number()), below: z.array(z.number()), above: z.array(z.number()) }),
    })
    .safeParse(json);
  if (!read.success) throw new CerebroError('INPUT_INVALID', `Not a failure predictor: ${read.error.message}`);
  const { options, life, soon, bands } = read.data;
  const { windows, ...rest } = options;
  return predictorOf({
    options: { ...rest, ...(windows === undefined ? {} : { windows }) },
    life: createBoostedRegressorTrainer().load(life),
    soon: { model: createGradientBoostingTrainer().load(soon.model), odds: soon.odds },
    bands,
  });
}

interface Soon {
  model: Classifier;
  /** How much the failing rows were weighted up: what the odds are divided by again. */
  odds: number;
}

function predictorOf(parts: {
  options: FailureOptions;
  life: Regressor;
  soon: Soon;
  bands: FailureBands;
}): FailurePredictor {
  const { options, life, soon, bands } = parts;
  const features = createTrendFeatures(options.signals, options.windows);
  const width = features.names.length;
  return {
    options,
    predict(history) {
      if (history.columns !== options.signals.length || history.rows < features.needs)
        throw new CerebroError(
          'INPUT_INVALID',
          `A history needs ${options.signals.length} columns and at least ${features.needs} steps; it has ${history.columns} and ${history.rows}.`,
        );
      const row = new Float64Array(width);
      features.fill(history, history.rows - 1, row);
      const rows = { rows: 1, columns: width, values: row };
      const weighted = soon.model.probabilities(rows).values[1]!;
      const remaining = Math.min(options.cap, Math.max(0, life.predict(rows)[0]!));
      const { below, above } = bandAt(bands, remaining);
      return {
        probability: weighted / (weighted + (1 - weighted) * soon.odds),
        remaining,
        low: Math.max(0, remaining - below),
        high: Math.min(options.cap, remaining + above),
        factors: life
          .explain(row)
          .contributions.filter(({ share }) => share !== 0)
          .sort((a, b) => Math.abs(b.share) - Math.abs(a.share)),
      };
    },
    toJson: () => ({
      options,
      life: life.toJson(),
      soon: { model: soon.model.toJson(), odds: soon.odds },
      bands,
    }),
  };
}

function bandAt({ edges, below, above }: FailureBands, remaining: number): { below: number; above: number } {
  const at = Math.max(
    0,
    edges.findLastIndex((edge) => remaining >= edge),
  );
  return { below: below[at] ?? 0, above: above[at] ?? 0 };
}

interface Picked {
  rows: Matrix;
  labels: LifeLabel[];
  indexes: number[];
}

function rowsOf(runs: readonly FailureRun[], labels: readonly LifeLabel[], features: TrendFeatureSet): Matrix {
  const columns = features.names.length;
  const values = new Float32Array(labels.length * columns);
  const row = new Float64Array(columns);
  for (const [i, { run, at }] of labels.entries()) {
    features.fill(runs[run]!.history, at, row);
    values.set(row, i * columns);
  }
  return { rows: labels.length, columns, values };
}

function pick(rows: Matrix, labels: readonly LifeLabel[], keep: (label: LifeLabel) => boolean): Picked {
  const indexes = labels.flatMap((label, i) => (keep(label) ? [i] : []));
  const values = new Float32Array(indexes.length * rows.columns);
  for (const [to, from] of indexes.entries())
    values.set(rows.values.subarray(from * rows.columns, (from + 1) * rows.columns), to * rows.columns);
  return {
    rows: { rows: indexes.length, columns: rows.columns, values },
    labels: indexes.map((i) => labels[i]!),
    indexes,
  };
}

function boostingOf(options: FailureOptions, features: TrendFeatureSet): Record<string, unknown> {
  return {
    trees: options.trees ?? 150,
    depth: 5,
    learningRate: 9 / (options.trees ?? 150),
    rowSampling: 0.6,
    columnSampling: 0.3,
    lambda: 5,
    minWeight: 10,
    threads: 1,
    features: features.names,
  };
}

// oxlint-disable-next-line max-params -- what on, of what, how, by what chance
function fitLife(all: Picked, features: TrendFeatureSet, options: FailureOptions, random: Random): Regressor {
  const known = pick(all.rows, all.labels, ({ left }) => left !== undefined);
  const targets = Float64Array.from(known.labels, ({ left }) => left!);
  return createBoostedRegressorTrainer().fit({ rows: known.rows, targets }, boostingOf(options, features), random);
}

// oxlint-disable-next-line max-params -- what on, of what, how, by what chance
function fitSoon(all: Picked, features: TrendFeatureSet, options: FailureOptions, random: Random): Soon {
  const known = pick(all.rows, all.labels, ({ soon }) => soon !== undefined);
  const rare = pick(known.rows, known.labels, ({ soon }) => soon === true);
  const often = known.rows.rows - rare.rows.rows;
  const imbalance = options.imbalance ?? 'weights';
  const made = imbalance === 'synthetic' ? oversample(rare.rows, often - rare.rows.rows, random) : undefined;
  const rows = made === undefined ? known.rows : stack(known.rows, made);
  const labels = Int32Array.from({ length: rows.rows }, (_, i) =>
    i >= known.labels.length || known.labels[i]!.soon === true ? 1 : 0,
  );
  const settings = {
    ...boostingOf(options, features),
    minWeight: 1,
    classWeights: imbalance === 'weights' ? ('balanced' as const) : ('none' as const),
  };
  const model = createGradientBoostingTrainer().fit({ rows, labels, classes }, settings, random);
  return { model, odds: imbalance === 'none' ? 1 : Math.max(1, often / Math.max(1, rare.rows.rows)) };
}

function stack(above: Matrix, below: Matrix): Matrix {
  const values = new Float32Array((above.rows + below.rows) * above.columns);
  values.set(above.values);
  values.set(below.values, above.values.length);
  return { rows: above.rows + below.rows, columns: above.columns, values };
}
