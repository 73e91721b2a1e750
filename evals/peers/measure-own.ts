import { readFileSync } from 'node:fs';
import { createIsolationForestTrainer } from '../../detection/outliers/isolation-forest.ts';
import { createGradientBoostingTrainer } from '../../detection/trees/boosted-classifier.ts';
import { areaUnderRoc } from '../../detection/trees/ranking.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import { createRandom } from '../../infra/runtime/random.ts';

/** One measurement of ours, as one JSON line, in a process of its own so that its memory can be read: the twin of measure-peer.py. */
const [what, path = '', ...numbers] = process.argv.slice(2);
const [rows = 0, columns = 0, threads = 1] = numbers.map(Number);
const file = readFileSync(path);
const values = new Float32Array(file.buffer, file.byteOffset, rows * columns);
const labels = new Int32Array(file.buffer, file.byteOffset + rows * columns * 4, rows);
const megabytesBefore = process.resourceUsage().maxRSS / 1024;
const cpu = process.cpuUsage();
const started = systemClock.monotonic();
const out = what === 'xgboost' ? boosting() : forest();
const used = process.cpuUsage(cpu);
const line = {
  ...out,
  cpu: (used.user + used.system) / 1e6,
  megabytes: process.resourceUsage().maxRSS / 1024,
  megabytes_before: megabytesBefore,
};
process.stdout.write(`${JSON.stringify(line)}\n`);

function boosting(): { seconds: number; area: number } {
  const train = Math.floor(rows * 0.8);
  const part = (from: number, to: number): { rows: number; columns: number; values: Float32Array } => ({
    rows: to - from,
    columns,
    values: values.subarray(from * columns, to * columns),
  });
  const data = { rows: part(0, train), labels: labels.subarray(0, train), classes: ['normal', 'abnormal'] };
  const model = createGradientBoostingTrainer().fit(data, { threads }, createRandom(1));
  const seconds = (systemClock.monotonic() - started) / 1000;
  const scores = model.probabilities(part(train, rows)).values.filter((_, at) => at % 2 === 1);
  return { seconds, area: areaUnderRoc(scores, labels.subarray(train)) };
}

function forest(): { seconds: number; mean: number } {
  const all = { rows, columns, values };
  const scores = createIsolationForestTrainer().fit(all, {}, createRandom(1)).score(all);
  return {
    seconds: (systemClock.monotonic() - started) / 1000,
    mean: scores.reduce((sum, score) => sum + score, 0) / rows,
  };
}
