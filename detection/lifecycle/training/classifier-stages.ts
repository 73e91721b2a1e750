import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { ClassifierTrainer } from '../../models/contracts.ts';
import { chosenRows, filledRows, scoreStored, takeStored, type StoredRows } from '../../models/stored-rows.ts';
import { rangesOfStored } from '../../models/outliers/range-guard.ts';
import { validationReport } from '../validation/validate-table.ts';
import type { CauseReport, ModelReport, TrainingReport } from './holdout-report.ts';
import { renderTrainingReport } from './holdout-report.ts';
import { importanceOf, onnxDifference } from './measure-model.ts';
import { bundleFiles, openScorer } from './model-bundle.ts';
import type { Stage, StageContext } from './run-stages.ts';
import { scoreCurve } from './score-curve.ts';
import { bestThreshold, reportOf } from './score-report.ts';
import { crossValidate, fitOn, hasBoth, pick, searchFor } from './train-classifier.ts';
import { bandsFile, headOf, loadData, loadTask, type LoadedData, writeFiles } from './training-stages.ts';
import type { TrainingOptions } from './training-options.ts';
import type { TrainingParts } from './training-parts.ts';

/** Options that the search may vary, for each role. */
const searched: Record<'champion' | 'challenger', ReadonlySet<string>> = {
  champion: new Set(['depth', 'learningRate', 'lambda', 'rowSampling', 'columnSampling']),
  challenger: new Set(['depth', 'learningRate', 'lambda', 'columnSampling']),
};

/** Rows that the challenger trains on at most: it grows its trees on one thread, 1 ms a row for 100 trees of 300 columns. */
const mostChallengerRows = 200_000;

/** Searches options, cross-validates them and trains on all training rows. Writes nothing but a note where one class is missing. */
export function classifierStage(
  role: 'champion' | 'challenger',
  trainer: ClassifierTrainer | undefined,
  options: TrainingOptions,
  code: string,
): Stage {
  const fixed = options[role];
  const { folds, trials, seed, holdout } = options;
  const mostRows = role === 'challenger' ? Math.min(options.mostRows, mostChallengerRows) : options.mostRows;
  return {
    name: role,
    needs: ['prepare', 'features', 'forest', 'labels'],
    inputs: { method: trainer?.method, fixed, folds, trials, seed, holdout, mostRows, code },
    run(context) {
      using loaded = loadData(context, options);
      const task = loadTask(context, loaded, { ...options, mostRows });
      if (trainer === undefined || !hasBoth(task.labels.labels, task.train)) {
        const why = trainer === undefined ? 'No method is set.' : 'The rows to train on are all of one class.';
        writeFileSync(join(context.folder, 'skipped.txt'), why);
        return;
      }
      const named = { features: loaded.data.names, ...fixed };
      const search = searchFor(trainer, task, {
        trials,
        fixed: named,
        space: searched[role],
        onTrial: (done) => context.progress(Math.min(0.6, (0.6 * done) / (trials * 2 + 9)), `trial fit ${done}`),
      });
      const chosen = { ...search.best, ...named };
      const cross = crossValidate(trainer, task, chosen, (done) =>
        context.progress(0.6 + (0.3 * done) / folds, `fold ${done} of ${folds}`),
      );
      const model = fitOn(trainer, task, task.train, chosen);
      const onnx = model.toOnnx?.();
      const head = headOf(
        { ...loaded, onnx },
        {
          method: trainer.method,
          kind: 'classifier',
          fills: null,
          threshold: cross.threshold,
          ranges: rangesOfStored(chosenRows(loaded.data.rows, task.train)),
        },
      );
      writeFiles(context.folder, bundleFiles(head, model, onnx));
      writeFileSync(join(context.folder, 'measured.json'), canonicalJson({ search, crossValidation: cross }));
    },
  };
}

