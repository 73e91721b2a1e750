import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Random } from '../../../infra/runtime/random.ts';
import type { Detector, ModelCard, Trainer } from '../contracts.ts';
import { explanationBy, rescaled, scoreIn, sharesBy } from '../explained-score.ts';
import type { Matrix } from '../matrix.ts';
import type { OnnxPart } from '../onnx/encode-model.ts';
import { detectorFile, joined, renamed, widened } from '../onnx/graph-part.ts';
import { modelCardJson, namesOf } from '../trees/model-card-json.ts';
import { createIsolationForestTrainer } from './isolation-forest.ts';
import { createLocalOutlierFactorTrainer } from './local-outlier-factor.ts';
import { createNeighbourDistanceTrainer } from './neighbour-distance.ts';
import { joinTails, joinTailsOnnx } from './joined-tails.ts';
import { nearest, reachOf } from './neighbours.ts';
import { positionsBy, positionsOnnx, quantileMapOf } from './quantile-map.ts';
import { scaleOf, standardise } from './standardise.ts';
import { requireRows, sampleOf } from './training-rows.ts';

export interface OutlierBlendOptions {
  trees: number;
  features: readonly string[];
}

const blendJson = z.object({
  card: modelCardJson,
  members: z.array(z.object({ model: z.unknown(), weight: z.number(), map: z.array(z.number()) })),
});

interface Member {
  detector: Detector;
  weight: number;
  map: readonly number[];
}

const trainers = [
  createIsolationForestTrainer(),
  createNeighbourDistanceTrainer(),
  createLocalOutlierFactorTrainer(),
] as const;

/**
 * An isolation forest, and beside it two neighbourhood detectors as far as the training rows speak for them: where the columns have no heavy tails there is
 * little for a forest to isolate, and where rows lie much closer to each other than independent columns would (a row's oddness is in how its
 * values go together) neighbours see what single columns do not. Where the rows that the forest isolates lie in a lump, neighbours are blind to them and stay out.
 * Everywhere else the forest stands alone. Positions p among training scores are joined by their tails, 1 - product of (1 - p)^weight (Fisher's combination
 * of p-values, weighted): what one member finds extreme stays high whatever the others say. Explanations are in evidence, in which the members' add up, each by its own method. Against the forest over ADBench: `npx --no cerebro eval adbench --data <dir>` (budget 0).
 */
export function createOutlierBlendTrainer(): Trainer<OutlierBlendOptions> {
  const method = 'outlier-blend';
  return {
    method,
    fit: (rows, given, random) => {
      const options: OutlierBlendOptions = { trees: 100, features: [], ...given };
      requireRows(rows, 4);
      const forest = trainers[0].fit(rows, { trees: options.trees }, random);
      const weights = weightsOf(rows, forest, random);
      const sample = sampleOf(rows, 2000, random);
      const members = trainers.flatMap((trainer, index) => {
        const weight = weights[index]!;
        if (weight === 0) return [];
        const detector = index === 0 ? forest : trainer.fit(rows, {}, random);
        return [{ detector, weight, map: quantileMapOf(detector.score(sample)) }];
      });
      const { features, ...kept } = options;
      const card = {
        method,
        options: { ...kept, weights },
        features: namesOf(features, rows.columns),
        trainedRows: rows.rows,
      };
      return blendOf(card, members);
    },
    load: (json) => {
      const parsed = blendJson.safeParse(json);
      if (!parsed.success) throw new CerebroError('INPUT_INVALID', `not an outlier blend: ${parsed.error.message}`);
      const members = parsed.data.members.map(({ model, weight, map }) => ({
        detector: loadMember(model),
        weight,
        map,
      }));
      return blendOf(parsed.data.card, members);
    },
  };
}

function loadMember(model: unknown): Detector {
  const { card } = z.object({ card: modelCardJson }).parse(model);
  const trainer = trainers.find((own) => own.method === card.method);
  if (trainer === undefined) throw new CerebroError('INPUT_INVALID', `a blend has no member ${card.method}`);
  return trainer.load(model);
}

