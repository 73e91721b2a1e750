import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { forecastMany } from '../../../detection/models/forecast/forecast-many.ts';
import { createGlobalBoosting } from '../../../detection/models/forecast/methods/global-boosting.ts';
import { createGlobalNetwork } from '../../../detection/models/forecast/methods/global-network.ts';
import { createGlobalRegression } from '../../../detection/models/forecast/methods/global-regression.ts';
import { createSeasonalNaive } from '../../../detection/models/forecast/methods/seasonal-naive.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Prediction, Score, ScoreReport, Suite } from '../../suite.ts';
import { readHourly } from './read-hourly.ts';
import { measureForecast } from './score-forecasts.ts';
import type { ForecastMeasures } from './score-forecasts.ts';

const horizon = 48;

/**
 * Hourly series 48 hours ahead with 95 % intervals. Only `Hourly-train.csv` is read to predict; the seasons of hours (a day, a week) are
 * the calendar's. Scores are ratios to the seasonal naive forecast of the same series.
 */
export function createM4HourlySuite(): Suite {
  return {
    name: 'm4-hourly',
    description: 'Hourly series of the M4 competition, 48 hours ahead, against the seasonal naive forecast.',
    async *predict(options) {
      const startedAt = systemClock.monotonic();
      const all = readHourly(join(dataOf(options.data), 'Hourly-train.csv'));
      const forecasts = await forecastMany(
        all.map(({ values }) => ({ values, stepMs: 3_600_000, startMs: 0, seasons: [24, 168] })),
        horizon,
        { shared: [createGlobalRegression(), createGlobalBoosting(), createGlobalNetwork()] },
      );
      const elapsedMs = (systemClock.monotonic() - startedAt) / Math.max(1, all.length);
      for (const [index, { id }] of all.entries()) {
        const { mean, low, high, method } = forecasts[index]!;
        yield {
          case: id,
          line: { mean: rounded(mean), low: rounded(low), high: rounded(high), method },
          elapsedMs,
          calls: 1,
          tokens: 0,
          dollars: 0,
        };
      }
    },
    write: (predictions, path, options) => {
      const steps = Array.from({ length: horizon }, (_, h) => h + 1);
      writeTable(
        path,
        ['id', ...steps.map((h) => `h${h}`)],
        predictions.map((one) => [one.case, ...cells(one, 'mean')]),
      );
      if (options?.intervals !== undefined)
        writeTable(
          options.intervals,
          ['id', ...steps.map((h) => `low${h}`), ...steps.map((h) => `high${h}`)],
          predictions.map((one) => [one.case, ...cells(one, 'low'), ...cells(one, 'high')]),
        );
      return Promise.resolve();
    },
    score: (predictions, truth, options) => {
      if (truth === undefined) return Promise.resolve({ scores: [], failures: [] });
      const past = new Map(
        readHourly(join(dataOf(options.data), 'Hourly-train.csv')).map((one) => [one.id, one.values]),
      );
      const actual = new Map(readHourly(truth).map((one) => [one.id, one.values]));
      const naive = createSeasonalNaive();
      const rows = predictions.flatMap((prediction) => {
        const known = past.get(prediction.case);
        const came = actual.get(prediction.case);
        if (known === undefined || came === undefined) return [];
        const base = naive.ahead({ values: known, seasons: [24], stepMs: 3_600_000, startMs: 0 }, horizon);
        const said = {
          mean: cells(prediction, 'mean'),
          low: cells(prediction, 'low'),
          high: cells(prediction, 'high'),
        };
        return [
          {
            length: known.length,
            ours: measureForecast(known, came, said),
            naive: measureForecast(known, came, { mean: base, low: base, high: base }),
          },
        ];
      });
      return Promise.resolve({
        scores: [
          ratio('sMAPE / seasonal naive', rows, 'smape'),
          ratio('MASE / seasonal naive', rows, 'mase'),
          plain('coverage of 95 %', rows, 'covered'),
          plain('sMAPE', rows, 'smape'),
          plain('MASE', rows, 'mase'),
          plain('MSIS', rows, 'msis'),
        ],
        failures: [],
        tables: [byLength(rows)],
      });
    },
  };
}

interface Row extends Record<'ours' | 'naive', ForecastMeasures> {
  length: number;
}

/** Ratios and coverage by how many values were known: the set mixes kinds of series, and its parts mix them differently. */
function byLength(rows: readonly Row[]): NonNullable<ScoreReport['tables']>[number] {
  const lengths = [...new Set(rows.map(({ length }) => length))].sort((left, right) => left - right);
  return {
    title: 'by values known',
    header: ['values', 'series', 'sMAPE ratio', 'MASE ratio', 'coverage'],
    rows: lengths.map((length) => {
      const some = rows.filter((row) => row.length === length);
      const figures = [
        meanOf(some, 'ours', 'smape') / meanOf(some, 'naive', 'smape'),
        meanOf(some, 'ours', 'mase') / meanOf(some, 'naive', 'mase'),
        meanOf(some, 'ours', 'covered'),
      ];
      return [String(length), String(some.length), ...figures.map((figure) => figure.toFixed(3))];
    }),
  };
}

function ratio(metric: string, rows: readonly Row[], key: keyof ForecastMeasures): Score {
  return {
    metric,
    ...resampled(rows, (some) => meanOf(some, 'ours', key) / meanOf(some, 'naive', key)),
    cases: rows.length,
    baseline: 1,
  };
}

function plain(metric: string, rows: readonly Row[], key: keyof ForecastMeasures): Score {
  return {
    metric,
    ...resampled(rows, (some) => meanOf(some, 'ours', key)),
    cases: rows.length,
    baseline: meanOf(rows, 'naive', key),
  };
}

function meanOf(rows: readonly Row[], whose: 'ours' | 'naive', key: keyof ForecastMeasures): number {
  return rows.reduce((sum, row) => sum + row[whose][key], 0) / rows.length;
}

/** A figure over all rows with its 95 % percentile bootstrap interval: a ratio of means needs its rows drawn together. */
function resampled(
  rows: readonly Row[],
  figure: (rows: readonly Row[]) => number,
): Pick<Score, 'score' | 'low' | 'high'> {
  const random = createRandom(rows.length);
  const drawn = Array.from({ length: 500 }, () => figure(rows.map(() => rows[random.integer(rows.length)]!))).sort(
    (left, right) => left - right,
  );
  return { score: figure(rows), low: drawn[12]!, high: drawn[487]! };
}

function dataOf(data: string | undefined): string {
  if (data === undefined)
    throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder with Hourly-train.csv>.');
  return data;
}

function cells({ line }: Prediction, key: string): number[] {
  const values = line[key];
  return Array.isArray(values) ? values.map(Number) : [];
}

function rounded(values: Float64Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(8)));
}

function writeTable(path: string, header: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, [header, ...rows].map((row) => `${row.join(',')}\n`).join(''));
}
