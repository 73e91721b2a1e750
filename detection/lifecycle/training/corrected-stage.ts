import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { filledRows, takeStored } from '../../models/stored-rows.ts';
import { bundleFiles } from './model-bundle.ts';
import type { Stage } from './run-stages.ts';
import { crossValidateWith, hasBoth, pick } from './train-classifier.ts';
import { headOf, loadData, loadTask, writeFiles } from './training-stages.ts';
import { mediansOf } from './training-data.ts';
import type { TrainingOptions } from './training-options.ts';
import type { CorrectedTrainer } from './training-parts.ts';

/** A fold with fewer training rows, the embargo around its held-out ones taken off, teaches nothing: every row gets the same score. */
const leastRows = 50;

/** Trains the detector that a few labels correct. Left out where nothing is labelled, or so much that a classifier needs no help. */
export function correctedStage(trainer: CorrectedTrainer | undefined, options: TrainingOptions, code: string): Stage {
  const { folds, seed, holdout, mostRows } = options;
  return {
    name: 'corrected',
    needs: ['prepare', 'features', 'forest', 'labels'],
    inputs: { method: trainer?.method, folds, seed, holdout, mostRows, code },
    run(context) {
      using loaded = loadData(context, options);
      const task = loadTask(context, loaded, options);
      const { data } = loaded;
      const share = task.labels.given / Math.max(1, loaded.split.train.length);
      if (trainer === undefined || share > 0.5 || !hasBoth(data.labels, task.train)) {
        writeFileSync(
          join(context.folder, 'skipped.txt'),
          share > 0.5 ? 'Most rows are labelled.' : 'No row of each class is labelled.',
        );
        return;
      }
      const fills = mediansOf(data.rows, task.train);
      const filled = filledRows(data.rows, fills);
      const fit = (rows: Int32Array) =>
        trainer.fit(
          {
            rows: takeStored(filled, rows),
            labels: pick(data.labels, rows).map((label) => Math.min(1, label)),
          },
          { features: data.names },
          createRandom(seed),
        );
      const cross = crossValidateWith(
        task,
        (fold) =>
          fold.train.length < leastRows
            ? new Float64Array(fold.holdout.length)
            : fit(fold.train).score(takeStored(filled, fold.holdout)),
        (done) => context.progress((0.8 * done) / folds, `fold ${done} of ${folds}`),
      );
      const model = fit(task.train);
      const onnx = model.toOnnx?.();
      const head = headOf(
        { ...loaded, onnx },
        { method: trainer.method, kind: 'detector', fills, threshold: cross.threshold },
      );
      writeFiles(context.folder, bundleFiles(head, model, onnx));
      writeFileSync(join(context.folder, 'measured.json'), canonicalJson({ crossValidation: cross }));
    },
  };
}
