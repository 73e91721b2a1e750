import { createProtobufWriter, littleEndianFloats, type ProtobufWriter } from './protobuf-writer.ts';

/** Element types used here, with their number in `onnx.proto`'s TensorProto.DataType. */
const elementTypes = { float: 1, uint8: 2, int64: 7, bool: 9, double: 11 } as const;
export type OnnxElement = keyof typeof elementTypes;

/** A constant. Values row-major, as many as the product of `dims`; no dims is a scalar. */
export interface OnnxTensor {
  element: OnnxElement;
  dims: readonly number[];
  values: ArrayLike<number>;
}

/** An input or output: a number is a fixed dimension, a name a free one (`batch`). */
export interface OnnxValue {
  name: string;
  element: OnnxElement;
  dims: readonly (number | string)[];
}

export type OnnxAttribute =
  | { int: number }
  | { float: number }
  | { text: string }
  | { ints: ArrayLike<number> }
  | { floats: ArrayLike<number> }
  | { texts: readonly string[] }
  | { tensor: OnnxTensor }
  | { graph: OnnxGraph };

/** One operator. `domain` is empty for standard operators and `ai.onnx.ml` for trees and the like; an empty input name is an omitted one. */
export interface OnnxNode {
  op: string;
  domain?: 'ai.onnx.ml';
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A stretch of a graph: nodes, and the constants that they take. Which names it takes and gives is its maker's to say. */
export interface OnnxPart {
  nodes: OnnxNode[];
  constants: Record<string, OnnxTensor>;
}

/** A graph: nodes in an order in which each finds its inputs. */
export interface OnnxGraph {
  name: string;
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  constants: Readonly<Record<string, OnnxTensor>>;
  nodes: readonly OnnxNode[];
}

/**
 * The bytes of an ONNX file (IR version 10, opset 21, ai.onnx.ml 3, or 5 where `TreeEnsemble` is used), field numbers as in onnx/onnx.proto. The same graph gives
 * the same bytes. Throws a RangeError when a tensor's values do not fill its dims; the operators themselves are
 * checked by the runtime that loads it. Cost: a few copies of the weights.
 */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const model = createProtobufWriter().int(1, 10).text(2, 'cerebro').message(7, encodeGraph(graph));
  model.message(8, createProtobufWriter().text(1, '').int(2, 21));
  const treesVersion = graph.nodes.some(({ op }) => op === 'TreeEnsemble') ? 5 : 3;
  model.message(8, createProtobufWriter().text(1, 'ai.onnx.ml').int(2, treesVersion));
  return model.finish();
}

/** A float tensor; the shortest way to write a constant. */
export function floats(dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  return { element: 'float', dims, values };
}

/** An int64 tensor, for axes, shapes and indices. */
export function integers(dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  return { element: 'int64', dims, values };
}

function encodeGraph(graph: OnnxGraph): ProtobufWriter {
  const message = createProtobufWriter();
  for (const [index, node] of graph.nodes.entries()) message.message(1, encodeNode(node, `${node.op}_${index}`));
  message.text(2, graph.name);
  for (const [name, tensor] of Object.entries(graph.constants)) message.message(5, encodeTensor(tensor, name));
  for (const value of graph.inputs) message.message(11, encodeValue(value));
  for (const value of graph.outputs) message.message(12, encodeValue(value));
  return message;
}

function encodeNode(node: OnnxNode, name: string): ProtobufWriter {
  const message = createProtobufWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, name).text(4, node.op);
  for (const [key, attribute] of Object.entries(node.attributes ?? {}))
    message.message(5, encodeAttribute(key, attribute));
  if (node.domain !== undefined) message.text(7, node.domain);
  return message;
}

function encodeAttribute(name: string, attribute: OnnxAttribute): ProtobufWriter {
  const message = createProtobufWriter().text(1, name);
  if ('float' in attribute) return message.float(2, attribute.float).int(20, 1);
  if ('int' in attribute) return message.int(3, attribute.int).int(20, 2);
  if ('text' in attribute) return message.text(4, attribute.text).int(20, 3);
  if ('tensor' in attribute) return message.message(5, encodeTensor(attribute.tensor)).int(20, 4);
  if ('graph' in attribute) return message.message(6, encodeGraph(attribute.graph)).int(20, 5);
  if ('floats' in attribute) return message.packedFloats(7, attribute.floats).int(20, 6);
  if ('ints' in attribute) return message.packedInts(8, attribute.ints).int(20, 7);
  for (const text of attribute.texts) message.text(9, text);
  return message.int(20, 8);
}

function encodeTensor(tensor: OnnxTensor, name?: string): ProtobufWriter {
  const cells = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (cells !== tensor.values.length)
    throw new RangeError(
      `tensor ${name ?? ''} of [${tensor.dims.join(', ')}] needs ${cells} values, not ${tensor.values.length}`,
    );
  const message = createProtobufWriter().packedInts(1, tensor.dims).int(2, elementTypes[tensor.element]);
  if (name !== undefined) message.text(8, name);
  return message.bytes(9, rawBytes(tensor));
}

function rawBytes(tensor: OnnxTensor): Uint8Array {
  if (tensor.element === 'float') return littleEndianFloats(tensor.values);
  if (tensor.element === 'bool') return Uint8Array.from(tensor.values, (value) => (value === 0 ? 0 : 1));
  if (tensor.element === 'uint8') return Uint8Array.from(tensor.values);
  const view = new DataView(new ArrayBuffer(tensor.values.length * 8));
  for (let index = 0; index < tensor.values.length; index += 1) {
    if (tensor.element === 'double') view.setFloat64(index * 8, tensor.values[index]!, true);
    else view.setBigInt64(index * 8, BigInt(tensor.values[index]!), true);
  }
  return new Uint8Array(view.buffer);
}

function encodeValue(value: OnnxValue): ProtobufWriter {
  const shape = createProtobufWriter();
  for (const dim of value.dims) {
    const message = createProtobufWriter();
    shape.message(1, typeof dim === 'number' ? message.int(1, dim) : message.text(2, dim));
  }
  const tensor = createProtobufWriter().int(1, elementTypes[value.element]).message(2, shape);
  return createProtobufWriter().text(1, value.name).message(2, createProtobufWriter().message(1, tensor));
}
