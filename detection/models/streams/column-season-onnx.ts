import { floats, integers, type OnnxNode, type OnnxPart } from '../onnx/encode-model.ts';
import { castTo } from '../onnx/graph-part.ts';
import { type ColumnSeason, lookedAt } from './column-season.ts';

/**
 * From `rows` [batch, length, columns] to `values`, as `withoutSeason`: phase by phase the median distance of the rows looked at, one phase after the other, so that memory is
 * that of a stretch.
 */
export function withoutSeasonOnnx({ period, usual }: ColumnSeason, columns: number): OnnxPart {
  const distances: OnnxNode[] = [
    { op: 'Add', inputs: ['lookedRows', 'phase'], outputs: ['shifted'] },
    { op: 'Mod', inputs: ['shifted', 'period'], outputs: ['phases'] },
    { op: 'Gather', inputs: ['usual', 'phases'], outputs: ['expected'] },
    { op: 'Sub', inputs: ['looked', 'expected'], outputs: ['gaps'] },
    { op: 'Abs', inputs: ['gaps'], outputs: ['sizes'] },
    { op: 'LessOrEqual', inputs: ['sizes', 'largest'], outputs: ['finite'] },
    { op: 'Where', inputs: ['finite', 'sizes', 'nothing'], outputs: ['known'] },
    { op: 'ReduceSum', inputs: ['known', 'last'], outputs: ['distances'], attributes: { keepdims: { int: 0 } } },
    {
      op: 'TopK',
      inputs: ['distances', 'half'],
      outputs: ['lower', 'places'],
      attributes: { axis: { int: 1 }, largest: { int: 0 } },
    },
    { op: 'Gather', inputs: ['lower', 'lastOne'], outputs: ['median'], attributes: { axis: { int: 1 } } },
    { op: 'Cast', inputs: ['median'], outputs: ['ofPhase'], attributes: castTo.float },
  ];
  const body = {
    name: 'phase',
    inputs: [{ name: 'phase', element: 'int64' as const, dims: [] }],
    outputs: [{ name: 'ofPhase', element: 'float' as const, dims: ['batch'] }],
    constants: {},
    nodes: distances,
  };
  return {
    constants: {
      allPhases: integers(
        [period],
        Array.from({ length: period }, (_, phase) => phase),
      ),
      period: integers([], [period]),
      usual: floats([period, columns], usual),
      lookedAt: integers([], [lookedAt]),
      none: integers([], [0]),
      one: integers([], [1]),
      two: integers([], [2]),
      axis: integers([1], [0]),
      last: integers([1], [-1]),
      lastOne: integers([], [-1]),
      newAxis: integers([1], [1]),
      largest: floats([], [Number.MAX_VALUE]),
      nothing: floats([], [0]),
    },
    nodes: [
      { op: 'Div', inputs: ['length', 'lookedAt'], outputs: ['wide'] },
      { op: 'Max', inputs: ['wide', 'one'], outputs: ['stride'] },
      { op: 'Range', inputs: ['none', 'length', 'stride'], outputs: ['lookedRows'] },
      { op: 'Gather', inputs: ['rows', 'lookedRows'], outputs: ['looked'], attributes: { axis: { int: 1 } } },
      { op: 'Size', inputs: ['lookedRows'], outputs: ['count'] },
      { op: 'Div', inputs: ['count', 'two'], outputs: ['middle'] },
      { op: 'Add', inputs: ['middle', 'one'], outputs: ['taken'] },
      { op: 'Unsqueeze', inputs: ['taken', 'axis'], outputs: ['half'] },
      {
        op: 'Scan',
        inputs: ['allPhases'],
        outputs: ['medians'],
        attributes: { body: { graph: body }, num_scan_inputs: { int: 1 } },
      },
      { op: 'ArgMin', inputs: ['medians'], outputs: ['best'], attributes: { axis: { int: 0 }, keepdims: { int: 0 } } },
      { op: 'Unsqueeze', inputs: ['best', 'newAxis'], outputs: ['phase'] },
      { op: 'Range', inputs: ['none', 'length', 'one'], outputs: ['steps'] },
      { op: 'Add', inputs: ['steps', 'phase'], outputs: ['shiftedSteps'] },
      { op: 'Mod', inputs: ['shiftedSteps', 'period'], outputs: ['phasesOfSteps'] },
      { op: 'Gather', inputs: ['usual', 'phasesOfSteps'], outputs: ['expectedRows'] },
      { op: 'Sub', inputs: ['rows', 'expectedRows'], outputs: ['values'] },
    ],
  };
}
