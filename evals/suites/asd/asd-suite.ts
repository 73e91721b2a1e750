import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Matrix } from '../../../detection/matrix.ts';
import { createWindowEnsembleTrainer } from '../../../detection/streams/window-ensemble.ts';
import { createWindowPcaTrainer } from '../../../detection/streams/window-pca.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { bootstrapInterval } from '../../bootstrap-interval.ts';
import type { Prediction, ScoreReport, Suite } from '../../suite.ts';
import { averagePrecision, volumeUnderSurface } from '../../volume-under-surface.ts';
import { scoresOf, writeSeriesFolder } from '../nab/series-file.ts';
import { readNpy } from './read-npy.ts';
import { scoreRowsWithEach } from './run-row-detectors.ts';

/** Servers with many metrics (`asd`, and `smd` in the same form): the window ensemble, trained on the train file of each server only. */
export function createAsdSuite(): Suite {
  return {
    name: 'asd',
    description: 'Servers with many metrics: window ensemble trained on the quiet part, beside windowed PCA on the same servers.',
    async *predict(options) {
      if (options.data === undefined) throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder>.');
      const servers = readdirSync(options.data)
        .filter((file) => file.endsWith('_train.npy'))
        .map((file) => file.slice(0, -'_train.npy'.length))
        .filter((name) => options.cases.length === 0 || options.cases.includes(name))
        .sort();
      for (const name of servers) {
        const startedAt = systemClock.monotonic();
        const train = readNpy(join(options.data, `${name}_train.npy`));
        const test = readNpy(join(options.data, `${name}_test.npy`));
        const scores = [...createWindowEnsembleTrainer().fit(train, {}, createRandom(1)).score(test)];
        const elapsedMs = systemClock.monotonic() - startedAt;
        yield { case: `${name}.csv`, line: { scores, members: othersOn(train, test) }, elapsedMs, calls: 0, tokens: 0, dollars: 0 };
      }
    },
    write: (predictions, path) =>
      writeSeriesFolder(predictions, path, (prediction) => ['anomaly_score', ...scoresOf(prediction).map(String)]),
    score: (predictions, truth) => Promise.resolve(truth === undefined ? { scores: [], failures: [] } : report(predictions, truth)),
  };
}

function othersOn(train: Matrix, test: Matrix): Record<string, Float64Array> {
  return {
    'windowed PCA (10 rows, 99 %)': createWindowPcaTrainer().fit(train, {}, createRandom(1)).score(test),
    'windowed PCA (10 rows, 95 %)': createWindowPcaTrainer().fit(train, { explained: 0.95 }, createRandom(1)).score(test),
    ...scoreRowsWithEach(train, test),
  };
}

function report(predictions: readonly Prediction[], truth: string): ScoreReport {
  const labelled = predictions.map((prediction) => ({
    scores: scoresOf(prediction),
    members: prediction.line['members'] as Record<string, Float64Array>,
    name: prediction.case,
    labels: readNpy(join(truth, prediction.case.replace('.csv', '_test_label.npy'))).values,
  }));
  const random = createRandom(1);
  const chance = labelled.map(({ scores }) => scores.map(() => random.next()));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const volumes = labelled.map(({ labels, scores }) => volumeUnderSurface(labels, scores));
  const names = Object.keys(labelled[0]?.members ?? {});
  const reference = (name: string): number =>
    mean(labelled.map(({ labels, members }) => volumeUnderSurface(labels, members[name]!)));
  const { low, high } = bootstrapInterval(volumes);
  const precision = bootstrapInterval(labelled.map(({ labels, scores }) => averagePrecision(labels, scores)));
  const volume = mean(volumes);
  return {
    scores: [
      {
        metric: 'VUS-PR',
        score: volume,
        low,
        high,
        cases: labelled.length,
        baseline: mean(labelled.map(({ labels }, index) => volumeUnderSurface(labels, chance[index]!))),
      },
      { metric: 'AUC-PR', score: precision.mean, low: precision.low, high: precision.high, cases: labelled.length },
      {
        metric: 'VUS-PR as a ratio to windowed PCA',
        score: volume / reference(names[0] ?? ''),
        low: Number.NaN,
        high: Number.NaN,
        cases: labelled.length,
        baseline: 1,
      },
    ],
    failures: [],
    tables: [
      {
        title: 'each server, window ensemble',
        header: ['server', 'VUS-PR'],
        rows: labelled.map(({ name }, index) => [name, volumes[index]!.toFixed(3)]),
      },
      { title: 'others on the same servers', header: ['detector', 'VUS-PR'], rows: names.map((name) => [name, reference(name).toFixed(3)]) },
    ],
  };
}
