import { createRandom, type Random } from '../../../infra/runtime/random.ts';
import type { Classifier, ClassifierTrainer } from '../../models/contracts.ts';
import { chosenRows, scoreStored, takeStored } from '../../models/stored-rows.ts';
import { abnormalShare } from './model-bundle.ts';
import type { PseudoLabels } from './pseudo-labels.ts';
import { bestThreshold, reportOf } from './score-report.ts';
import { searchOptions, type SearchResult, type Trial } from './search-options.ts';
import { foldsOf, type TimeSplit } from './split-by-time.ts';
import type { TrainingRows } from './training-data.ts';

/** Rows between training and held-out ones: the longest look back of a feature. */
export const embargo = 60;
/** A search measures on at most so many rows; the chosen options are then measured on all. */
const mostSearchRows = 20_000;

export interface TrainingTask {
  data: TrainingRows;
  labels: PseudoLabels;
  /** Rows that may be trained on. */
  train: Int32Array;
  folds: number;
  seed: number;
}

/** What cross-validation says: the mean and spread of each fold's area under precision and recall, and the threshold with the best F1. */
export interface CrossValidation {
  aucPr: number;
  aucPrSpread: number;
  auroc: number;
  threshold: number;
  folds: number;
  /** What the truth was: labels of persons, or the forest's bands where too few were labelled. */
  against: 'labels' | 'pseudo-labels';
}

/**
 * Trains on some rows; every seventh block of 60 rows stops the training early where those blocks hold both classes. Blocks from all over
 * the time, because the newest rows teach most about what comes: withholding the latest 15 % instead cost .05 of AUC-PR on a made-up host.
 */
export function fitOn(trainer: ClassifierTrainer, task: TrainingTask, rows: Int32Array, options: Trial): Classifier {
  const { data, labels } = task;
  const usable = rows.filter((row) => labels.labels[row]! >= 0);
  const stops = (_: number, place: number): boolean => Math.floor(place / embargo) % 7 === 3;
  const validation = usable.filter(stops);
  const rest = usable.filter((row, place) => !stops(row, place));
  const both = hasBoth(labels.labels, validation) && hasBoth(labels.labels, rest);
  const train = both ? rest : usable;
  return trainer.fit(
    {
      rows: takeStored(data.rows, train),
      labels: pick(labels.labels, train),
      classes: ['normal', 'abnormal'],
      weights: Float64Array.from(train, (row) => labels.weights[row]!),
      ...(both
        ? { validation: { rows: takeStored(data.rows, validation), labels: pick(labels.labels, validation) } }
        : {}),
    },
    options,
    createRandom(task.seed),
  );
}

/** Chooses options by cross-validation over a sample of the rows. `space` names the options that the method knows. */
export function searchFor(
  trainer: ClassifierTrainer,
  task: TrainingTask,
  setup: { trials: number; fixed: Trial; space: ReadonlySet<string>; onTrial: (done: number) => void },
): SearchResult {
  const random = createRandom(task.seed);
  const rows = thinRows(task.train, mostSearchRows, random);
  const folds = foldsFor(task, rows, random);
  const truth = truthOf(task);
  let done = 0;
  return searchOptions(
    {
      budget: setup.trials,
      folds: folds.length,
      allowed: new Set([...setup.space].filter((name) => !(name in setup.fixed))),
    },
    (options, fold) => {
      const scores = scoreFold(trainer, task, folds[fold]!, { ...options, ...setup.fixed });
      done += 1;
      setup.onTrial(done);
      return reportOf(scores, pick(truth.labels, folds[fold]!.holdout), 0.5).aucPr;
    },
    random,
  );
}

/** Cross-validates options on all training rows. */
export function crossValidate(
  trainer: ClassifierTrainer,
  task: TrainingTask,
  options: Trial,
  onFold: (done: number) => void,
): CrossValidation {
  return crossValidateWith(task, (fold) => scoreFold(trainer, task, fold, options), onFold);
}

/** The same for anything that learns from a fold's training rows and scores its held-out ones. */
export function crossValidateWith(
  task: TrainingTask,
  score: (fold: TimeSplit) => Float64Array,
  onFold: (done: number) => void,
): CrossValidation {
  const folds = foldsFor(task, task.train, createRandom(task.seed));
  const truth = truthOf(task);
  const all: { scores: Float64Array; labels: Int32Array; aucPr: number }[] = [];
  for (const fold of folds) {
    const scores = score(fold);
    const labels = pick(truth.labels, fold.holdout);
    all.push({ scores, labels, aucPr: reportOf(scores, labels, 0.5).aucPr });
    onFold(all.length);
  }
  const scores = Float64Array.from(all.flatMap((fold) => [...fold.scores]));
  const labels = Int32Array.from(all.flatMap((fold) => [...fold.labels]));
  const mean = all.reduce((sum, { aucPr }) => sum + aucPr, 0) / Math.max(1, all.length);
  const spread = Math.sqrt(all.reduce((sum, { aucPr }) => sum + (aucPr - mean) ** 2, 0) / Math.max(1, all.length - 1));
  return {
    aucPr: mean,
    aucPrSpread: spread,
    auroc: reportOf(scores, labels, 0.5).auroc,
    threshold: bestThreshold(scores, labels),
    folds: folds.length,
    against: truth.against,
  };
}

/** Persons' labels where there are at least 20 of them with both classes, else what the bands say. */
function truthOf(task: TrainingTask): { labels: Int32Array; against: CrossValidation['against'] } {
  const given = task.data.labels;
  const known = task.train.filter((row) => given[row]! >= 0);
  return known.length >= 20 && hasBoth(given, known)
    ? { labels: given, against: 'labels' }
    : { labels: task.labels.labels, against: 'pseudo-labels' };
}

function scoreFold(trainer: ClassifierTrainer, task: TrainingTask, fold: TimeSplit, options: Trial): Float64Array {
  const labels = task.labels.labels;
  // A fold whose training rows lack a class teaches nothing: every row gets the same score.
  if (!hasBoth(labels, fold.train)) return new Float64Array(fold.holdout.length);
  const classifier = fitOn(trainer, task, fold.train, options);
  return scoreStored(chosenRows(task.data.rows, fold.holdout), (block) =>
    abnormalShare(classifier.probabilities(block)),
  );
}

function foldsFor(task: TrainingTask, rows: Int32Array, random: Random): TimeSplit[] {
  const truth = truthOf(task);
  return foldsOf(
    { entityOf: task.data.entityOf, labels: truth.labels },
    rows,
    { folds: task.folds, gap: embargo },
    random,
  );
}

/** Neighbouring stretches of 500 rows, drawn at random and in order, where there are more than `most`. */
export function thinRows(rows: Int32Array, most: number, random: Random): Int32Array {
  if (rows.length <= most) return rows;
  const stretch = 500;
  const stretches = Array.from({ length: Math.floor(rows.length / stretch) }, (_, i) => i);
  const chosen = random
    .shuffle(stretches)
    .slice(0, Math.max(1, Math.floor(most / stretch)))
    .sort((left, right) => left - right);
  return Int32Array.from(chosen.flatMap((i) => [...rows.subarray(i * stretch, (i + 1) * stretch)]));
}

/** Whether rows hold both normal and abnormal labels. */
export function hasBoth(labels: Int32Array, rows: Int32Array): boolean {
  return rows.some((row) => labels[row] === 0) && rows.some((row) => labels[row]! > 0);
}

/** The values at these places. */
export function pick(values: Int32Array, places: Int32Array): Int32Array {
  return Int32Array.from(places, (place) => values[place]!);
}
