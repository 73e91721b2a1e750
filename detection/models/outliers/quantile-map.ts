import { floats, integers, type OnnxPart } from '../onnx/encode-model.ts';
import { castTo } from '../onnx/graph-part.ts';

/** Sorted reference scores: where a score stands among them, in [0, 1], is comparable between detectors. */
export type QuantileMap = readonly number[];

/** At most 512 evenly spaced quantiles of the scores. */
export function quantileMapOf(scores: Float64Array): QuantileMap {
  const sorted = Float64Array.from(scores).sort();
  const count = Math.min(512, sorted.length);
  return Array.from(
    { length: count },
    (_, k) => sorted[Math.round((k * (sorted.length - 1)) / Math.max(1, count - 1))]!,
  );
}

/** Scores nearer than this are the same: a position must not hang on the last digits of a score, which an ONNX file has otherwise. */
const same = 1e-8;

/** Different reference scores, ascending, and where each stands: the middle of the references that are the same. */
interface Knots {
  scores: Float64Array;
  positions: Float64Array;
  range: number;
}

function knotsOf(map: QuantileMap): Knots {
  const scores: number[] = [];
  const positions: number[] = [];
  for (let from = 0, to = 0; from < map.length; from = to) {
    while (to < map.length && map[to]! - map[from]! <= same) to += 1;
    scores.push(map[from]!);
    positions.push((from + to + 1) / 2 / (map.length + 1));
  }
  const range = Math.max(scores.at(-1)! - scores[0]!, 1e-12);
  return { scores: Float64Array.from(scores), positions: Float64Array.from(positions), range };
}

/**
 * Share of the references that lie below a score, between two of them by distance; continuous, and rising throughout. Beyond the ends it goes
 * on towards 0 and 1 without reaching them, so that the order among scores never seen before is kept. Made once for a map, asked often.
 */
export function positionsBy(map: QuantileMap): (score: number) => number {
  const { scores, positions, range } = knotsOf(map);
  const last = scores.length - 1;
  return (score) => {
    let low = 0;
    let high = scores.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (scores[middle]! < score) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return positions[0]! / (1 + (scores[0]! - score) / range);
    if (low > last) {
      const beyond = (score - scores[last]!) / range;
      return positions[last]! + ((1 - positions[last]!) * beyond) / (1 + beyond);
    }
    const [from, to] = [positions[low - 1]!, positions[low]!];
    return from + ((score - scores[low - 1]!) * (to - from)) / (scores[low]! - scores[low - 1]!);
  };
}

/** The same in ONNX, over doubles: from `scores` to `positions`, both [batch, 1]. */
export function positionsOnnx(map: QuantileMap): OnnxPart {
  const { scores, positions, range } = knotsOf(map);
  const last = scores.length - 1;
  const slopes = Array.from(
    { length: last },
    (_, at) => (positions[at + 1]! - positions[at]!) / (scores[at + 1]! - scores[at]!),
  );
  return {
    constants: {
      knots: floats([1, scores.length], scores),
      // by the number of knots below: the knot before (of none the first), its position, the slope after it
      anchors: floats([scores.length + 1], [scores[0]!, ...scores]),
      starts: floats([scores.length + 1], [positions[0]!, ...positions]),
      slopes: floats([scores.length + 1], [0, ...slopes, 0]),
      range: floats([], [range]),
      first: floats([], [positions[0]!]),
      rest: floats([], [1 - positions[last]!]),
      zero: floats([], [0]),
      unit: floats([], [1]),
      none: integers([], [0]),
      all: integers([], [scores.length]),
      across: integers([1], [-1]),
    },
    nodes: [
      { op: 'Less', inputs: ['knots', 'scores'], outputs: ['isBelow'] },
      { op: 'Cast', inputs: ['isBelow'], outputs: ['counted'], attributes: castTo.integer },
      { op: 'ReduceSum', inputs: ['counted', 'across'], outputs: ['below'], attributes: { keepdims: { int: 1 } } },
      { op: 'Gather', inputs: ['anchors', 'below'], outputs: ['anchor'] },
      { op: 'Gather', inputs: ['starts', 'below'], outputs: ['start'] },
      { op: 'Gather', inputs: ['slopes', 'below'], outputs: ['slope'] },
      { op: 'Sub', inputs: ['scores', 'anchor'], outputs: ['away'] },
      { op: 'Mul', inputs: ['away', 'slope'], outputs: ['risen'] },
      { op: 'Add', inputs: ['start', 'risen'], outputs: ['between'] },
      { op: 'Div', inputs: ['away', 'range'], outputs: ['relative'] },
      // before the first knot `relative` is negative, after the last positive: each formula gets no more than its own side
      { op: 'Min', inputs: ['relative', 'zero'], outputs: ['short'] },
      { op: 'Sub', inputs: ['unit', 'short'], outputs: ['shrunk'] },
      { op: 'Div', inputs: ['first', 'shrunk'], outputs: ['before'] },
      { op: 'Max', inputs: ['relative', 'zero'], outputs: ['beyond'] },
      { op: 'Add', inputs: ['unit', 'beyond'], outputs: ['grown'] },
      { op: 'Div', inputs: ['beyond', 'grown'], outputs: ['bent'] },
      { op: 'Mul', inputs: ['rest', 'bent'], outputs: ['added'] },
      { op: 'Add', inputs: ['start', 'added'], outputs: ['after'] },
      { op: 'Equal', inputs: ['below', 'none'], outputs: ['isFirst'] },
      { op: 'Equal', inputs: ['below', 'all'], outputs: ['isLast'] },
      { op: 'Where', inputs: ['isLast', 'after', 'between'], outputs: ['notFirst'] },
      { op: 'Where', inputs: ['isFirst', 'before', 'notFirst'], outputs: ['positions'] },
    ],
  };
}
