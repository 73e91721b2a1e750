import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { takeRows, type Matrix } from '../../../detection/models/matrix.ts';
import { createDbscanTrainer } from '../../../detection/models/outliers/dbscan.ts';
import { createEllipticEnvelopeTrainer } from '../../../detection/models/outliers/elliptic-envelope.ts';
import { createExtendedForestTrainer } from '../../../detection/models/outliers/extended-forest.ts';
import { createIsolationForestTrainer } from '../../../detection/models/outliers/isolation-forest.ts';
import { createLocalOutlierFactorTrainer } from '../../../detection/models/outliers/local-outlier-factor.ts';
import { createNeighbourDistanceTrainer } from '../../../detection/models/outliers/neighbour-distance.ts';
import { createOutlierBlendTrainer } from '../../../detection/models/outliers/outlier-blend.ts';
import { createPcaTrainer } from '../../../detection/models/outliers/pca.ts';
import { scaleOf, standardise } from '../../../detection/models/outliers/standardise.ts';
import { storedRowsOf } from '../../../detection/models/stored-rows.ts';
import { chooseUnsupervised } from '../../../detection/lifecycle/training/choose-unsupervised.ts';
import { createDefaultParts } from '../../../detection/lifecycle/training/default-parts.ts';
import { areaUnderRoc } from '../../../detection/models/trees/ranking.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { readNpz } from './read-npz.ts';
import { splitRows } from './split-rows.ts';

/**
 * `node evals/suites/adbench/compare-detectors.ts <folder of .npz files> [rows] [seed] [share]`: test AUROC of every unsupervised detector beside the z-score's, set by set.
 * Another seed, any text, is another split. With a share of the training rows that are labelled, the detectors leave out those known to be abnormal, and the last column
 * is the one that `cerebro train --detector auto` would choose by them.
 */
const [folder = '.', most = '6000', seed = '', share = '0'] = process.argv.slice(2);
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
const sums = new Float64Array(trainers.length + 2);
const names = readdirSync(folder).filter((name) => name.endsWith('.npz'));
say('set', ['mean |z|', ...trainers.map(({ method }) => method), 'chosen']);
for (const name of names) {
  const { X, y } = readNpz(join(folder, name));
  const rows: Matrix = { rows: X!.shape[0]!, columns: X!.shape[1]!, values: X!.values };
  const split = splitRows(y!.values, { mostRows: Number(most), random: createRandom(name + seed) });
  const random = createRandom(`labels ${name}${seed}`);
  const labels = Array.from(split.train, (row) => (random.next() < Number(share) ? y!.values[row]! : -1));
  const places = Int32Array.from(labels.keys());
  const usual = places.filter((place) => labels[place] !== 1);
  const whole = takeRows(rows, split.train);
  const [train, test] = [takeRows(whole, usual), takeRows(rows, split.test)];
  const choice = chooseUnsupervised(createDefaultParts(), {
    rows: storedRowsOf(whole),
    usual,
    abnormal: places.filter((place) => labels[place] === 1),
    isNormal: (place) => labels[place] === 0,
    seed: 1,
  });
  const truth = Array.from(split.test, (row) => y!.values[row]!);
  const scores = [
    meanDeviation(train, test),
    ...trainers.map((trainer) => trainer.fit(train, {}, createRandom(1)).score(test)),
  ];
  const areas = scores.map((own) => areaUnderRoc(own, truth));
  areas.push(areas[1 + trainers.findIndex(({ method }) => method === choice.trainer.method)]!);
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
