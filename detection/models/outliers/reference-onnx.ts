import { floats, integers, type OnnxPart } from '../onnx/encode-model.ts';
import { castTo, rowByRow } from '../onnx/graph-part.ts';

/**
 * From `scaled`, doubles, to `nearestDistances` and `nearestIndices`, [batch, k], as `nearest` finds them: all differences to the reference rows are formed, so that no
 * digits cancel as they would in |x|^2 - 2xy + |y|^2; squares are compared as float32, so that equal distances are equal here as there, and the first
 * reference comes first. Memory: references x (columns + batch) doubles.
 */
export function referenceOnnx(references: readonly number[], columns: number, k: number): OnnxPart {
  const count = references.length / columns;
  return {
    constants: {
      references: floats([count, columns], references),
      k: integers([1], [k]),
    },
    nodes: [
      rowByRow({
        input: 'scaled',
        width: columns,
        nodes: [
          { op: 'Sub', inputs: ['references', 'row'], outputs: ['differences'] },
          {
            op: 'ReduceSumSquare',
            inputs: ['differences', 'lastAxis'],
            outputs: ['ofRow'],
            attributes: { keepdims: { int: 0 } },
          },
        ],
        output: 'squares',
        wide: count,
      }),
      { op: 'Cast', inputs: ['squares'], outputs: ['rounded'], attributes: castTo.float },
      {
        op: 'TopK',
        inputs: ['rounded', 'k'],
        outputs: ['nearestSquares', 'nearestIndices'],
        attributes: { largest: { int: 0 }, axis: { int: 1 } },
      },
      { op: 'Cast', inputs: ['nearestSquares'], outputs: ['wideSquares'], attributes: castTo.double },
      { op: 'Sqrt', inputs: ['wideSquares'], outputs: ['nearestDistances'] },
    ],
  };
}
