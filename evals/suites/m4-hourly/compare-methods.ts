import { join } from 'node:path';
import type { Forecast } from '../../../detection/models/contracts.ts';
import { candidatesFor } from '../../../detection/models/forecast/automatic-forecaster.ts';
import { lookAhead } from '../../../detection/models/forecast/backtest.ts';
import { forecastMany } from '../../../detection/models/forecast/forecast-many.ts';
import { createGlobalBoosting } from '../../../detection/models/forecast/methods/global-boosting.ts';
import { createGlobalNetwork } from '../../../detection/models/forecast/methods/global-network.ts';
import { createGlobalRegression } from '../../../detection/models/forecast/methods/global-regression.ts';
import { createLogScale } from '../../../detection/models/forecast/methods/log-scale.ts';
import { createSeasonalNaive } from '../../../detection/models/forecast/methods/seasonal-naive.ts';
import { readHourly } from './read-hourly.ts';
import { measureForecast } from './score-forecasts.ts';

/**
 * `node evals/suites/m4-hourly/compare-methods.ts <folder> [hours]`: every method alone and the combination on 48 hours inside the training part,
 * that many hours before its end (48 by default): sMAPE and MASE as ratios to the seasonal naive forecast's. The held-out values are not read.
 */
const [folder = '.', hours = '48'] = process.argv.slice(2);
const horizon = 48;
const cut = Number(hours);
const all = readHourly(join(folder, 'Hourly-train.csv')).map(({ values }) => ({
  came: values.slice(values.length - cut, values.length - cut + horizon),
  series: { values: values.slice(0, values.length - cut), seasons: [24, 168], stepMs: 3_600_000, startMs: 0 },
}));
const naive = measured(({ series }) => createSeasonalNaive({ season: 'shortest' }).ahead(series, horizon));
const shape = { seasons: [24, 168], positive: true, full: true, length: all[0]!.series.values.length };
for (const method of candidatesFor(shape)) say(method.method, ({ series }) => lookAhead(method, series, horizon));
const inLogs = all.map(({ series }) => ({ ...series, values: series.values.map(Math.log) }));
for (const shared of [createGlobalRegression(), createGlobalBoosting(), createGlobalNetwork()]) {
  const method = createLogScale(await shared.fit(inLogs, horizon));
  say(method.method, ({ series }) => lookAhead(method, series, horizon));
}
for (const [name, shared] of [
  ['combination, one family', [createGlobalRegression()]],
  ['combination, boosting', [createGlobalRegression(), createGlobalBoosting()]],
  ['combination, boosting, network', [createGlobalRegression(), createGlobalBoosting(), createGlobalNetwork()]],
] as const) {
  const made = await forecastMany(
    all.map(({ series }) => series),
    horizon,
    { shared },
  );
  say(name, (_one, index) => made[index]!.mean);
  process.stdout.write(`${' '.repeat(36)} 95 % intervals hold ${held(made).toFixed(3)}\n`);
}

type Case = (typeof all)[number];

/** Share of what came that lay within the intervals. */
function held(made: readonly Forecast[]): number {
  let inside = 0;
  for (const [index, { came }] of all.entries())
    for (const [h, value] of came.entries())
      if (value >= made[index]!.low[h]! && value <= made[index]!.high[h]!) inside += 1;
  return inside / (all.length * horizon);
}

function measured(ahead: (one: Case, index: number) => Float64Array): { smape: number; mase: number } {
  const sums = { smape: 0, mase: 0 };
  for (const [index, one] of all.entries()) {
    const mean = [...ahead(one, index)];
    const { smape, mase } = measureForecast(one.series.values, one.came, { mean, low: mean, high: mean });
    sums.smape += smape / all.length;
    sums.mase += mase / all.length;
  }
  return sums;
}

function say(name: string, ahead: (one: Case, index: number) => Float64Array): void {
  const { smape, mase } = measured(ahead);
  const cells = [smape / naive.smape, mase / naive.mase].map((ratio) => ratio.toFixed(3));
  process.stdout.write(`${name.padEnd(36)} ${cells.join('  ')}\n`);
}