/** Tells causes apart, on abnormal rows, where labels name at least two with ten rows each. */
export function causesStage(trainer: ClassifierTrainer | undefined, options: TrainingOptions, code: string): Stage {
  return {
    name: 'causes',
    needs: ['prepare', 'features'],
    inputs: { method: trainer?.method, fixed: options.causes, seed: options.seed, holdout: options.holdout, code },
    run(context) {
      using loaded = loadData(context, options);
      const { data, split } = loaded;
      const counted = data.classes
        .map((name, index) => ({ name, index, rows: split.train.filter((row) => data.labels[row] === index).length }))
        .filter(({ index, rows }) => index > 0 && rows >= 10);
      if (trainer === undefined || counted.length < 2) {
        writeFileSync(join(context.folder, 'skipped.txt'), 'Labels do not name two causes with ten rows each.');
        return;
      }
      const classes = counted.map(({ name }) => name);
      const classOf = new Map(counted.map(({ index }, place) => [index, place]));
      const train = split.train.filter((row) => classOf.has(data.labels[row]!));
      const model = trainer.fit(
        { rows: takeStored(data.rows, train), labels: train.map((row) => classOf.get(data.labels[row]!)!), classes },
        { features: data.names, ...options.causes },
        createRandom(options.seed),
      );
      const onnx = model.toOnnx?.();
      const head = headOf(
        { ...loaded, onnx },
        {
          method: trainer.method,
          kind: 'classifier',
          fills: null,
          threshold: 1,
          classes,
          ranges: rangesOfStored(chosenRows(data.rows, train)),
        },
      );
      writeFiles(context.folder, bundleFiles(head, model, onnx));
      const held = split.holdout.filter((row) => classOf.has(data.labels[row]!));
      const { values, columns } = model.probabilities(takeStored(data.rows, held));
      const confusion = classes.map(() => classes.map(() => 0));
      let right = 0;
      for (const [place, row] of held.entries()) {
        const shares = values.subarray(place * columns, (place + 1) * columns);
        const said = shares.indexOf(Math.max(...shares));
        const truth = classOf.get(data.labels[row]!)!;
        confusion[truth]![said]! += 1;
        if (said === truth) right += 1;
      }
      const report: CauseReport = { classes, confusion, accuracy: right / Math.max(1, held.length), rows: held.length };
      writeFileSync(join(context.folder, 'causes.json'), canonicalJson(report));
    },
  };
}

const measuredFile = z.object({
  search: z.custom<NonNullable<ModelReport['search']>>().optional(),
  crossValidation: z.custom<NonNullable<ModelReport['crossValidation']>>(),
});

const chosenFile = z.object({
  method: z.string(),
  tried: z.array(z.object({ method: z.string(), precision: z.number() })),
});

function choiceWords({ method, tried }: z.infer<typeof chosenFile>): string {
  const ranked = tried.map((one) => `${one.method} ${one.precision.toFixed(3)}`).join(', ');
  return tried.length === 0
    ? `the detector without labels is ${method}: too few rows are labelled to choose another.`
    : `the detector without labels is ${method}, which ranks labelled rows best (average precision: ${ranked}).`;
}

