import type { OnnxModel } from '../contracts.ts';
import { encodeModel, type OnnxGraph, type OnnxNode, type OnnxPart, type OnnxTensor } from './encode-model.ts';

/** Numbers of element types in `Cast`. */
export const castTo = { float: { to: { int: 1 } }, integer: { to: { int: 7 } }, double: { to: { int: 11 } } } as const;

/** The part with its float constants as doubles: over double inputs it calculates as JavaScript does. */
export function widened({ nodes, constants }: OnnxPart): OnnxPart {
  const wide = ([name, tensor]: [string, OnnxTensor]): [string, OnnxTensor] => [
    name,
    tensor.element === 'float' ? { ...tensor, element: 'double' } : tensor,
  ];
  return { nodes, constants: Object.fromEntries(Object.entries(constants).map(wide)) };
}

/** The part with names of its own, so that it can stand beside its like: those in `outer` become what is said there, all others get the prefix. */
export function renamed(part: OnnxPart, prefix: string, outer: Readonly<Record<string, string>>): OnnxPart {
  const name = (own: string): string => (own === '' ? own : (outer[own] ?? `${prefix}${own}`));
  const inNode = (node: OnnxNode): OnnxNode => ({
    ...node,
    inputs: node.inputs.map(name),
    outputs: node.outputs.map(name),
    ...(node.attributes && {
      attributes: Object.fromEntries(
        Object.entries(node.attributes).map(([key, own]) => [
          key,
          'graph' in own ? { graph: inGraph(own.graph) } : own,
        ]),
      ),
    }),
  });
  const inConstants = (constants: OnnxGraph['constants']): Record<string, OnnxTensor> =>
    Object.fromEntries(Object.entries(constants).map(([own, tensor]) => [name(own), tensor]));
  const inGraph = (graph: OnnxGraph): OnnxGraph => ({
    name: graph.name,
    inputs: graph.inputs.map((value) => ({ ...value, name: name(value.name) })),
    outputs: graph.outputs.map((value) => ({ ...value, name: name(value.name) })),
    constants: inConstants(graph.constants),
    nodes: graph.nodes.map(inNode),
  });
  return { nodes: part.nodes.map(inNode), constants: inConstants(part.constants) };
}

/**
 * Nodes done for one row of a batch after the other, so that what they need in between exists for one row only: from `input`, [batch, width] doubles, of which `nodes` see
 * each row as `row`, [width], to `output`, the rows of what they make of it, `ofRow`, [wide]. Constants are found outside.
 */
export function rowByRow(of: {
  input: string;
  width: number;
  nodes: readonly OnnxNode[];
  output: string;
  wide: number;
}): OnnxNode {
  const body: OnnxGraph = {
    name: 'row',
    inputs: [{ name: 'row', element: 'double', dims: [of.width] }],
    outputs: [{ name: 'ofRow', element: 'double', dims: [of.wide] }],
    constants: {},
    nodes: of.nodes,
  };
  const attributes = { body: { graph: body }, num_scan_inputs: { int: 1 } };
  return { op: 'Scan', inputs: [of.input], outputs: [of.output], attributes };
}

/** Parts one after another as one. */
export function joined(parts: readonly OnnxPart[]): OnnxPart {
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    constants: Object.fromEntries(parts.flatMap(({ constants }) => Object.entries(constants))),
  };
}

/** The file of a part that goes, in float32, from `rows` [batch, ...input] to `output` [batch, ...outputs]: the frame of every file here. */
export function fileOf(
  { nodes, constants }: OnnxPart,
  of: { name: string; input: readonly (number | string)[]; output: string; outputs: readonly (number | string)[] },
): OnnxModel {
  const bytes = encodeModel({
    name: of.name,
    inputs: [{ name: 'rows', element: 'float', dims: ['batch', ...of.input] }],
    outputs: [{ name: of.output, element: 'float', dims: ['batch', ...of.outputs] }],
    constants,
    nodes,
  });
  return { bytes, input: 'rows', output: of.output };
}

/** The same of a part in doubles: float32 comes in and goes out. */
export function wideFileOf(part: OnnxPart, of: Parameters<typeof fileOf>[1]): OnnxModel {
  const { nodes, constants } = renamed(part, '', { rows: 'wideRows', [of.output]: 'wideOutput' });
  const wide: OnnxNode[] = [
    { op: 'Cast', inputs: ['rows'], outputs: ['wideRows'], attributes: castTo.double },
    ...nodes,
    { op: 'Cast', inputs: ['wideOutput'], outputs: [of.output], attributes: castTo.float },
  ];
  return fileOf({ nodes: wide, constants }, of);
}

/** A file of a detector whose part goes from `rows` to `scores`, [batch, 1], in doubles. */
export function detectorFile(part: OnnxPart, { name, columns }: { name: string; columns: number }): OnnxModel {
  return wideFileOf(part, { name, input: [columns], output: 'scores', outputs: [1] });
}
