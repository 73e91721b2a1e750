import { z } from 'zod';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Random } from '../../infra/runtime/random.ts';
import type { Detector, ModelCard, Trainer } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';
import { modelCardJson, namesOf } from '../trees/model-card-json.ts';
import { createDbscanTrainer } from './dbscan.ts';
import { createIsolationForestTrainer } from './isolation-forest.ts';
import { createLocalOutlierFactorTrainer } from './local-outlier-factor.ts';
import { nearest } from './neighbours.ts';
import { positionOf, quantileMapOf } from './quantile-map.ts';
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

const trainers = [createIsolationForestTrainer(), createLocalOutlierFactorTrainer(), createDbscanTrainer()] as const;

/**
 * An isolation forest, and beside it two neighbourhood detectors as far as the training rows speak for them: where the columns have no heavy tails there is
 * little for a forest to isolate, and where rows lie much closer to each other than independent columns would (a row's oddness is in how its
 * values go together) neighbours see what single columns do not. Everywhere else the forest stands alone. The score is the
 * weighted mean position among training scores. Against the forest alone over ADBench: `npx --no cerebro eval adbench --data <dir>` (budget 0).
 */
export function createOutlierBlendTrainer(): Trainer<OutlierBlendOptions> {
  const method = 'outlier-blend';
  return {
    method,
    fit: (rows, given, random) => {
      const options: OutlierBlendOptions = { trees: 100, features: [], ...given };
      requireRows(rows, 4);
      const forest = trainers[0].fit(rows, { trees: options.trees }, random);
      const local = localWeight(rows, random);
      const weights = local < 0.05 ? [1, 0, 0] : [1 - local, local / 2, local / 2];
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
  return {
    card,
    score: (rows) => {
      const scores = new Float64Array(rows.rows);
      for (const { detector, weight, map } of members)
        for (const [row, score] of detector.score(rows).entries()) scores[row]! += weight * positionOf(map, score);
      return scores;
    },
    outOfDistribution: (rows) => forest.outOfDistribution!(rows),
    toJson: () => ({
      card,
      members: members.map(({ detector, weight, map }) => ({ model: detector.toJson(), weight, map })),
    }),
  };
}

/** Weight of the neighbourhood detectors, 0 to 0.8: by how light the columns' tails are times how much closer rows lie than with shuffled columns. */
function localWeight(rows: Matrix, random: Random): number {
  const sample = sampleOf(rows, 1000, random);
  const { columns } = sample;
  const scaled = standardise(scaleOf(sample), sample);
  let kurtosis = 0;
  for (const value of scaled) kurtosis += value ** 4 / scaled.length;
  // 3 is a Gaussian's; 6 an exponential-like column's, from where a forest has tails to find
  const lightness = Math.min(1, Math.max(0, (6.5 - kurtosis) / 1.5));
  if (lightness === 0) return 0;
  const shuffled = Float64Array.from(scaled);
  for (let column = 0; column < columns; column += 1)
    for (let row = sample.rows - 1; row > 0; row -= 1) {
      const [a, b] = [row * columns + column, random.integer(row + 1) * columns + column];
      [shuffled[a], shuffled[b]] = [shuffled[b]!, shuffled[a]!];
    }
  const closeness = medianReach(scaled, columns) / Math.max(medianReach(shuffled, columns), 1e-12);
  return 0.8 * lightness * Math.min(1, Math.max(0, (0.9 - closeness) / 0.3));
}

function medianReach(scaled: Float64Array, columns: number): number {
  const count = scaled.length / columns;
  const k = Math.min(5, count - 1);
  const { distances } = nearest(scaled, scaled, { columns, k, self: true });
  return Float64Array.from({ length: count }, (_, row) => distances[row * k + k - 1]!).sort()[count >> 1]!;
}
