import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Random } from '../../../infra/runtime/random.ts';
import type { Detector, ExplainedScale, ModelCard, Trainer } from '../contracts.ts';
import { explanationBy } from '../explained-score.ts';
import type { Matrix } from '../matrix.ts';
import type { OnnxPart } from '../onnx/encode-model.ts';
import { detectorFile, joined, widened } from '../onnx/graph-part.ts';
import { modelCardJson, namesOf } from '../trees/model-card-json.ts';
import { outsideRanges, rangesJson, rangesOf } from './range-guard.ts';
import { scaleJson, scaleOf, standardise, standardiseOnnx } from './standardise.ts';
import { requireRows, sampleOf } from './training-rows.ts';

/** What a method that works on standardised columns has to bring; card, scaling, ranges, JSON and ONNX input are the same for all. */
export interface OutlierMethod<Options extends object, Parameters> {
  method: string;
  defaults: Options;
  leastRows: number;
  /** Rows that are learnt from at most: a sample is drawn where there are more. */
  mostRows: number;
  /** Plain JSON; numbers that a score needs. */
  schema: z.ZodType<Parameters>;
  learn: (scaled: Float64Array, of: { columns: number; options: Options; random: Random }) => Parameters;
  score: (scaled: Float64Array, columns: number, parameters: Parameters) => Float64Array;
  /** Signed shares by column of one row, which add up to its score in `scale`, less `expected`. */
  explain: (scaled: Float64Array, columns: number, parameters: Parameters) => SplitScore;
  /** From `scaled` [batch, columns] to `scores` [batch, 1], over doubles; float constants are widened. */
  onnx: (parameters: Parameters, columns: number) => OnnxPart;
}

/** A score of a row, split by column. */
export interface SplitScore {
  shares: Float64Array;
  expected: number;
  scale: ExplainedScale;
  exact: boolean;
}

/** A trainer of a method over standardised columns. */
export function createOutlierTrainer<Options extends object, Parameters>(
  own: OutlierMethod<Options, Parameters>,
): Trainer<Options & { features: readonly string[] }> {
  const schema = z.object({ card: modelCardJson, scale: scaleJson, ranges: rangesJson, parameters: own.schema });
  return {
    method: own.method,
    fit: (rows, given, random) => {
      requireRows(rows, own.leastRows);
      const { features = [], ...rest } = given;
      const options = { ...own.defaults, ...rest };
      const scale = scaleOf(rows);
      const sample = sampleOf(rows, own.mostRows, random);
      const parameters = own.learn(standardise(scale, sample), { columns: rows.columns, options, random });
      const card = {
        method: own.method,
        options: { ...options },
        features: namesOf(features, rows.columns),
        trainedRows: rows.rows,
      };
      return detectorOf(own, { card, scale, ranges: rangesOf(rows), parameters });
    },
    load: (json) => {
      const parsed = schema.safeParse(json);
      if (!parsed.success)
        throw new CerebroError('INPUT_INVALID', `not a model of ${own.method}: ${parsed.error.message}`);
      return detectorOf(own, parsed.data);
    },
  };
}

interface Fitted<Parameters> {
  card: ModelCard;
  scale: z.infer<typeof scaleJson>;
  ranges: z.infer<typeof rangesJson>;
  parameters: Parameters;
}

function detectorOf<Options extends object, Parameters>(
  own: OutlierMethod<Options, Parameters>,
  fitted: Fitted<Parameters>,
): Detector {
  const { card, scale, ranges, parameters } = fitted;
  const columns = card.features.length;
  const scaledOf = (rows: Matrix): Float64Array => {
    if (rows.columns !== columns)
      throw new CerebroError('INPUT_INVALID', `the model takes ${columns} columns, the rows have ${rows.columns}`);
    return standardise(scale, rows);
  };
  const part = (): OnnxPart => widened(joined([standardiseOnnx(scale), own.onnx(parameters, columns)]));
  return {
    card,
    score: (rows) => own.score(scaledOf(rows), columns, parameters),
    outOfDistribution: (rows) => outsideRanges(ranges, rows),
    explain: (row) =>
      explanationBy(
        card.features,
        row,
        own.explain(scaledOf({ rows: 1, columns: row.length, values: Float64Array.from(row) }), columns, parameters),
      ),
    toOnnx: () => detectorFile(part(), { name: own.method, columns }),
    onnxPart: part,
    toJson: () => fitted,
  };
}
