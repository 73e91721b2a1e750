import { z } from 'zod';
import { drawNormal, type Random } from '../../../infra/runtime/random.ts';
import type { Trainer } from '../contracts.ts';
import { floats, integers, type OnnxPart } from '../onnx/encode-model.ts';
import { renamed, rowByRow } from '../onnx/graph-part.ts';
import type { TreeEnsemble } from '../trees/tree-ensemble.ts';
import { wideTreesToOnnx } from '../trees/trees-to-onnx.ts';
import { shapleyValues } from '../trees/tree-shap.ts';
import { createOutlierTrainer, type SplitScore } from './fitted-detector.ts';
import { averagePath } from './isolation-forest.ts';
import { drawRows, drawVarying } from './training-rows.ts';

export interface ExtendedForestOptions {
  trees: number;
  /** Rows that each tree sees. */
  sampleSize: number;
  /** Columns that a splitting plane is slanted over, at most (one more than the paper's extension level). */
  slant: number;
}

/**
 * Splitting planes one after another, `slant` columns and weights each, and the nodes of all trees: a node asks whether the weighted sum of its plane is at most its
 * threshold and goes to `left` or the node after it; plane -1 is a leaf. A leaf's value is its share of the exponent of the score.
 */
const parametersJson = z.object({
  slant: z.int(),
  columns: z.array(z.int()),
  weights: z.array(z.number()),
  roots: z.array(z.int()),
  plane: z.array(z.int()),
  threshold: z.array(z.number()),
  left: z.array(z.int()),
  value: z.array(z.number()),
  /** Rows of its tree's sample that reached a node. */
  cover: z.array(z.int()),
});
type Parameters = z.infer<typeof parametersJson>;

/**
 * Extended isolation forest (Hariri, Kind & Brunner, IEEE TKDE 2021): an isolation forest whose splits are planes slanted over several standardised columns, so
 * that no axis is favoured and no ghost clusters arise beside true ones; score 2^(-E[h] / c(n)) as there. Mean AUROC over ADBench: README of this folder. Cost of a score: trees
 * x depth x slant; in ONNX all planes are asked.
 */
export function createExtendedForestTrainer(): Trainer<ExtendedForestOptions & { features: readonly string[] }> {
  return createOutlierTrainer<ExtendedForestOptions, Parameters>({
    method: 'extended-isolation-forest',
    defaults: { trees: 100, sampleSize: 256, slant: 5 },
    leastRows: 2,
    mostRows: 100_000,
    schema: parametersJson,
    learn: (scaled, { columns, options, random }) => {
      const count = scaled.length / columns;
      const size = Math.min(options.sampleSize, count);
      const slant = Math.min(options.slant, columns);
      const grown: Parameters = {
        slant,
        columns: [],
        weights: [],
        roots: [],
        plane: [],
        threshold: [],
        left: [],
        value: [],
        cover: [],
      };
      for (let tree = 0; tree < options.trees; tree += 1)
        growTree({ scaled, columns, rows: drawRows(count, size, random) }, grown, random);
      // each tree gives its share of -E[h] / c(n), so that the sum is the exponent
      return { ...grown, value: grown.value.map((length) => -length / (options.trees * averagePath(size))) };
    },
    score: (scaled, columns, parameters) =>
      Float64Array.from(
        { length: scaled.length / columns },
        (_, row) => 2 ** exponentOf(scaled, row * columns, parameters),
      ),
    explain: splitByPlanes,
    onnx: planesOnnx,
  });
}

interface Sample {
  scaled: Float64Array;
  columns: number;
  rows: Int32Array;
}

function exponentOf(scaled: Float64Array, from: number, parameters: Parameters): number {
  let exponent = 0;
  for (const root of parameters.roots) {
    let node = root;
    for (let plane = parameters.plane[node]!; plane >= 0; plane = parameters.plane[node]!)
      node = parameters.left[node]! + (sideOf(scaled, from, parameters, plane) <= parameters.threshold[node]! ? 0 : 1);
    exponent += parameters.value[node]!;
  }
  return exponent;
}

function sideOf(scaled: Float64Array, from: number, { slant, columns, weights }: Parameters, plane: number): number {
  let sum = 0;
  for (let at = plane * slant; at < (plane + 1) * slant; at += 1) sum += scaled[from + columns[at]!]! * weights[at]!;
  return sum;
}

