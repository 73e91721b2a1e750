import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createAlarmGate } from '../../../detection/models/streams/alarm-gate.ts';
import { createDefaultEnsemble } from '../../../detection/models/streams/default-ensemble.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import type { Prediction, Score, ScoreReport, Suite } from '../../suite.ts';
import { gainNab, type NabProfile, nabProfiles, type ScoredSeries, scoreNab, tuneThreshold } from './score-nab.ts';
import { univariateDetectors } from '../../../detection/models/streams/univariate-detectors.ts';
import { scoreWithEach } from './run-detectors.ts';
import { readSeries, scoresOf, seriesFiles, timeOf, writeSeriesFolder } from './series-file.ts';

/** The category that is scored with a threshold from all the others. */
const scoredCategory = 'realAWSCloudwatch';
const windowsFile = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));
const row = z.object({ stamps: z.array(z.string()), values: z.array(z.number().nullable()) });

/** NAB: alarms of the default ensemble, one point at a time, with one configuration for all series. */
export function createNabSuite(): Suite {
  return {
    name: 'nab',
    description: 'Numenta Anomaly Benchmark: causal alarms of the default stream ensemble.',
    async *predict(options) {
      if (options.data === undefined) throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder>.');
      const root = join(options.data, 'data');
      for (const name of seriesFiles(root, options.cases)) {
        const startedAt = systemClock.monotonic();
        const { stamps, times, values } = readSeries(root, name);
        const ensemble = createDefaultEnsemble();
        const point = new Float64Array(1);
        const scores = Array.from(values, (value, at) => {
          point[0] = value;
          const score = ensemble.alarmOne(point, times[at]!);
          ensemble.learnOne(point, times[at]!);
          return score;
        });
        const elapsedMs = systemClock.monotonic() - startedAt;
        yield { case: name, line: { stamps, values: [...values], scores }, elapsedMs, calls: 0, tokens: 0, dollars: 0 };
      }
    },
    write: (predictions, path) =>
      writeSeriesFolder(predictions, path, (prediction) => {
        const { stamps, values } = row.parse(prediction.line);
        const scores = scoresOf(prediction);
        return ['timestamp,value,anomaly_score', ...stamps.map((stamp, at) => `${stamp},${values[at]},${scores[at]}`)];
      }),
    score: (predictions, truth, options) =>
      Promise.resolve(
        truth === undefined ? { scores: [], failures: [] } : report(predictions, truth, options.data ?? truth),
      ),
  };
}

function report(predictions: readonly Prediction[], truth: string, data: string): ScoreReport {
  const path = statSync(truth).isDirectory() ? join(truth, 'labels', 'combined_windows.json') : truth;
  const windows = windowsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  const all = predictions.map((prediction) => ({
    name: prediction.case,
    prediction,
    windows: indicesOf(windows[prediction.case] ?? [], row.parse(prediction.line).stamps.map(timeOf)),
  }));
  const judge = (scoresFor: (prediction: Prediction) => ArrayLike<number>, profile: NabProfile): Judged => {
    const series = all.map((one) => ({ name: one.name, windows: one.windows, scores: scoresFor(one.prediction) }));
    const scored = series.filter(({ name }) => name.startsWith(`${scoredCategory}/`));
    const others = series.filter(({ name }) => !name.startsWith(`${scoredCategory}/`));
    const threshold = tuneThreshold(others, profile);
    return {
      scored,
      threshold,
      score: scoreNab(scored, profile, threshold),
      others: scoreNab(others, profile, threshold),
    };
  };
  const scores: Score[] = nabProfiles.map((profile) => {
    const judged = judge(scoresOf, profile);
    const chance = [1, 2, 3].map((seed) => judge((prediction) => randomScores(prediction, seed), profile).score);
    return {
      metric: `${profile.name}, AWS part, threshold from the others`,
      score: judged.score,
      ...interval(judged, profile),
      cases: judged.scored.length,
      baseline: chance.reduce((sum, value) => sum + value, 0) / chance.length,
    };
  });
  const standard = judge(scoresOf, nabProfiles[0]!);
  const others = new Map(all.map(({ name }) => [name, everyDetector(join(data, 'data'), name)]));
  const names = Object.keys(univariateDetectors);
  return {
    scores,
    failures: standard.scored.flatMap((one) => missed(one, standard.threshold)),
    tables: [
      {
        title: `each detector alone through the same alarm gate, standard profile (threshold ${standard.threshold.toPrecision(4)} for the ensemble's alarms; the other categories, where it is tuned: ${standard.others.toFixed(1)})`,
        header: ['detector', 'AWS part'],
        rows: names.map((name) => [
          name,
          judge((prediction) => gated(others.get(prediction.case)![name]!), nabProfiles[0]!).score.toFixed(1),
        ]),
      },
    ],
  };
}

interface Judged {
  scored: (ScoredSeries & { name: string })[];
  threshold: number;
  score: number;
  others: number;
}

function everyDetector(root: string, name: string): Record<string, Float64Array> {
  const { times, values } = readSeries(root, name);
  return scoreWithEach(values, times);
}

/** Odds of a score through the alarm gate: a score near 1 grows without end, as evidence does. */
function gated(scores: Float64Array): Float64Array {
  const gate = createAlarmGate();
  return scores.map((score) => gate.next(score / (1 - score + 1e-12)));
}

function randomScores(prediction: Prediction, seed: number): Float64Array {
  const random = createRandom(`${prediction.case}:${seed}`);
  return Float64Array.from(scoresOf(prediction), () => random.next());
}

function indicesOf(windows: readonly (readonly [string, string])[], times: readonly number[]): [number, number][] {
  return windows.map(([from, to]) => [
    times.findIndex((time) => time >= timeOf(from)),
    times.findLastIndex((time) => time <= timeOf(to)),
  ]);
}

/** 95 % bootstrap interval over the scored series. */
function interval({ scored, threshold }: Judged, profile: NabProfile): { low: number; high: number } {
  const gains = scored.map((one) => gainNab([one], profile, threshold));
  const random = createRandom(gains.length);
  const means = Array.from({ length: 2_000 }, () => {
    let gain = 0;
    let perfect = 0;
    for (let index = 0; index < gains.length; index += 1) {
      const one = gains[random.integer(gains.length)]!;
      gain += one.gain;
      perfect += one.perfect;
    }
    return (100 * gain) / Math.max(perfect, 1e-9);
  }).sort((left, right) => left - right);
  return { low: means[50]!, high: means[1_949]! };
}

function missed(
  { name, windows, scores }: ScoredSeries & { name: string },
  threshold: number,
): ScoreReport['failures'] {
  return windows.flatMap(([from, to]) => {
    for (let at = from; at <= to; at += 1) if (scores[at]! >= threshold) return [];
    return [{ case: name, expected: `an alarm in rows ${from} to ${to}`, got: 'none' }];
  });
}
