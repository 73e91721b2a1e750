import { existsSync, readFileSync } from 'node:fs';
import type { Matrix } from '../../detection/models/matrix.ts';
import { readAll, scoreStored } from '../../detection/models/stored-rows.ts';
import { openRows } from '../../detection/lifecycle/training/dataset-files.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import { createRandom } from '../../infra/runtime/random.ts';

/**
 * One measurement of ours, as one JSON line, in a process of its own so that its memory can be read: the twin of measure-peer.py. `load` only
 * imports the modules, so that the next process finds them compiled, as Python does. `isolation-forest` holds all rows, as the peer must;
 * `isolation-forest-stored` reads them from the file block by block, for the fit and again for the scores.
 */
const [what, path = '', ...numbers] = process.argv.slice(2);
const [rows = 0, columns = 0, threads = 1] = numbers.map(Number);
const boosting = async () => await import('../../detection/models/trees/boosted-classifier.ts');
const forest = async () => await import('../../detection/models/outliers/isolation-forest.ts');
const ranking = async () => await import('../../detection/models/trees/ranking.ts');
if (what === 'load') await Promise.all([boosting(), forest(), ranking()]);
else {
  const out = await (what === 'xgboost' ? measureBoosting() : measureForest(what === 'isolation-forest-stored'));
  process.stdout.write(`${JSON.stringify(out)}\n`);
}

async function measureBoosting(): Promise<Record<string, number>> {
  const [{ createGradientBoostingTrainer }, { areaUnderRoc }] = [await boosting(), await ranking()];
  const bare = peak();
  using file = openRows(path, columns);
  const { values } = readAll(file);
  const bytes = readFileSync(`${path}.labels`);
  const labels = new Int32Array(bytes.buffer, bytes.byteOffset, rows);
  const train = Math.floor(rows * 0.8);
  const part = (from: number, to: number): Matrix => ({
    rows: to - from,
    columns,
    values: values.subarray(from * columns, to * columns),
  });
  const data = { rows: part(0, train), labels: labels.subarray(0, train), classes: ['normal', 'abnormal'] };
  const stop = start(bare);
  const model = createGradientBoostingTrainer().fit(data, { threads }, createRandom(1));
  const figures = stop();
  const scores = model.probabilities(part(train, rows)).values.filter((_, at) => at % 2 === 1);
  return { ...figures, area: areaUnderRoc(scores, labels.subarray(train)) };
}

async function measureForest(isStored: boolean): Promise<Record<string, number>> {
  const trainer = (await forest()).createIsolationForestTrainer();
  const bare = peak();
  using file = openRows(path, columns);
  const all = isStored ? { rows, columns, values: new Float32Array(0) } : readAll(file);
  const stop = start(bare);
  const model = isStored ? trainer.fitStored!(file, {}, createRandom(1)) : trainer.fit(all, {}, createRandom(1));
  const scores = isStored ? scoreStored(file, (block) => model.score(block)) : model.score(all);
  return { ...stop(), mean: scores.reduce((sum, score) => sum + score, 0) / rows };
}

/** Begins the time; what it returns ends it. Memory in MiB, the peak by the operating system. */
function start(bare: number): () => Record<string, number> {
  const before = peak();
  const cpu = process.cpuUsage();
  const began = systemClock.monotonic();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (systemClock.monotonic() - began) / 1000;
    return { seconds, cpu: (user + system) / 1e6, megabytes: peak(), megabytes_before: before, megabytes_bare: bare };
  };
}

/** By the kernel's own count for this program where it has one: `maxRSS` begins with the size of the process that started this one. */
function peak(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
  return Number(kibibytes ?? process.resourceUsage().maxRSS) / 1024;
}
