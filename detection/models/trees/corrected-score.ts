import { floats } from '../onnx/encode-model.ts';
import type { OnnxPart } from '../onnx/encode-model.ts';

/**
 * Positions by an unsupervised detector, u, corrected by a classifier's, c, both in [0, 1], joined by their tails: 1 - (1 - u)^(1 - w) (1 - c)^w. Where the classifier
 * raises a row, w is its weight; where it lowers one, the weight squared: what is abnormal in a way that nobody has labelled yet looks normal to it.
 */
export function corrected(unsupervised: Float64Array, learnt: Float64Array, weight: number): Float64Array {
  return unsupervised.map((u, row) => {
    const c = learnt[row]!;
    const w = weightOf(u, c, weight);
    return 1 - (1 - u) ** (1 - w) * (1 - c) ** w;
  });
}

/** Weight of a classifier's position `c` beside an unsupervised one, `u`. */
export function weightOf(u: number, c: number, weight: number): number {
  return c < u ? weight ** 2 : weight;
}

/** `corrected` in ONNX, over doubles: from `unsupervised` and `learnt`, [batch, 1] each, to `scores`. */
export function correctedScoreOnnx(weight: number): OnnxPart {
  return {
    constants: {
      whole: floats([], [1]),
      raising: floats([], [weight]),
      lowering: floats([], [weight ** 2]),
    },
    nodes: [
      { op: 'Less', inputs: ['learnt', 'unsupervised'], outputs: ['lowers'] },
      { op: 'Where', inputs: ['lowers', 'lowering', 'raising'], outputs: ['weight'] },
      { op: 'Sub', inputs: ['whole', 'weight'], outputs: ['left'] },
      { op: 'Sub', inputs: ['whole', 'unsupervised'], outputs: ['tail'] },
      { op: 'Pow', inputs: ['tail', 'left'], outputs: ['factor'] },
      { op: 'Sub', inputs: ['whole', 'learnt'], outputs: ['learntTail'] },
      { op: 'Pow', inputs: ['learntTail', 'weight'], outputs: ['learntFactor'] },
      { op: 'Mul', inputs: ['factor', 'learntFactor'], outputs: ['product'] },
      { op: 'Sub', inputs: ['whole', 'product'], outputs: ['scores'] },
    ],
  };
}