function blendOf(card: ModelCard, members: readonly Member[]): Detector {
  const forest = members[0]!.detector;
  const weights = members.map(({ weight }) => weight);
  const placed = members.map(({ map }) => positionsBy(map));
  const part = (): OnnxPart => {
    const parts = members.map(({ detector, map }, index) => {
      const own = joined([
        detector.onnxPart!(),
        renamed(positionsOnnx(map), 'at_', { scores: 'scores', positions: 'positions' }),
      ]);
      return renamed(own, `m${index}_`, { rows: 'rows' });
    });
    return widened(
      joined([
        ...parts,
        joinTailsOnnx(
          members.map((_, index) => `m${index}_positions`),
          weights,
        ),
      ]),
    );
  };
  return {
    card,
    score: (rows) =>
      joinTails(
        members.map(({ detector }, index) => detector.score(rows).map(placed[index]!)),
        weights,
      ),
    toOnnx: () => detectorFile(part(), { name: card.method, columns: card.features.length }),
    onnxPart: part,
    outOfDistribution: (rows) => forest.outOfDistribution(rows),
    explain: (row) => {
      const shares = new Float64Array(row.length);
      let expected = 0;
      for (const [index, { detector, weight }] of members.entries()) {
        const told = detector.explain(row);
        const position = (value: number): number => placed[index]!(scoreIn(told.scale, value));
        const own = rescaled(told, (value) => -weight * Math.log1p(-position(value)), 'evidence');
        expected += own.expected;
        for (const [column, share] of sharesBy(own, detector.card.features).entries()) shares[column]! += share;
      }
      return explanationBy(card.features, row, { shares, expected, scale: 'evidence', exact: false });
    },
    toJson: () => ({
      card,
      members: members.map(({ detector, weight, map }) => ({ model: detector.toJson(), weight, map })),
    }),
  };
}

/** Largest weight of the neighbourhood detectors together, and least with which they are consulted at all. */
const mostLocal = 0.6;
const leastLocal = 0.15;

/**
 * Weights of the trainers, which add up to 1. Neighbours count the more, the lighter the columns' tails are, the closer rows lie than with shuffled columns, the more
 * scattered the rows are that the forest isolates, and the more rows there are to be near to.
 */
function weightsOf(rows: Matrix, forest: Detector, random: Random): number[] {
  const alone = [1, 0, 0];
  const sample = sampleOf(rows, 1000, random);
  const { columns } = sample;
  const scaled = standardise(scaleOf(sample), sample);
  let kurtosis = 0;
  for (const value of scaled) kurtosis += value ** 4 / scaled.length;
  // 3 is a Gaussian's; 6 an exponential-like column's, from where a forest has tails to find
  const most = mostLocal * between(kurtosis, 6.5, 5) * between(sample.rows, 100, enoughRows);
  if (most < leastLocal) return alone;
  const shuffled = Float64Array.from(scaled);
  for (let column = 0; column < columns; column += 1)
    for (let row = sample.rows - 1; row > 0; row -= 1) {
      const [a, b] = [row * columns + column, random.integer(row + 1) * columns + column];
      [shuffled[a], shuffled[b]] = [shuffled[b]!, shuffled[a]!];
    }
  const k = Math.min(5, sample.rows - 1);
  const near = nearest(scaled, scaled, { columns, k, self: true });
  const apart = nearest(shuffled, shuffled, { columns, k, self: true });
  const closeness = medianOf(reachOf(near, k)) / Math.max(medianOf(reachOf(apart, k)), 1e-12);
  const lump = lumpOf(forest.score(sample), near.indices, k);
  const local = most * between(closeness, 0.9, 0.6) * between(lump, 0.5, 0.25);
  return local < leastLocal ? alone : [1 - local, (local * 2) / 3, local / 3];
}

/** Rows from which on neighbourhoods are trusted fully. */
const enoughRows = 500;

/** 0 at `none` and before it, 1 at `all` and beyond, linear between. */
function between(value: number, none: number, all: number): number {
  return Math.min(1, Math.max(0, (value - none) / (all - none)));
}

function medianOf(values: Float64Array): number {
  return Float64Array.from(values).sort()[values.length >> 1]!;
}

/** Of the `k` nearest rows of the 2 % with the highest scores (at least five), the share that is among those as well: near 0 where they are scattered. */
function lumpOf(scores: Float64Array, indices: Int32Array, k: number): number {
  const count = Math.min(scores.length, Math.max(5, Math.round(scores.length * 0.02)));
  const highest = Array.from(scores.keys())
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, count);
  const odd = new Set(highest);
  let inside = 0;
  for (const row of highest) for (let at = row * k; at < row * k + k; at += 1) inside += odd.has(indices[at]!) ? 1 : 0;
  return inside / (count * k);
}
