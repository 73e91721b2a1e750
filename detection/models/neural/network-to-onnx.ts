import type { OnnxModel } from '../contracts.ts';
import { integers, type OnnxNode, type OnnxTensor } from '../onnx/encode-model.ts';
import { wideFileOf } from '../onnx/graph-part.ts';
import type { Network } from './network.ts';
import { createTape, type Cell } from './tape.ts';

/**
 * The traced network with its standardising and scoring as an ONNX file: `rows` [batch, steps x columns] (raw windows, oldest row first) in,
 * `scores` [batch, 1] out. Any number of windows at once. Reckoned in double precision between the two: a score near the unit of a quiet machine
 * would else lose its sixth digit.
 */
export function networkToOnnx(
  network: Network,
  standard: { centre: readonly number[]; spread: readonly number[]; unit: number },
): OnnxModel {
  const { steps, columns } = network.shape;
  const width = steps * columns;
  const constants: Record<string, OnnxTensor> = {
    centre: doubles([1, width], repeat(standard.centre, steps)),
    spread: doubles([1, width], repeat(standard.spread, steps)),
    none: doubles([], [0]),
    low: doubles([], [-8]),
    high: doubles([], [8]),
    unit: doubles([], [standard.unit]),
    last_from: integers([1], [width - columns]),
    last_to: integers([1], [width]),
    axis: integers([1], [1]),
  };
  const nodes: OnnxNode[] = [
    { op: 'Sub', inputs: ['rows', 'centre'], outputs: ['centred'] },
    { op: 'Div', inputs: ['centred', 'spread'], outputs: ['scaled'] },
    { op: 'IsNaN', inputs: ['scaled'], outputs: ['missing'] },
    { op: 'Where', inputs: ['missing', 'none', 'scaled'], outputs: ['known'] },
    { op: 'Clip', inputs: ['known', 'low', 'high'], outputs: ['windows'] },
  ];
  const tape = createTape();
  const input = tape.input(1, width, new Float64Array(width));
  const { last } = network.expect(tape, input);
  const names = new Map<Cell, string>([[input, 'windows']]);
  const said = writeCell(last, { names, nodes, constants });
  nodes.push(
    { op: 'Slice', inputs: ['windows', 'last_from', 'last_to', 'axis'], outputs: ['actual'] },
    { op: 'Sub', inputs: [said, 'actual'], outputs: ['miss'] },
    { op: 'Mul', inputs: ['miss', 'miss'], outputs: ['squares'] },
    { op: 'ReduceMean', inputs: ['squares', 'axis'], outputs: ['mean_miss'] },
    { op: 'Add', inputs: ['mean_miss', 'unit'], outputs: ['whole'] },
    { op: 'Div', inputs: ['mean_miss', 'whole'], outputs: ['scores'] },
  );
  return wideFileOf({ nodes, constants }, { name: network.method, input: [width], output: 'scores', outputs: [1] });
}

interface Written {
  names: Map<Cell, string>;
  nodes: OnnxNode[];
  constants: Record<string, OnnxTensor>;
}

const plain = {
  multiply: 'MatMul',
  add: 'Add',
  times: 'Mul',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  rectify: 'Relu',
  exponent: 'Exp',
} as const;

/** Writes what a cell is made of, then the cell; gives its name. */
function writeCell(cell: Cell, written: Written): string {
  const known = written.names.get(cell);
  if (known !== undefined) return known;
  const { names, nodes, constants } = written;
  const { made } = cell;
  const inputs = 'of' in made ? made.of.map((one) => writeCell(one, written)) : [];
  const name = `x${names.size}`;
  names.set(cell, name);
  const constant = (suffix: string, tensor: OnnxTensor): string => {
    constants[`${name}_${suffix}`] = tensor;
    return `${name}_${suffix}`;
  };
  const reshape = (from: string, dims: readonly number[], to: string): void => {
    nodes.push({ op: 'Reshape', inputs: [from, constant(`dims_${to}`, integers([dims.length], dims))], outputs: [to] });
  };
  switch (made.op) {
    case 'input':
    case 'constant':
    case 'parameter':
      constants[name] = doubles([cell.rows, cell.columns], cell.values);
      break;
    case 'columns':
      nodes.push({
        op: 'Slice',
        inputs: [
          inputs[0]!,
          constant('from', integers([1], [made.from])),
          constant('to', integers([1], [made.to])),
          'axis',
        ],
        outputs: [name],
      });
      break;
    case 'beside':
      nodes.push({ op: 'Concat', inputs, outputs: [name], attributes: { axis: { int: 1 } } });
      break;
    case 'fold':
      reshape(inputs[0]!, [-1, made.columns], name);
      break;
    case 'mix':
      reshape(inputs[0]!, [-1, made.nodes, cell.columns], `${name}_in`);
      nodes.push({
        op: 'MatMul',
        inputs: [constant('weights', doubles([made.nodes, made.nodes], made.weights)), `${name}_in`],
        outputs: [`${name}_out`],
      });
      reshape(`${name}_out`, [-1, cell.columns], name);
      break;
    case 'attend': {
      const [query, key, value] = made.of;
      reshape(inputs[0]!, [-1, made.steps, query.columns], `${name}_q`);
      reshape(inputs[1]!, [-1, made.steps, key.columns], `${name}_k`);
      reshape(inputs[2]!, [-1, made.steps, value.columns], `${name}_v`);
      const scale = constant('scale', doubles([], [1 / Math.sqrt(query.columns)]));
      nodes.push(
        { op: 'Transpose', inputs: [`${name}_k`], outputs: [`${name}_t`], attributes: { perm: { ints: [0, 2, 1] } } },
        { op: 'MatMul', inputs: [`${name}_q`, `${name}_t`], outputs: [`${name}_raw`] },
        { op: 'Mul', inputs: [`${name}_raw`, scale], outputs: [`${name}_scaled`] },
        { op: 'Softmax', inputs: [`${name}_scaled`], outputs: [`${name}_shares`], attributes: { axis: { int: 2 } } },
        { op: 'MatMul', inputs: [`${name}_shares`, `${name}_v`], outputs: [`${name}_out`] },
      );
      reshape(`${name}_out`, [-1, cell.columns], name);
      break;
    }
    case 'multiply':
    case 'add':
    case 'times':
    case 'sigmoid':
    case 'tanh':
    case 'rectify':
    case 'exponent':
      nodes.push({ op: plain[made.op], inputs, outputs: [name] });
  }
  return name;
}

function repeat(values: readonly number[], times: number): number[] {
  return Array.from({ length: times }, () => values).flat();
}

/** A constant in double precision. */
function doubles(dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  return { element: 'double', dims, values };
}
