import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Matrix } from '../../../detection/models/matrix.ts';
import { createWindowEnsembleTrainer } from '../../../detection/models/streams/window-ensemble.ts';
import { createWindowPcaTrainer } from '../../../detection/models/streams/window-pca.ts';
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
export function createAsdSuite(name: 'asd' | 'smd' = 'asd'): Suite {
  return {
    name,
    description:
      'Servers with many metrics: window ensemble trained on the quiet part, beside windowed PCA on the same servers.',
    async *predict(options) {
      if (options.data === undefined) throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder>.');
      const servers = readdirSync(options.data)
        .filter((file) => file.endsWith('_train.npy'))
        .map((file) => file.slice(0, -'_train.npy'.length))
        .filter((name) => options.cases.length === 0 || options.cases.includes(name))
        .sort();
      for (const server of servers) {
        const startedAt = systemClock.monotonic();
        const train = readNpy(join(options.data, `${server}_train.npy`));
        const test = readNpy(join(options.data, `${server}_test.npy`));
        const scores = [...createWindowEnsembleTrainer().fit(train, {}, createRandom(1)).score(test)];
        const elapsedMs = systemClock.monotonic() - startedAt;
        yield { case: `${server}.csv`, line: { scores }, elapsedMs, calls: 0, tokens: 0, dollars: 0 };
      }
    },
    write: (predictions, path) =>
      writeSeriesFolder(predictions, path, (prediction) => ['anomaly_score', ...scoresOf(prediction).map(String)]),
    score: (predictions, truth, options) =>
      Promise.resolve(
        truth === undefined ? { scores: [], failures: [] } : report(predictions, truth, options.data ?? truth),
      ),
  };
}

const pcaName = 'windowed PCA (10 rows, 99 %)';
/** The streaming detectors are slow on many columns: they are shown on the first servers only. */
const streamedServers = 4;

function report(predictions: readonly Prediction[], truth: string, data: string): ScoreReport {
  const labelled = predictions.map((prediction) => ({
    scores: scoresOf(prediction),
    name: prediction.case,
    labels: readNpy(join(truth, prediction.case.replace('.csv', '_test_label.npy'))).values,
  }));
  const random = createRandom(1);
  const chance = labelled.map(({ scores }) => scores.map(() => random.next()));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const volumes = labelled.map(({ labels, scores }) => volumeUnderSurface(labels, scores));
  const pca = (explained: number): number[] =>
    labelled.map(({ name, labels }) => {
      const { train, test } = rowsOf(data, name);
      return volumeUnderSurface(
        labels,
        createWindowPcaTrainer().fit(train, { explained }, createRandom(1)).score(test),
      );
    });
  const reference = pca(0.99);
  const streamed = labelled.slice(0, streamedServers).map(({ name, labels }) => {
    const { train, test } = rowsOf(data, name);
    return Object.entries(scoreRowsWithEach(train, test)).map(([method, found]) => ({
      method,
      volume: volumeUnderSurface(labels, found),
    }));
  });
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
        score: volume / mean(reference),
        low: Number.NaN,
        high: Number.NaN,
        cases: labelled.length,
        baseline: 1,
      },
    ],
    failures: [],
    tables: [
      {
        title: 'each server, VUS-PR',
        header: ['server', 'window ensemble', pcaName],
        rows: labelled.map(({ name }, index) => [name, volumes[index]!.toFixed(3), reference[index]!.toFixed(3)]),
      },
      {
        title: `others, VUS-PR; those that stream on the first ${streamed.length} servers`,
        header: ['detector', 'VUS-PR'],
        rows: [
          [pcaName, mean(reference).toFixed(3)],
          ['windowed PCA (10 rows, 95 %)', mean(pca(0.95)).toFixed(3)],
          ...(streamed[0] ?? []).map(({ method }, index) => [
            method,
            mean(streamed.map((one) => one[index]!.volume)).toFixed(3),
          ]),
        ],
      },
    ],
  };
}

function rowsOf(data: string, name: string): { train: Matrix; test: Matrix } {
  const server = name.replace('.csv', '');
  return { train: readNpy(join(data, `${server}_train.npy`)), test: readNpy(join(data, `${server}_test.npy`)) };
}
