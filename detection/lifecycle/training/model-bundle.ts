import { z } from 'zod';
import { canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Classifier, Detector, Explanation, OnnxModel } from '../../models/contracts.ts';
import { outsideRanges, rangesJson } from '../../models/outliers/range-guard.ts';
import { computedRows } from '../features/computed-rows.ts';
import { featureSet } from '../features/feature-set.ts';
import { type Frame, selectColumns } from '../features/frame.ts';
import type { Matrix } from '../../models/matrix.ts';
import { filledRows, type StoredRows } from '../../models/stored-rows.ts';
import { type TrainingParts, trainerOf } from './training-parts.ts';

/** Everything besides the model itself that scoring needs, kept as `bundle.json` beside `model.json` and `model.onnx`. */
const bundleHead = z.object({
  format: z.literal(1),
  method: z.string(),
  kind: z.enum(['detector', 'classifier']),
  /** Columns of the data, in order. */
  columns: z.array(z.string()),
  featureSet,
  features: z.array(z.string()),
  /** What stands for a missing value of each feature; null where the model takes missing values itself. */
  fills: z.array(z.number()).nullable(),
  classes: z.array(z.string()),
  /** Scores from here on are abnormal. */
  threshold: z.number(),
  /** Usual distance of two samples in milliseconds. */
  stepMs: z.number(),
  /** A sorted sample of each data column as it was in training, for drift. */
  reference: z.record(z.string(), z.array(z.number())),
  /** Of each feature in training, where the model itself does not keep them (classifiers); absent in files of older versions. */
  ranges: rangesJson.optional(),
  /** Names of the ONNX file's tensors; absent when the method has no ONNX form. */
  onnx: z.object({ input: z.string(), output: z.string() }).optional(),
});
export type BundleHead = z.infer<typeof bundleHead>;

/** The files of a bundle. */
export function bundleFiles(
  head: BundleHead,
  model: Detector | Classifier,
  onnx: OnnxModel | undefined,
): Record<string, Uint8Array> {
  return {
    'bundle.json': Buffer.from(canonicalJson(head)),
    'model.json': Buffer.from(canonicalJson(model.toJson())),
    'card.json': Buffer.from(canonicalJson(model.card)),
    ...(onnx === undefined ? {} : { 'model.onnx': onnx.bytes }),
  };
}

/** A model that is ready to score frames, with the native scorer. */
export interface Scorer {
  readonly head: BundleHead;
  /** Features of a frame as the model takes them: computed as they are read, missing values filled where the model needs it. */
  prepare(frame: Frame): StoredRows;
  /** One score in [0, 1] a row; for a classifier the probability of all classes but the first. */
  score(rows: Matrix): Float64Array;
  /** Probabilities of each class; absent for a detector. */
  probabilities?(rows: Matrix): Matrix;
  explain(row: ArrayLike<number>): Explanation;
  /** 1 for rows that lie outside what was seen in training; absent only for classifiers that an older version trained. */
  outOfDistribution?(rows: Matrix): Uint8Array;
}

/** Reads `bundle.json`. Throws STORE_DAMAGED. */
export function readBundleHead(bytes: Uint8Array): BundleHead {
  try {
    return bundleHead.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch (thrown) {
    throw new CerebroError(
      'STORE_DAMAGED',
      'bundle.json is not of a form that this version knows; train the model again.',
      { cause: thrown },
    );
  }
}

/** Opens a bundle. Throws STORE_DAMAGED for a file of another form and NOT_FOUND for a method that is not here. */
export function openScorer(read: (file: string) => Uint8Array, parts: TrainingParts): Scorer {
  const head = readBundleHead(read('bundle.json'));
  const found = trainerOf(parts, head.method);
  if (found === undefined) throw new CerebroError('NOT_FOUND', `No method here is called ${head.method}.`);
  const json: unknown = JSON.parse(Buffer.from(read('model.json')).toString());
  const prepare = (frame: Frame): StoredRows => {
    const rows = computedRows(head.featureSet, selectColumns(frame, head.columns));
    return head.fills === null ? rows : filledRows(rows, head.fills);
  };
  if (found.kind === 'detector') {
    const detector = found.trainer.load(json);
    return {
      head,
      prepare,
      score: (rows) => detector.score(rows),
      explain: (row) => detector.explain(row),
      outOfDistribution: (rows) => detector.outOfDistribution(rows),
    };
  }
  const classifier = found.trainer.load(json);
  const { ranges } = head;
  return {
    head,
    prepare,
    score: (rows) => abnormalShare(classifier.probabilities(rows)),
    probabilities: (rows) => classifier.probabilities(rows),
    explain: (row) => classifier.explain(row),
    ...(ranges === undefined ? {} : { outOfDistribution: (rows: Matrix) => outsideRanges(ranges, rows) }),
  };
}

/** One minus the probability of the first class, row by row. */
export function abnormalShare(probabilities: Matrix): Float64Array {
  return Float64Array.from({ length: probabilities.rows }, (_, r) =>
    Math.min(1, Math.max(0, 1 - probabilities.values[r * probabilities.columns]!)),
  );
}
