import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scoreSeries } from '../../../detection/models/streams/score-series.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { bootstrapInterval } from '../../bootstrap-interval.ts';
import type { Prediction, ScoreReport, Suite } from '../../suite.ts';
import { averagePrecision, volumeUnderSurface } from '../../volume-under-surface.ts';
import { univariateDetectors } from '../../../detection/models/streams/univariate-detectors.ts';
import { scoreVotes } from './score-votes.ts';
import { scoreWithEach } from '../nab/run-detectors.ts';
import { readSeries, scoresOf, seriesFiles, writeSeriesFolder } from '../nab/series-file.ts';

/** Microsoft cloud monitoring: a look back over each stored series with the default ensemble, one configuration. Series without an anomaly have no curve and are left out of the mean. */
export function createMsCloudMonitoringSuite(): Suite {
  return {
    name: 'ms-cloud-monitoring',
    description: 'Production series of Microsoft: scores of the default ensemble looking back over each series.',
    async *predict(options) {
      if (options.data === undefined) throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder>.');
      for (const name of seriesFiles(options.data, options.cases)) {
        const startedAt = systemClock.monotonic();
        const { times, values } = readSeries(options.data, name);
        const scores = [...scoreSeries(values, times)];
        const elapsedMs = systemClock.monotonic() - startedAt;
        yield { case: name, line: { scores }, elapsedMs, calls: 0, tokens: 0, dollars: 0 };
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

function report(predictions: readonly Prediction[], truth: string, data: string): ScoreReport {
  const labelled = predictions
    .map((prediction) => ({ prediction, labels: labelsOf(join(truth, prediction.case)), scores: scoresOf(prediction) }))
    .filter(({ labels }) => labels.some((label) => label > 0))
    .map((one) => ({ ...one, members: everyDetector(data, one.prediction.case) }));
  const random = createRandom(1);
  const chance = labelled.map(({ scores }) => scores.map(() => random.next()));
  const measure = (
    metric: string,
    of: (labels: number[], scores: ArrayLike<number>) => number,
  ): ScoreReport['scores'][number] => {
    const { mean, low, high } = bootstrapInterval(labelled.map(({ labels, scores }) => of(labels, scores)));
    const baseline = bootstrapInterval(labelled.map(({ labels }, index) => of(labels, chance[index]!))).mean;
    return { metric, score: mean, low, high, cases: labelled.length, baseline };
  };
  const mean = (values: number[]): string => (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
  const names = Object.keys(univariateDetectors);
  const rowOf = (name: string, found: readonly Float64Array[]): string[] => [
    name,
    mean(labelled.map(({ labels }, index) => volumeUnderSurface(labels, found[index]!))),
    mean(labelled.map(({ labels }, index) => averagePrecision(labels, found[index]!))),
  ];
  return {
    scores: [measure('VUS-PR', volumeUnderSurface), measure('AUC-PR', averagePrecision)],
    failures: [],
    tables: [
      {
        title: 'each series',
        header: ['series', 'VUS-PR', 'AUC-PR'],
        rows: labelled.map(({ prediction, labels, scores }) => [
          prediction.case,
          volumeUnderSurface(labels, scores).toFixed(3),
          averagePrecision(labels, scores).toFixed(3),
        ]),
      },
      {
        title: 'each detector alone, causal: one point at a time',
        header: ['detector', 'VUS-PR', 'AUC-PR'],
        rows: [
          ...names.map((name) =>
            rowOf(
              name,
              labelled.map(({ members }) => members[name]!),
            ),
          ),
          ...Object.entries(scoreVotes(labelled)).map(([name, votes]) => rowOf(name, votes)),
        ],
      },
    ],
  };
}

function everyDetector(data: string, name: string): Record<string, Float64Array> {
  const { times, values } = readSeries(data, name);
  return scoreWithEach(values, times);
}

function labelsOf(path: string): number[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const column = header.replaceAll('"', '').split(',').indexOf('Label');
  return lines.map((line) => (column >= 0 && Number(line.split(',')[column]) > 0 ? 1 : 0));
}
