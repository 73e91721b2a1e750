import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { takeRows, type Matrix } from '../../../detection/matrix.ts';
import { createDbscanTrainer } from '../../../detection/outliers/dbscan.ts';
import { createEllipticEnvelopeTrainer } from '../../../detection/outliers/elliptic-envelope.ts';
import { createExtendedForestTrainer } from '../../../detection/outliers/extended-forest.ts';
import { createIsolationForestTrainer } from '../../../detection/outliers/isolation-forest.ts';
import { createLocalOutlierFactorTrainer } from '../../../detection/outliers/local-outlier-factor.ts';
import { createNeighbourDistanceTrainer } from '../../../detection/outliers/neighbour-distance.ts';
import { createOutlierBlendTrainer } from '../../../detection/outliers/outlier-blend.ts';
import { createPcaTrainer } from '../../../detection/outliers/pca.ts';
import { scaleOf, standardise } from '../../../detection/outliers/standardise.ts';
import { areaUnderRoc } from '../../../detection/trees/ranking.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { readNpz } from './read-npz.ts';
import { splitRows } from './split-rows.ts';

/**
 * `node evals/suites/adbench/compare-detectors.ts <folder of .npz files> [rows] [seed]`: test AUROC of every unsupervised detector beside the z-score's, set by set.
 * Another seed, any text, is another split.
 */
const [folder = '.', most = '6000', seed = ''] = process.argv.slice(2);
const trainers = [
  createIsolationForestTrainer(),
  createExtendedForestTrainer(),
  createPcaTrainer(),
  createEllipticEnvelopeTrainer(),
  createLocalOutlierFactorTrainer(),
  createNeighbourDistanceTrainer(),
  createDbscanTrainer(),
  createOutlierBlendTrainer(),
];
const sums = new Float64Array(trainers.length + 1);
const names = readdirSync(folder).filter((name) => name.endsWith('.npz'));
say('set', ['mean |z|', ...trainers.map(({ method }) => method)]);
for (const name of names) {
  const { X, y } = readNpz(join(folder, name));
  const rows: Matrix = { rows: X!.shape[0]!, columns: X!.shape[1]!, values: X!.values };
  const split = splitRows(y!.values, { mostRows: Number(most), random: createRandom(name + seed) });
  const [train, test] = [takeRows(rows, split.train), takeRows(rows, split.test)];
  const truth = Array.from(split.test, (row) => y!.values[row]!);
  const scores = [
    meanDeviation(train, test),
    ...trainers.map((trainer) => trainer.fit(train, {}, createRandom(1)).score(test)),
  ];
  const areas = scores.map((own) => areaUnderRoc(own, truth));
  for (const [index, area] of areas.entries()) sums[index]! += area / names.length;
  say(
    name,
    areas.map((area) => area.toFixed(3)),
  );
}
say(
  'mean',
  Array.from(sums, (sum) => sum.toFixed(3)),
);

function meanDeviation(train: Matrix, test: Matrix): Float64Array {
  const scaled = standardise(scaleOf(train), test);
  return Float64Array.from({ length: test.rows }, (_, row) =>
    scaled.subarray(row * test.columns, (row + 1) * test.columns).reduce((sum, value) => sum + Math.abs(value), 0),
  );
}

function say(first: string, cells: readonly string[]): void {
  process.stdout.write(`${first.padEnd(24)}${cells.map((cell) => cell.padStart(21)).join('')}\n`);
}