function growTree(sample: Sample, grown: Parameters, random: Random): void {
  const addNode = (): number => {
    grown.threshold.push(0);
    grown.left.push(0);
    grown.value.push(0);
    grown.cover.push(0);
    return grown.plane.push(-1) - 1;
  };
  const deepest = Math.ceil(Math.log2(sample.rows.length));
  const open = [{ node: addNode(), rows: sample.rows, depth: 0 }];
  grown.roots.push(open[0]!.node);
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { node, rows, depth } = next;
    grown.cover[node] = rows.length;
    const split = depth < deepest && rows.length > 1 ? drawPlane({ ...sample, rows }, grown, random) : undefined;
    if (split === undefined) {
      grown.value[node] = depth + averagePath(rows.length);
      continue;
    }
    const { plane, threshold } = split;
    const goes = (row: number): boolean => sideOf(sample.scaled, row * sample.columns, grown, plane) <= threshold;
    const left = addNode();
    [grown.plane[node], grown.threshold[node], grown.left[node]] = [plane, threshold, left];
    open.push({ node: left, rows: rows.filter(goes), depth: depth + 1 });
    open.push({ node: addNode(), rows: rows.filter((row) => !goes(row)), depth: depth + 1 });
  }
}

/** A plane through a point drawn evenly from the box around the rows, normal weights over columns that vary among them; undefined where none varies. */
function drawPlane(
  sample: Sample,
  planes: Parameters,
  random: Random,
): { plane: number; threshold: number } | undefined {
  const { scaled, columns, rows } = sample;
  const plane = planes.columns.length / planes.slant;
  let through = 0;
  let slanted = 0;
  for (const { column, low, high } of drawVarying({ columns, values: scaled }, rows, random)) {
    const weight = Math.fround(drawNormal(random));
    planes.columns.push(column);
    planes.weights.push(weight);
    through += weight * (low + random.next() * (high - low));
    slanted += 1;
    if (slanted === planes.slant) break;
  }
  if (slanted === 0) return undefined;
  for (; slanted < planes.slant; slanted += 1) {
    planes.columns.push(0);
    planes.weights.push(0);
  }
  return { plane, threshold: Math.fround(through) };
}

/** The trees over columns that hold each plane's sum. */
function treesOf({ plane, threshold, left, value, roots, cover }: Parameters, planes: number): TreeEnsemble {
  return {
    columns: planes,
    outputs: 1,
    width: 1,
    base: new Float64Array(1),
    roots: Int32Array.from(roots),
    treeOutput: new Int32Array(roots.length),
    feature: Int32Array.from(plane),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(left),
    missingLeft: new Uint8Array(plane.length).fill(1),
    categories: new Int32Array(plane.length).fill(-1),
    categorySets: new Int32Array(0),
    value: Float64Array.from(value),
    cover: Float64Array.from(cover),
  };
}

/**
 * Exact Shapley values of log2 of the score for the questions that the planes ask (TreeSHAP over columns that hold the planes' sums), each shared out to the columns of its
 * plane by how much of its sum, in deviations from the mean, each brings: the weights' lengths alone (as in ExIFFI: Arcudi et al. 2024) would blame columns that are usual.
 */
function splitByPlanes(scaled: Float64Array, columns: number, parameters: Parameters): SplitScore {
  const { slant, weights } = parameters;
  const planes = weights.length / slant;
  const sides = Float64Array.from({ length: planes }, (_, plane) => sideOf(scaled, 0, parameters, plane));
  const values = shapleyValues(treesOf(parameters, planes), sides, 0);
  const shares = new Float64Array(columns);
  for (let plane = 0; plane < planes; plane += 1) {
    const own = Array.from({ length: slant }, (_, k) => {
      const column = parameters.columns[plane * slant + k]!;
      return { column, part: Math.abs(scaled[column]! * weights[plane * slant + k]!) };
    });
    const whole = own.reduce((sum, { part }) => sum + part, 0);
    for (const { column, part } of own) shares[column]! += values[plane]! * (whole > 0 ? part / whole : 1 / slant);
  }
  return { shares, expected: values[planes]!, scale: 'log2', exact: false };
}

/** From `scaled` to `scores`: the columns of all planes are gathered and summed by weight, the trees ask the sums. */
function planesOnnx(parameters: Parameters, columns: number): OnnxPart {
  const { slant, weights } = parameters;
  const planes = weights.length / slant;
  const trees = renamed(wideTreesToOnnx(treesOf(parameters, planes)), 'trees_', { rows: 'sides', sums: 'exponents' });
  return {
    constants: {
      ...trees.constants,
      planeColumns: integers([weights.length], parameters.columns),
      planeWeights: floats([weights.length], weights),
      planeShape: integers([2], [planes, slant]),
      two: floats([], [2]),
    },
    nodes: [
      rowByRow({
        input: 'scaled',
        width: columns,
        nodes: [
          { op: 'Gather', inputs: ['row', 'planeColumns'], outputs: ['asked'] },
          { op: 'Mul', inputs: ['asked', 'planeWeights'], outputs: ['weighed'] },
          { op: 'Reshape', inputs: ['weighed', 'planeShape'], outputs: ['byPlane'] },
          {
            op: 'ReduceSum',
            inputs: ['byPlane', 'lastAxis'],
            outputs: ['ofRow'],
            attributes: { keepdims: { int: 0 } },
          },
        ],
        output: 'sides',
        wide: planes,
      }),
      ...trees.nodes,
      { op: 'Pow', inputs: ['two', 'exponents'], outputs: ['scores'] },
    ],
  };
}
