import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { featureBlocks } from '../features/computed-rows.ts';
import { columnsOf } from '../features/feature-columns.ts';
import { defaultFeatureSet, featureSet } from '../features/feature-set.ts';
import { type Frame, joinFloats, stepOf } from '../features/frame.ts';
import type { TelemetryTable } from '../ingest/telemetry-table.ts';
import { filledRows, scoreStored, type StoredRows } from '../../models/stored-rows.ts';
import { referenceOf } from '../validation/drift.ts';
import { renderReport } from '../validation/render-report.ts';
import { validateTable } from '../validation/validate-table.ts';
import { writeQuarantine } from '../validation/write-quarantine.ts';
import { chooseUnsupervised, type DetectorChoice, fitUnsupervised, namedDetector } from './choose-unsupervised.ts';
import { bandsOf } from './confidence-bands.ts';
import { floats, openRows, readFrames, writeFloats, writeFrames, writeRows } from './dataset-files.ts';
import { type BundleHead, bundleFiles } from './model-bundle.ts';
import { pseudoLabels } from './pseudo-labels.ts';
import type { Stage, StageContext } from './run-stages.ts';
import { selectForReview } from './select-for-review.ts';
import { splitByTime, type TimeSplit } from './split-by-time.ts';
import { embargo, thinRows, type TrainingTask } from './train-classifier.ts';
import { mediansOf, type TrainingRows, trainingRows } from './training-data.ts';
import type { TrainingOptions } from './training-options.ts';
import type { TrainingParts } from './training-parts.ts';

/** Where rows come from. `hash` is that of their bytes, so that the same data is not prepared twice. */
export interface TelemetrySource {
  hash: string;
  read(): Promise<TelemetryTable>;
}

const featuresFile = z.object({ set: featureSet, names: z.array(z.string()), lineage: z.array(z.string()) });

/** Reads, judges and sorts the data. Throws INPUT_INVALID when its quality is below what the options ask. */
export function prepareStage(source: TelemetrySource, options: TrainingOptions): Stage {
  return {
    name: 'prepare',
    needs: [],
    inputs: { data: source.hash, schema: options.schema, leastQuality: options.leastQuality, code: 1 },
    async run(context) {
      const { folder } = context;
      const table = await source.read();
      context.progress(0.6, `${table.at.length} rows`);
      const { frames, quarantined, report } = validateTable(table, options.schema);
      if (report.quality < options.leastQuality || report.kept < 50) {
        throw new CerebroError(
          'INPUT_INVALID',
          `The data is not good enough to train on (quality ${report.quality}, ${report.kept} usable rows; at least ${options.leastQuality} and 50 are needed):\n${renderReport(report)}`,
        );
      }
      writeFrames(join(folder, 'frames'), frames);
      writeFileSync(join(folder, 'validation.json'), canonicalJson(report));
      writeFileSync(join(folder, 'validation.txt'), renderReport(report));
      writeQuarantine(join(folder, 'quarantine.csv'), quarantined);
    },
  };
}

/** Computes the features of every entity. */
export function featuresStage(options: TrainingOptions, code: string): Stage {
  return {
    name: 'features',
    needs: ['prepare'],
    inputs: { features: options.features ?? 'default', code },
    run(context) {
      const { folder } = context;
      const frames = readFrames(context.inputOf('prepare', 'frames'));
      const set = options.features ?? defaultFeatureSet(frames[0]!.names);
      const columns = columnsOf(set, frames[0]!.names);
      const [names, lineage] = [columns.map(({ name }) => name), columns.map((column) => column.lineage)];
      writeFileSync(join(folder, 'features.json'), canonicalJson({ set, names, lineage }));
      writeRows(join(folder, 'rows.f32'), featureBlocks(set, frames));
    },
  };
}

