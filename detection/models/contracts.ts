import type { Random } from '../../infra/runtime/random.ts';
import type { Matrix } from './matrix.ts';
import type { OnnxPart } from './onnx/encode-model.ts';
import type { StoredRows } from './stored-rows.ts';

/**
 * The contracts of every model here. A trained model is immutable; the same data, options and seed give the same model, to
 * the byte. An anomaly score lies in [0, 1], higher is more abnormal, never NaN.
 */

/** What a model is, as plain JSON: kept in the registry, shown on a model's card. */
export interface ModelCard {
  /** Standard name of the method, e.g. `isolation-forest`. */
  method: string;
  /** Options it was trained with, defaults filled in. */
  options: Readonly<Record<string, unknown>>;
  /** Names of the columns it takes, in order; empty for a univariate series. */
  features: readonly string[];
  trainedRows: number;
}

/** A model as the bytes of an ONNX file and the names of its tensors. Input: float32 [batch, features] (or [batch, steps, features]). */
export interface OnnxModel {
  bytes: Uint8Array;
  input: string;
  output: string;
}

/**
 * In which numbers shares add up: the score itself; its logarithm to the base 2; log-odds of a probability (with more than two classes the margin of
 * the class explained); or evidence in nats, -ln(1 - score), in which independent p-values add (Fisher). `scoreIn` (`explained-score.ts`) leads back.
 */
export type ExplainedScale = 'score' | 'log2' | 'log-odds' | 'evidence';

/**
 * Which columns, and in windows which rows, made a score what it is. Shares are signed, largest first, and add up to `score - expected`, both in `scale`,
 * whatever the method: `scoreIn(scale, score)` is what the model says of the row.
 */
export interface Explanation {
  score: number;
  expected: number;
  scale: ExplainedScale;
  contributions: readonly { feature: string; value: number; share: number }[];
  /** The same shares by row instead of column, where rows around the explained one count: 0 is that row, -1 the one before. */
  points?: readonly { offset: number; share: number }[];
  /** True where the split follows from the model (an identity, Shapley values); false where the sum is split in proportion to what is told apart. */
  exact: boolean;
}

export interface Detector {
  readonly card: ModelCard;
  /** One score a row. Rows before `rows` matter only to detectors over windows. */
  score(rows: Matrix): Float64Array;
  /** 1 where a row lies outside what was seen in training, so that its score should not be relied on. */
  outOfDistribution(rows: Matrix): Uint8Array;
  /**
   * Of the row as `score` has it. Detectors over windows take rows one after another, oldest first, and explain row `at` of them, the last where it is not given.
   */
  explain(row: ArrayLike<number>, at?: number): Explanation;
  /** Detectors over windows take [batch, steps, features], steps in order of time, and give [batch, steps]; networks windows, and give their last row's. */
  toOnnx?(): OnnxModel;
  /** The same from `rows` to `scores`, [batch, 1], in doubles: for files of models that work on these scores. */
  onnxPart?(): OnnxPart;
  /** All that `load` of the same method needs, as plain JSON (typed arrays as base64). */
  toJson(): unknown;
}

export interface Trainer<Options = Record<string, unknown>> {
  readonly method: string;
  /** Learns without labels from rows that are mostly normal. Throws INPUT_INVALID on impossible options or on rows it cannot take. */
  fit(rows: Matrix, options: Partial<Options>, random: Random): Detector;
  /** The same model from rows that are read as they are needed, where the method needs no more than a few of them at a time. */
  fitStored?(rows: StoredRows, options: Partial<Options>, random: Random): Detector;
  load(json: unknown): Detector;
}

/** Scores a stream, one point at a time: score first, then learn. Bounded memory whatever the length of the stream. */
export interface OnlineDetector {
  readonly method: string;
  /** Score of the point against what was learned before it. NaN (a missing sample) scores 0. */
  scoreOne(values: ArrayLike<number>, at: number): number;
  /** Takes the point in. A missing or out-of-order sample is ignored. */
  learnOne(values: ArrayLike<number>, at: number): void;
  /** Bytes of state, an upper bound. */
  stateBytes(): number;
  /** What made `scoreOne` of the same point what it is; asked for before the point is learned. */
  explainOne(values: ArrayLike<number>, at: number): Explanation;
  /** True where the point lies outside what was learned, or too little was learned, so that its score should not be relied on. */
  outOfDistributionOne(values: ArrayLike<number>, at: number): boolean;
}

/** A classifier or a ranker: one probability a row and class. */
export interface Classifier {
  readonly card: ModelCard;
  readonly classes: readonly string[];
  /** Probabilities, rows x classes, each row adding up to 1. For two classes too. */
  probabilities(rows: Matrix): Matrix;
  explain(row: ArrayLike<number>): Explanation;
  toOnnx?(): OnnxModel;
  /** The same from `rows` to `probabilities`, in doubles: for files of models that work on them. */
  onnxPart?(): OnnxPart;
  toJson(): unknown;
}

export interface ClassifierTrainer<Options = Record<string, unknown>> {
  readonly method: string;
  /** `labels[r]` indexes `classes`. `weights` default to 1. `validation` rows stop the training early. */
  fit(data: LabelledRows, options: Partial<Options>, random: Random): Classifier;
  load(json: unknown): Classifier;
}

export interface LabelledRows {
  rows: Matrix;
  labels: Int32Array;
  classes: readonly string[];
  weights?: Float64Array;
  validation?: { rows: Matrix; labels: Int32Array };
}

/** A model of a number: remaining life, time to resolve. */
export interface Regressor {
  readonly card: ModelCard;
  predict(rows: Matrix): Float64Array;
  explain(row: ArrayLike<number>): Explanation;
  toOnnx?(): OnnxModel;
  toJson(): unknown;
}

export interface RegressorTrainer<Options = Record<string, unknown>> {
  readonly method: string;
  /** `weights` default to 1. `validation` rows stop the training early. Throws INPUT_INVALID on rows or targets it cannot take. */
  fit(data: TargetRows, options: Partial<Options>, random: Random): Regressor;
  load(json: unknown): Regressor;
}

export interface TargetRows {
  rows: Matrix;
  targets: Float64Array;
  weights?: Float64Array;
  validation?: { rows: Matrix; targets: Float64Array };
}

/** Evenly spaced values to look ahead from, oldest first; NaN for a missing one. */
export interface ForecastInput {
  values: Float64Array;
  /** Milliseconds between two values, and the time of the first. */
  stepMs: number;
  startMs: number;
  /** Steps of the seasons to try, e.g. [24, 168] for hours; found from the data where absent. */
  seasons?: readonly number[];
}

/** `mean`, `low` and `high` have one value for each step ahead; low and high bound the stated coverage. */
export interface Forecast {
  method: string;
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
  /** Stated coverage of the interval, e.g. .95. */
  coverage: number;
}

export interface Forecaster {
  readonly method: string;
  /** Throws INPUT_INVALID when the series is too short for the method, saying how much it needs. */
  forecast(input: ForecastInput, horizon: number, options?: { coverage?: number; random?: Random }): Forecast;
}
