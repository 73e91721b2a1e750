import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Detector, Trainer } from '../contracts.ts';
import type { Matrix } from '../matrix.ts';
import { outsideRanges, rangesJson, rangesOf } from '../outliers/range-guard.ts';
import { modelCardJson, namesOf } from '../trees/model-card-json.ts';
import { fitColumnSeason, withoutSeason } from './column-season.ts';
import {
  changesOf,
  energyCells,
  fitScaling,
  fitWindowPca,
  residualCells,
  scaleRows,
  windowEnergy,
  windowResiduals,
} from './window-models.ts';
import { windowEnsembleOnnx } from './window-onnx.ts';
import { scalingJson, windowPcaJson } from './window-pca.ts';
import { asTrained, checkRows, explainCells, stretchOf } from './window-rows.ts';

export interface WindowEnsembleOptions {
  window: number;
  explained: number;
  features: readonly string[];
}

const defaults: WindowEnsembleOptions = { window: 10, explained: 0.99, features: [] };
const stored = z.object({
  card: modelCardJson,
  ranges: rangesJson,
  level: scalingJson,
  changes: scalingJson,
  pca: windowPcaJson,
  season: z.object({ period: z.number(), usual: z.array(z.number()), scaling: scalingJson }).optional(),
  usual: z.object({ structure: z.number(), changes: z.number(), season: z.number() }),
});
/** What a window ensemble learned; `usual` are the 99th percentiles of its members in training. */
export type FittedWindows = z.infer<typeof stored>;
const method = 'window-ensemble';

/** A member of the ensemble: what it says of each row, of which cells of the stretch that is made, and how it counts. */
interface Member {
  values: Float64Array;
  cells: (row: number) => Float64Array;
  usual: number;
  weight: number;
}

/** Deviations from what rows, their changes and the time of day usually are. */
function membersOf(rows: Matrix, fitted: FittedWindows): Member[] {
  const { pca, usual, season } = fitted;
  const { window } = pca;
  const level = scaleRows(rows, fitted.level);
  const energyOf = (scaled: Matrix): Pick<Member, 'values' | 'cells'> => ({
    values: windowEnergy(scaled, window),
    cells: (row) => energyCells(scaled, window, row),
  });
  return [
    {
      values: windowResiduals(level, pca),
      cells: (row) => residualCells(level, pca, row),
      usual: usual.structure,
      weight: 1,
    },
    { ...energyOf(scaleRows(changesOf(rows), fitted.changes)), usual: usual.changes, weight: 1 },
    ...(season === undefined
      ? []
      : [
          {
            ...energyOf(scaleRows(withoutSeason(rows, season), season.scaling)),
            usual: usual.season,
            weight: seasonWeight,
          },
        ]),
  ];
}

/** Evidence at a ratio of `e - 1` to the 99th percentile is 1; the score is `1 - exp(-evidence)`. */
const seasonWeight = 0.5;

/**
 * Windowed PCA joined with the energy of changes (rows that jump together are abnormal although they keep to the usual directions) and with the distance
 * from the season that the columns share, found from the data. Each is a logarithm of its ratio to the 99th percentile in training; the sum is smoothed
 * over half a window. On `asd` (4 servers) VUS-PR .68 where windowed PCA has .53, the robust z-score of the columns .07 and random .06:
 * `npx --no cerebro eval asd --data <dir> --truth <dir>`.
 */
export function createWindowEnsembleTrainer(): Trainer<WindowEnsembleOptions> {
  return {
    method,
    fit(rows, given) {
      const { features, ...options } = { ...defaults, ...given };
      checkRows(rows, options.window);
      const level = fitScaling(rows);
      const found = fitColumnSeason(rows);
      const base = {
        card: { method, options, features: [...namesOf(features, rows.columns)], trainedRows: rows.rows },
        ranges: rangesOf(rows),
        level,
        changes: fitScaling(changesOf(rows)),
        pca: fitWindowPca(scaleRows(rows, level), options.window, options.explained),
        ...(found === undefined ? {} : { season: { ...found, scaling: fitScaling(withoutSeason(rows, found)) } }),
        usual: { structure: 1, changes: 1, season: 1 },
      };
      const [structure, changes, season] = membersOf(rows, base).map(({ values }) =>
        Math.max(values.slice().sort()[Math.floor(0.99 * (values.length - 1))]!, 1e-9),
      );
      return detectorOf({ ...base, usual: { structure: structure!, changes: changes!, season: season ?? 1 } });
    },
    load(json) {
      const read = stored.safeParse(json);
      if (!read.success) throw new CerebroError('INPUT_INVALID', `not a window ensemble: ${read.error.message}`);
      return detectorOf(read.data);
    },
  };
}

function detectorOf(fitted: FittedWindows): Detector {
  const { card } = fitted;
  const columns = card.features.length;
  const reach = reachOf(fitted);
  return {
    card,
    score(rows) {
      const evidence = new Float64Array(rows.rows);
      for (const { values, usual, weight } of membersOf(asTrained(rows, columns), fitted))
        for (const [row, value] of values.entries()) evidence[row]! += weight * Math.log1p(value / usual);
      return smoothed(evidence, reach).map((value) => 1 - Math.exp(-value));
    },
    outOfDistribution: (rows) => outsideRanges(fitted.ranges, asTrained(rows, columns)),
    /** Evidence of a row is the mean over the rows near it of what the members add, and of each member split exactly by cell. */
    explain(given, at) {
      const stretch = stretchOf(given, columns, at);
      const [from, to] = nearOf(stretch.at, reach, stretch.rows.rows);
      const cells = new Float64Array(stretch.rows.values.length);
      for (const { values, cells: cellsOf, usual, weight } of membersOf(stretch.rows, fitted))
        for (let row = from; row <= to; row += 1) {
          if (!(values[row]! > 0)) continue;
          const share = (weight * Math.log1p(values[row]! / usual)) / values[row]! / (to - from + 1);
          for (const [cell, part] of cellsOf(row).entries()) cells[cell]! += part * share;
        }
      return explainCells(card.features, stretch, { cells, scale: 'evidence' });
    },
    toOnnx: () => windowEnsembleOnnx(fitted, { columns, reach, seasonWeight }),
    toJson: () => fitted,
  };
}

/** Rows to each side over which evidence is smoothed. */
function reachOf({ pca }: FittedWindows): number {
  return pca.window >> 1;
}

function nearOf(at: number, reach: number, rows: number): [from: number, to: number] {
  return [Math.max(0, at - reach), Math.min(rows - 1, at + reach)];
}

function smoothed(values: Float64Array, reach: number): Float64Array {
  return values.map((_, at) => {
    const [from, to] = nearOf(at, reach, values.length);
    let sum = 0;
    for (let near = from; near <= to; near += 1) sum += values[near]!;
    return sum / (to - from + 1);
  });
}