/** Learns what is usual without labels, with the detector that is named or that labels speak for, and scores every row. */
export function forestStage(parts: TrainingParts, options: TrainingOptions, code: string): Stage {
  return {
    name: 'forest',
    needs: ['prepare', 'features'],
    inputs: {
      method: parts.forest.method,
      ...(options.detector === undefined ? {} : { detector: options.detector }),
      options: options.forest,
      seed: options.seed,
      holdout: options.holdout,
      code,
    },
    run(context) {
      using loaded = loadData(context, options);
      const { data, split, frames, set } = loaded;
      const fills = mediansOf(data.rows, split.train);
      const filled = filledRows(data.rows, fills);
      // Rows that persons called abnormal would teach the forest that they are usual.
      const usual = split.train.filter((row) => data.labels[row]! <= 0);
      const choice = chooseFor(parts, options, { data, train: split.train, usual, filled });
      const { method } = choice.trainer;
      const named = {
        features: data.names,
        ...(options.detector !== 'auto' || method === parts.forest.method ? options.forest : {}),
      };
      const detector = fitUnsupervised(choice.trainer, { rows: filled, chosen: usual, seed: options.seed }, named);
      if (options.detector === 'auto')
        writeFileSync(join(context.folder, 'chosen.json'), canonicalJson({ method, tried: choice.tried }));
      context.progress(0.7, 'scoring');
      const scores = scoreStored(filled, (block) => detector.score(block));
      writeFloats(join(context.folder, 'scores.f64'), scores);
      const bands = bandsOf(Float64Array.from(split.train, (row) => scores[row]!));
      writeFileSync(join(context.folder, 'bands.json'), canonicalJson(bands));
      const onnx = detector.toOnnx?.();
      const head = headOf({ data, frames, set, onnx }, { method, kind: 'detector', fills, threshold: bands.alarm });
      writeFiles(context.folder, bundleFiles(head, detector, onnx));
    },
  };
}

function chooseFor(
  parts: TrainingParts,
  { detector, seed }: TrainingOptions,
  of: { data: TrainingRows; train: Int32Array; usual: Int32Array; filled: StoredRows },
): DetectorChoice {
  if (detector !== 'auto') return { trainer: namedDetector(parts, detector ?? parts.forest.method), tried: [] };
  const { labels } = of.data;
  const abnormal = of.train.filter((row) => labels[row]! > 0);
  const isNormal = (row: number): boolean => labels[row] === 0;
  return chooseUnsupervised(parts, { rows: of.filled, usual: of.usual, abnormal, isNormal, seed });
}

/** Chooses what a person should label, and labels the rest where the forest is sure. */
export function labelsStage(options: TrainingOptions, code: string): Stage {
  return {
    name: 'labels',
    needs: ['prepare', 'features', 'forest'],
    inputs: { budget: options.reviewBudget, trust: options.trust, holdout: options.holdout, code },
    run(context) {
      using loaded = loadData(context, options);
      const { data, split, frames } = loaded;
      const scores = floats(context.inputOf('forest', 'scores.f64'));
      const bands = bandsFile.parse(JSON.parse(readFileSync(context.inputOf('forest', 'bands.json'), 'utf8')));
      const { second, impact } = plainScores(frames);
      const review = selectForReview(
        { scores, second, impact, labels: data.labels, bands },
        { budget: options.reviewBudget, apart: 10 },
      );
      const lines = review.map(
        ({ row, score, reason }) =>
          `${isoOf(data.times[row]!)},${quoted(frames[data.entityOf[row]!]!.entity)},${score.toFixed(4)},${reason},`,
      );
      writeFileSync(
        join(context.folder, 'review.csv'),
        `timestamp,entity,score,reason,label\n${lines.map((line) => `${line}\n`).join('')}`,
      );
      const train = new Int32Array(data.labels.length).fill(-1);
      for (const row of split.train) train[row] = data.labels[row]!;
      const pseudo = pseudoLabels(scores, train, bands, options.trust);
      writeFloats(join(context.folder, 'labels.f64'), Float64Array.from(pseudo.labels));
      writeFloats(join(context.folder, 'weights.f64'), pseudo.weights);
      const { given, guessed } = pseudo;
      writeFileSync(join(context.folder, 'counts.json'), canonicalJson({ given, guessed, review: review.length }));
    },
  };
}

/** What the stage `forest` keeps of its bands. */
export const bandsFile = z.object({ low: z.number(), high: z.number(), contamination: z.number(), alarm: z.number() });
const countsFile = z.object({ given: z.number(), guessed: z.number(), review: z.number() });

