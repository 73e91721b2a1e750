import { floats, type OnnxNode, type OnnxTensor, type OnnxPart } from '../onnx/encode-model.ts';

/**
 * Positions p in [0, 1] joined by their tails, 1 - product of (1 - p)^weight, with weights that add up to 1 (Fisher's combination of p-values,
 * weighted: a mean of logarithms of tails). What one finds extreme stays high whatever the others say, as it would not in a mean.
 */
export function joinTails(positions: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const tails = new Float64Array(positions[0]!.length).fill(1);
  for (const [index, own] of positions.entries())
    for (const [row, position] of own.entries()) tails[row]! *= (1 - position) ** weights[index]!;
  return tails.map((tail) => 1 - tail);
}

/** The same in ONNX, over doubles, from the inputs named to `scores`. */
export function joinTailsOnnx(inputs: readonly string[], weights: readonly number[]): OnnxPart {
  const constants: Record<string, OnnxTensor> = { whole: floats([], [1]) };
  const nodes: OnnxNode[] = [];
  for (const [index, input] of inputs.entries()) {
    constants[`weight${index}`] = floats([], [weights[index]!]);
    nodes.push(
      { op: 'Sub', inputs: ['whole', input], outputs: [`tail${index}`] },
      { op: 'Pow', inputs: [`tail${index}`, `weight${index}`], outputs: [`factor${index}`] },
    );
    if (index > 0)
      nodes.push({
        op: 'Mul',
        inputs: [index === 1 ? 'factor0' : `product${index - 1}`, `factor${index}`],
        outputs: [`product${index}`],
      });
  }
  const product = inputs.length === 1 ? 'factor0' : `product${inputs.length - 1}`;
  nodes.push({ op: 'Sub', inputs: ['whole', product], outputs: ['scores'] });
  return { nodes, constants };
}
