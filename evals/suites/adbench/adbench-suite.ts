import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { takeRows } from '../../../detection/models/matrix.ts';
import { createIsolationForestTrainer } from '../../../detection/models/outliers/isolation-forest.ts';
import { learnByReview } from '../../../detection/models/trees/learn-by-review.ts';
import { areaUnderRoc, averagePrecision } from '../../../detection/models/trees/ranking.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Prediction, ScoreReport, Suite, SuiteOptions } from '../../suite.ts';
import { compareWithForest } from './compare-with-forest.ts';
import { readNpz } from './read-npz.ts';
import { splitRows } from './split-rows.ts';

/** Label budgets, in percent of the training rows. */
export const budgets = [0, 1, 5, 10] as const;
/** Larger sets are sampled, both classes alike: ADBench itself does so. */
const mostRows = 10_000;

/**
 * ADBench (Han et al., NeurIPS 2022 data sets track): for each tabular set and seed a stratified 70/30 split; the label-budget loop may ask for the labels of
 * that share of the training rows, whichever it chooses; AUROC and average precision on the test rows, beside those of an isolation forest on the same rows.
 */
export function createAdbenchSuite(): Suite {
  return {
    name: 'adbench',
    description: 'Tabular anomalies with 0, 1, 5 and 10 % of the training labels, against an isolation forest.',
    predict,
    score: (predictions) => Promise.resolve(score(predictions)),
  };
}

async function* predict(options: SuiteOptions): AsyncIterable<Prediction> {
  if (options.data === undefined)
    throw new CerebroError('INPUT_INVALID', 'adbench needs --data <folder of .npz files>');
  const { data } = options;
  const names = readdirSync(data)
    .filter((name) => name.endsWith('.npz'))
    .map((name) => name.replace(/\.npz$/, ''))
    .filter((name) => options.cases.length === 0 || options.cases.includes(name))
    .sort();
  const seeds = options.seeds.length > 0 ? options.seeds : [1, 2, 3, 4, 5];
  for (const name of names) {
    const { X, y } = readNpz(join(data, `${name}.npz`));
    if (X === undefined || y === undefined) throw new CerebroError('INPUT_INVALID', `${name}.npz has no X and y`);
    const rows = { rows: X.shape[0]!, columns: X.shape[1]!, values: X.values };
    for (const seed of seeds) {
      const split = splitRows(y.values, { mostRows, random: createRandom(`${name}:${seed}`) });
      const [train, test] = [takeRows(rows, split.train), takeRows(rows, split.test)];
      const truth = Int32Array.from(split.test, (row) => y.values[row]!);
      const forest = createIsolationForestTrainer().fit(train, {}, createRandom(seed)).score(test);
      for (const budget of budgets) {
        const started = systemClock.monotonic();
        const task = {
          rows: train,
          budget: Math.ceil((train.rows * budget) / 100),
          ask: (asked: Int32Array) => Int32Array.from(asked, (row) => y.values[split.train[row]!]!),
        };
        const scores = learnByReview(task, {}, createRandom(seed)).detector.score(test);
        const line = {
          dataset: name,
          budget,
          seed,
          auroc: areaUnderRoc(scores, truth),
          ap: averagePrecision(scores, truth),
          forest_auroc: areaUnderRoc(forest, truth),
          forest_ap: averagePrecision(forest, truth),
        };
        yield {
          case: `${name}:${budget}:${seed}`,
          line,
          elapsedMs: systemClock.monotonic() - started,
          calls: 0,
          tokens: 0,
          dollars: 0,
        };
        // lets timers and signals in between sets
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

function score(predictions: readonly Prediction[]): ScoreReport {
  return compareWithForest(
    predictions.map(({ line }) => line),
    budgets,
  );
}