/** What later stages work on. */
export interface LoadedData {
  data: TrainingRows;
  split: TimeSplit;
  frames: Frame[];
  set: z.infer<typeof featureSet>;
}

/** The rows of the stages `prepare` and `features`: those of the features stay in their file, which is to be closed. */
export function loadData(context: StageContext, options: TrainingOptions): LoadedData & Disposable {
  const frames = readFrames(context.inputOf('prepare', 'frames'));
  const { set, names } = featuresFile.parse(
    JSON.parse(readFileSync(context.inputOf('features', 'features.json'), 'utf8')),
  );
  const rows = openRows(context.inputOf('features', 'rows.f32'), names.length);
  const data = trainingRows(frames, rows, names);
  const split = splitByTime(data, options.holdout, embargo);
  return { data, frames, set, split, [Symbol.dispose]: () => rows[Symbol.dispose]() };
}

/** The task of a classifier over the rows and labels of the stages before it. */
export function loadTask(context: StageContext, loaded: LoadedData, options: TrainingOptions): TrainingTask {
  const { given, guessed } = countsFile.parse(
    JSON.parse(readFileSync(context.inputOf('labels', 'counts.json'), 'utf8')),
  );
  return {
    data: loaded.data,
    train: thinRows(loaded.split.train, options.mostRows, createRandom(options.seed)),
    folds: options.folds,
    seed: options.seed,
    labels: {
      labels: Int32Array.from(floats(context.inputOf('labels', 'labels.f64'))),
      weights: floats(context.inputOf('labels', 'weights.f64')),
      given,
      guessed,
    },
  };
}

/** The head of a bundle for a model over this data. */
export function headOf(
  loaded: Pick<LoadedData, 'data' | 'frames' | 'set'> & { onnx: { input: string; output: string } | undefined },
  model: {
    method: string;
    kind: BundleHead['kind'];
    fills: ArrayLike<number> | null;
    threshold: number;
    classes?: readonly string[];
    ranges?: BundleHead['ranges'];
  },
): BundleHead {
  const { data, frames, set, onnx } = loaded;
  const names = frames[0]!.names;
  const whole = (c: number): Float64Array => joinFloats(frames.map(({ columns }) => columns[c]!));
  return {
    format: 1,
    method: model.method,
    kind: model.kind,
    columns: [...names],
    featureSet: set,
    features: [...data.names],
    fills: model.fills === null ? null : Array.from(model.fills),
    classes: [...(model.classes ?? ['normal', 'abnormal'])],
    threshold: model.threshold,
    stepMs: stepOf(frames[0]!.times),
    reference: Object.fromEntries(names.map((name, c) => [name, [...referenceOf(whole(c))]])),
    ...(model.ranges === undefined ? {} : { ranges: model.ranges }),
    ...(onnx === undefined ? {} : { onnx: { input: onnx.input, output: onnx.output } }),
  };
}

/** Writes files into a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
}

/** A second opinion and the impact: the largest robust z-score of a row's columns, and how many columns are beyond three, as a share. */
function plainScores(frames: readonly Frame[]): { second: Float64Array; impact: Float64Array } {
  const parts = frames.map(({ columns, times }) => {
    const second = new Float64Array(times.length);
    const impact = new Float64Array(times.length);
    for (const column of columns) {
      const sorted = column.filter((value) => value === value).sort();
      const median = sorted[sorted.length >> 1] ?? 0;
      const spread = sorted.map((value) => Math.abs(value - median)).sort()[sorted.length >> 1] ?? 0;
      for (let r = 0; r < times.length; r += 1) {
        const z = Number.isNaN(column[r]!) ? 0 : Math.abs(column[r]! - median) / Math.max(1e-12, 1.4826 * spread);
        second[r] = Math.max(second[r]!, Math.min(1e6, z));
        if (z > 3) impact[r]! += 1 / columns.length;
      }
    }
    return { second, impact };
  });
  return {
    second: joinFloats(parts.map(({ second }) => second)),
    impact: joinFloats(parts.map(({ impact }) => impact)),
  };
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