/** Measures every model on the held-out rows. */
export function reportStage(parts: TrainingParts, options: TrainingOptions, code: string): Stage {
  return {
    name: 'report',
    needs: ['prepare', 'features', 'forest', 'labels', 'corrected', 'champion', 'challenger', 'causes'],
    inputs: { name: options.name, holdout: options.holdout, code },
    async run(context) {
      using loaded = loadData(context, options);
      const task = loadTask(context, loaded, options);
      const models: ModelReport[] = [];
      const notes: string[] = [];
      for (const role of ['forest', 'corrected', 'champion', 'challenger'] as const) {
        context.progress(models.length / 4, role);
        const skipped = textIn(context, role, 'skipped.txt');
        if (skipped === undefined) models.push(await measure(context, role, { loaded, parts }));
        else notes.push(`${role} was not trained: ${skipped}`);
      }
      if (task.labels.given === 0)
        notes.push('No row is labelled: nothing could be measured; label review.csv and train again with --labels.');
      else if (!isMeasurable(pick(loaded.data.labels, loaded.split.holdout)))
        notes.push('Fewer than five held-out rows of a class are labelled: too few to compare models.');
      const chosen = textIn(context, 'forest', 'chosen.json');
      if (chosen !== undefined) notes.push(choiceWords(chosenFile.parse(JSON.parse(chosen))));
      const causes = textIn(context, 'causes', 'causes.json');
      const measured = models.filter(({ holdout }) => holdout !== undefined);
      const best = measured.reduce<ModelReport | undefined>(
        (first, model) => (first === undefined || model.holdout!.aucPr > first.holdout!.aucPr ? model : first),
        undefined,
      );
      const report: TrainingReport = {
        name: options.name,
        data: validationReport.parse(JSON.parse(readFileSync(context.inputOf('prepare', 'validation.json'), 'utf8'))),
        rows: {
          train: loaded.split.train.length,
          holdout: loaded.split.holdout.length,
          features: loaded.data.names.length,
        },
        bands: bandsFile.parse(JSON.parse(textIn(context, 'forest', 'bands.json')!)),
        labels: { given: task.labels.given, guessed: task.labels.guessed, classes: loaded.data.classes },
        models,
        ...(causes === undefined ? {} : { causes: z.custom<CauseReport>().parse(JSON.parse(causes)) }),
        best: best?.role ?? 'forest',
        notes,
      };
      writeFileSync(join(context.folder, 'report.json'), canonicalJson(report));
      writeFileSync(join(context.folder, 'report.txt'), renderTrainingReport(report));
    },
  };
}

async function measure(
  context: StageContext,
  role: 'forest' | 'corrected' | 'champion' | 'challenger',
  { loaded, parts }: { loaded: LoadedData; parts: TrainingParts },
): Promise<ModelReport> {
  const { data, split } = loaded;
  const scorer = openScorer((file) => readFileSync(context.inputOf(role, file)), parts);
  const card = z
    .object({ options: z.record(z.string(), z.unknown()), trainedRows: z.number() })
    .parse(JSON.parse(textIn(context, role, 'card.json')!));
  const { fills, threshold, onnx } = scorer.head;
  const filled = fills === null ? data.rows : filledRows(data.rows, fills);
  const scoreOf = (rows: StoredRows): Float64Array => scoreStored(rows, (block) => scorer.score(block));
  const held = chosenRows(filled, split.holdout);
  const scores = scoreOf(held);
  const truth = pick(data.labels, split.holdout);
  const measured = textIn(context, role, 'measured.json');
  const parity =
    onnx === undefined
      ? undefined
      : await onnxDifference({ bytes: readFileSync(context.inputOf(role, 'model.onnx')), ...onnx }, held, (rows) =>
          scorer.score(rows),
        );
  // The forest has no cross-validation, so its threshold comes from the labels of its own training rows where there are both.
  const at =
    role === 'forest' && hasBoth(data.labels, split.train)
      ? bestThreshold(scoreOf(chosenRows(filled, split.train)), pick(data.labels, split.train))
      : threshold;
  writeFileSync(join(context.folder, `scores-${role}.json`), canonicalJson(scoreCurve(loaded, scores, at)));
  return {
    role,
    method: scorer.head.method,
    options: Object.fromEntries(Object.entries(card.options).filter(([name]) => name !== 'features')),
    trainedRows: card.trainedRows,
    ...(isMeasurable(truth) ? { holdout: reportOf(scores, truth, at) } : {}),
    ...(measured === undefined ? {} : measuredFile.parse(JSON.parse(measured))),
    importance: importanceOf(held, scores, (row) => scorer.explain(row)),
    ...(parity === undefined ? {} : { onnxDifference: parity }),
  };
}

/** Whether labels say enough to judge a model: with fewer than five of a class, one row decides. */
function isMeasurable(truth: Int32Array): boolean {
  const abnormal = truth.filter((label) => label > 0).length;
  const normal = truth.filter((label) => label === 0).length;
  return abnormal >= 5 && normal >= 5;
}

/** A small file of an earlier stage; undefined when it was not written. */
function textIn(context: StageContext, stage: string, file: string): string | undefined {
  try {
    return readFileSync(context.inputOf(stage, file), 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}
