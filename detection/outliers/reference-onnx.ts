import { floats, integers, type OnnxNode, type OnnxTensor } from '../onnx/encode-model.ts';

/**
 * From `scaled` to `nearestDistances` and `nearestIndices`, [batch, k]: all differences to the reference rows are formed, so that no digits cancel as
 * they would in |x|^2 - 2xy + |y|^2. Memory: batch x references x columns floats, so ask in small batches.
 */
export function referenceOnnx(
  references: readonly number[],
  columns: number,
  k: number,
): { nodes: OnnxNode[]; constants: Record<string, OnnxTensor> } {
  return {
    constants: {
      references: floats([1, references.length / columns, columns], references),
      middleAxis: integers([1], [1]),
      k: integers([1], [k]),
    },
    nodes: [
      { op: 'Unsqueeze', inputs: ['scaled', 'middleAxis'], outputs: ['each'] },
      { op: 'Sub', inputs: ['each', 'references'], outputs: ['differences'] },
      {
        op: 'ReduceL2',
        inputs: ['differences', 'lastAxis'],
        outputs: ['distances'],
        attributes: { keepdims: { int: 0 } },
      },
      {
        op: 'TopK',
        inputs: ['distances', 'k'],
        outputs: ['nearestDistances', 'nearestIndices'],
        attributes: { largest: { int: 0 }, axis: { int: 1 } },
      },
    ],
  };
}
