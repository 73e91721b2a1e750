import { describe, expect, it } from 'vitest';
import { matrixOf } from '../matrix.ts';
import { encodeModel, floats, integers, type OnnxGraph } from './encode-model.ts';
import { createProtobufWriter } from './protobuf-writer.ts';
import { runOnnx } from './run-onnx.ts';

const dense: OnnxGraph = {
  name: 'dense',
  inputs: [{ name: 'rows', element: 'float', dims: ['batch', 2] }],
  outputs: [{ name: 'scores', element: 'float', dims: ['batch'] }],
  constants: {
    weights: floats([2, 1], [0.5, -0.25]),
    bias: floats([], [1]),
    flat: integers([1], [-1]),
  },
  nodes: [
    { op: 'MatMul', inputs: ['rows', 'weights'], outputs: ['product'] },
    { op: 'Add', inputs: ['product', 'bias'], outputs: ['sum'] },
    { op: 'Sigmoid', inputs: ['sum'], outputs: ['squashed'] },
    { op: 'Reshape', inputs: ['squashed', 'flat'], outputs: ['scores'] },
  ],
};

describe('an encoded model', () => {
  it('gives in onnxruntime what the formula gives', async () => {
    const rows = matrixOf([
      [1, 2],
      [-3, 4],
      [0, 0],
    ]);
    const scores = await runOnnx({ bytes: encodeModel(dense), input: 'rows', output: 'scores' }, rows);
    const expected = [1, -1.5, 1].map((sum) => 1 / (1 + Math.exp(-sum)));
    expect(scores.length).toBe(3);
    for (const [row, score] of scores.entries()) expect(score).toBeCloseTo(expected[row]!, 6);
  });

  it('carries every kind of attribute of a tree ensemble', async () => {
    const tree: OnnxGraph = {
      name: 'stump',
      inputs: [{ name: 'rows', element: 'float', dims: ['batch', 1] }],
      outputs: [{ name: 'sums', element: 'float', dims: ['batch', 1] }],
      constants: {},
      nodes: [
        {
          op: 'TreeEnsembleRegressor',
          domain: 'ai.onnx.ml',
          inputs: ['rows'],
          outputs: ['sums'],
          attributes: {
            n_targets: { int: 1 },
            aggregate_function: { text: 'SUM' },
            base_values: { floats: [10] },
            nodes_treeids: { ints: [0, 0, 0] },
            nodes_nodeids: { ints: [0, 1, 2] },
            nodes_featureids: { ints: [0, 0, 0] },
            nodes_values: { floats: [0.5, 0, 0] },
            nodes_modes: { texts: ['BRANCH_LEQ', 'LEAF', 'LEAF'] },
            nodes_truenodeids: { ints: [1, 0, 0] },
            nodes_falsenodeids: { ints: [2, 0, 0] },
            nodes_missing_value_tracks_true: { ints: [1, 0, 0] },
            target_treeids: { ints: [0, 0] },
            target_nodeids: { ints: [1, 2] },
            target_ids: { ints: [0, 0] },
            target_weights: { floats: [-1, 300] },
          },
        },
      ],
    };
    const rows = matrixOf([[0], [1], [Number.NaN]]);
    const sums = await runOnnx({ bytes: encodeModel(tree), input: 'rows', output: 'sums' }, rows);
    expect([...sums]).toEqual([9, 310, 9]);
  });

  it('is the same bytes for the same graph', () => {
    expect(encodeModel(dense)).toEqual(encodeModel(structuredClone(dense)));
  });

  it('refuses a tensor whose values do not fill it', () => {
    expect(() => encodeModel({ ...dense, constants: { weights: floats([2, 2], [1]) } })).toThrow(
      /needs 4 values, not 1/,
    );
  });
});

describe('a protobuf message', () => {
  it('has the bytes of the encoding guide', () => {
    // developers.google.com/protocol-buffers/docs/encoding: field 1 = 150, field 2 = "testing", packed 3, 270, 86942
    expect([...createProtobufWriter().int(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...createProtobufWriter().text(2, 'testing').finish()]).toEqual([0x12, 7, ...Buffer.from('testing')]);
    const packed = createProtobufWriter().packedInts(6, [3, 270, 86942]).finish();
    expect([...packed]).toEqual([0x32, 6, 3, 0x8e, 2, 0x9e, 0xa7, 5]);
  });

  it('writes a negative number in ten bytes', () => {
    expect([...createProtobufWriter().int(1, -1).finish()]).toEqual([8, ...Array.from({ length: 9 }, () => 255), 1]);
  });

  it('grows beyond its first buffer', () => {
    const bytes = createProtobufWriter().bytes(1, new Uint8Array(10_000).fill(7)).int(2, 1).finish();
    expect(bytes.length).toBe(10_005);
    expect([...bytes.subarray(-3)]).toEqual([7, 16, 1]);
  });

  it('refuses what is not an integer', () => {
    expect(() => createProtobufWriter().int(1, 1.5)).toThrow(RangeError);
  });
});
