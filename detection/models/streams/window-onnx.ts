import type { OnnxModel } from '../contracts.ts';
import { floats, integers, type OnnxNode, type OnnxPart } from '../onnx/encode-model.ts';
import { castTo, joined, renamed, wideFileOf, widened } from '../onnx/graph-part.ts';
import type { ColumnSeason } from './column-season.ts';
import { withoutSeasonOnnx } from './column-season-onnx.ts';
import { cut, type Scaling, unitOf, type WindowPca } from './window-models.ts';

/**
 * Windowed PCA as a file: `rows` [batch, steps, columns], stretches in order of time, any number of steps, to `scores` [batch, steps], the first and last rows
 * of a stretch by the windows that hold them there, as natively. Reckoned in doubles between the two. Memory: a stretch as often as a window has rows.
 */
export function windowPcaOnnx(of: { scaling: Scaling; model: WindowPca; usual: number }, columns: number): OnnxModel {
  const part = joined([
    stepsOnnx(of.model.window),
    renamed(scaledOnnx(of.scaling), 'level_', { values: 'rows', scaled: 'level' }),
    renamed(residualsOnnx(of.model, columns), 'residual_', { ...steps, scaled: 'level', perRow: 'residuals' }),
    {
      constants: { usual: floats([], [of.usual]) },
      nodes: [
        { op: 'Add', inputs: ['residuals', 'usual'], outputs: ['raised'] },
        { op: 'Div', inputs: ['residuals', 'raised'], outputs: ['scores'] },
      ],
    },
  ]);
  return fileOf('window-pca', part, columns);
}

/** The window ensemble as a file, in the same form. The phase of the season is found from each stretch, as natively. */
export function windowEnsembleOnnx(
  of: {
    level: Scaling;
    changes: Scaling;
    pca: WindowPca;
    season?: (ColumnSeason & { scaling: Scaling }) | undefined;
    usual: { structure: number; changes: number; season: number };
  },
  { columns, reach, seasonWeight }: { columns: number; reach: number; seasonWeight: number },
): OnnxModel {
  const { window } = of.pca;
  const evidence = (name: string, usual: number, weight: number): OnnxPart =>
    renamed(evidenceOnnx(usual, weight), `${name}_evidence_`, {
      perRow: `${name}_perRow`,
      evidence: `${name}_evidence`,
    });
  const energyOf = (name: string, scaling: Scaling): OnnxPart =>
    joined([
      renamed(scaledOnnx(scaling), `${name}_scaled_`, { values: `${name}_values`, scaled: `${name}_scaled` }),
      renamed(energyOnnx(window), `${name}_energy_`, { ...steps, scaled: `${name}_scaled`, perRow: `${name}_perRow` }),
    ]);
  const parts = [
    stepsOnnx(window),
    renamed(scaledOnnx(of.level), 'level_', { values: 'rows', scaled: 'level' }),
    renamed(residualsOnnx(of.pca, columns), 'structure_', { ...steps, scaled: 'level', perRow: 'structure_perRow' }),
    evidence('structure', of.usual.structure, 1),
    renamed(changesOnnx(), 'changes_', { rows: 'rows' }),
    energyOf('changes', of.changes),
    evidence('changes', of.usual.changes, 1),
  ];
  const summed: OnnxNode[] = [
    { op: 'Add', inputs: ['structure_evidence', 'changes_evidence'], outputs: ['withChanges'] },
  ];
  if (of.season !== undefined) {
    parts.push(
      renamed(withoutSeasonOnnx(of.season, columns), 'season_', { rows: 'rows', length: 'length' }),
      energyOf('season', of.season.scaling),
      evidence('season', of.usual.season, seasonWeight),
    );
    summed.push({ op: 'Add', inputs: ['withChanges', 'season_evidence'], outputs: ['all'] });
  }
  const sum = of.season === undefined ? 'withChanges' : 'all';
  parts.push(
    { constants: {}, nodes: summed },
    renamed(nearMeanOnnx({ before: reach, after: reach }), 'near_', { values: sum, length: 'length', means: 'smooth' }),
    {
      constants: { certain: floats([], [1]) },
      nodes: [
        { op: 'Neg', inputs: ['smooth'], outputs: ['negative'] },
        { op: 'Exp', inputs: ['negative'], outputs: ['tail'] },
        { op: 'Sub', inputs: ['certain', 'tail'], outputs: ['scores'] },
      ],
    },
  );
  return fileOf('window-ensemble', joined(parts), columns);
}

function fileOf(name: string, part: OnnxPart, columns: number): OnnxModel {
  return wideFileOf(widened(part), { name, input: ['steps', columns], output: 'scores', outputs: ['steps'] });
}

/** What `stepsOnnx` gives, by the names under which parts see it. */
const steps = { length: 'length', windowRows: 'windowRows', starts: 'starts', whole: 'whole' } as const;

/**
 * From `rows` to `length`, the number of steps, `starts`, that of whole windows, and `windowRows` [starts, window], the steps of each. A stretch shorter than a
 * window has one as well, as the runtime takes no empty tensors everywhere: it reaches into the `window` - 1 steps that are put behind, and `whole` is 0 then, else 1.
 */
function stepsOnnx(window: number): OnnxPart {
  return {
    constants: {
      stepAxis: integers([], [1]),
      zero: integers([], [0]),
      one: integers([], [1]),
      shorter: integers([], [window - 1]),
      inside: integers(
        [1, window],
        Array.from({ length: window }, (_, step) => step),
      ),
      newAxis: integers([1], [1]),
    },
    nodes: [
      { op: 'Shape', inputs: ['rows'], outputs: ['shape'] },
      { op: 'Gather', inputs: ['shape', 'stepAxis'], outputs: ['length'] },
      { op: 'Sub', inputs: ['length', 'shorter'], outputs: ['wholeWindows'] },
      { op: 'Max', inputs: ['wholeWindows', 'one'], outputs: ['starts'] },
      { op: 'Max', inputs: ['wholeWindows', 'zero'], outputs: ['wholeOrNone'] },
      { op: 'Min', inputs: ['wholeOrNone', 'one'], outputs: ['oneOrNone'] },
      { op: 'Cast', inputs: ['oneOrNone'], outputs: ['whole'], attributes: castTo.double },
      { op: 'Range', inputs: ['zero', 'starts', 'one'], outputs: ['firstRows'] },
      { op: 'Unsqueeze', inputs: ['firstRows', 'newAxis'], outputs: ['firstRow'] },
      { op: 'Add', inputs: ['firstRow', 'inside'], outputs: ['windowRows'] },
    ],
  };
}

/** From `values` to `scaled`, as `scaleRows`: what is missing or infinite lies at the mean. */
function scaledOnnx({ means, deviations }: Scaling): OnnxPart {
  return {
    constants: {
      means: floats([means.length], means),
      units: floats([means.length], deviations.map(unitOf)),
      largest: floats([], [Number.MAX_VALUE]),
      mean: floats([], [0]),
      least: floats([], [-cut]),
      most: floats([], [cut]),
    },
    nodes: [
      { op: 'Abs', inputs: ['values'], outputs: ['sizes'] },
      { op: 'LessOrEqual', inputs: ['sizes', 'largest'], outputs: ['finite'] },
      { op: 'Sub', inputs: ['values', 'means'], outputs: ['gaps'] },
      { op: 'Div', inputs: ['gaps', 'units'], outputs: ['deviations'] },
      { op: 'Where', inputs: ['finite', 'deviations', 'mean'], outputs: ['known'] },
      { op: 'Clip', inputs: ['known', 'least', 'most'], outputs: ['scaled'] },
    ],
  };
}

/** From `scaled` to `perRow` [batch, steps], as `windowResiduals`. */
function residualsOnnx({ window, means, directions }: WindowPca, columns: number): OnnxPart {
  const size = window * columns;
  const none = directions.length === 0;
  const turned = Array.from({ length: size * directions.length }, (_, at) => {
    const [row, direction] = [Math.floor(at / directions.length), at % directions.length];
    return directions[direction]![row]!;
  });
  const whole: OnnxNode[] = [
    { op: 'Pad', inputs: ['scaled', 'pads'], outputs: ['longer'] },
    { op: 'Gather', inputs: ['longer', 'windowRows'], outputs: ['windows'], attributes: { axis: { int: 1 } } },
    { op: 'Shape', inputs: ['scaled'], outputs: ['shape'] },
    { op: 'Slice', inputs: ['shape', 'from', 'to'], outputs: ['batch'] },
    { op: 'Unsqueeze', inputs: ['starts', 'from'], outputs: ['count'] },
    { op: 'Concat', inputs: ['batch', 'count', 'size'], outputs: ['flatShape'], attributes: { axis: { int: 0 } } },
    { op: 'Reshape', inputs: ['windows', 'flatShape'], outputs: ['flat'] },
    { op: 'Sub', inputs: ['flat', 'centre'], outputs: ['gaps'] },
  ];
  const rest: OnnxNode[] = [
    { op: 'MatMul', inputs: ['gaps', 'turned'], outputs: ['along'] },
    { op: 'MatMul', inputs: ['along', 'directions'], outputs: ['held'] },
    { op: 'Sub', inputs: ['gaps', 'held'], outputs: ['rest'] },
  ];
  const part: OnnxPart = {
    constants: {
      pads: integers([6], [0, 0, 0, 0, window - 1, 0]),
      from: integers([1], [0]),
      to: integers([1], [1]),
      size: integers([1], [size]),
      last: integers([1], [-1]),
      centre: floats([size], means),
      ...(none
        ? {}
        : {
            directions: floats([directions.length, size], directions.flat()),
            turned: floats([size, directions.length], turned),
          }),
    },
    nodes: [
      ...whole,
      ...(none ? [] : rest),
      {
        op: 'ReduceSumSquare',
        inputs: [none ? 'gaps' : 'rest', 'last'],
        outputs: ['values'],
        attributes: { keepdims: { int: 0 } },
      },
    ],
  };
  return joined([part, toRowsOnnx(window)]);
}

/** From `scaled` to `perRow` [batch, steps], as `windowEnergy`. */
function energyOnnx(window: number): OnnxPart {
  const part: OnnxPart = {
    constants: { last: integers([1], [-1]), pads: integers([4], [0, 0, 0, window - 1]) },
    nodes: [
      { op: 'ReduceSumSquare', inputs: ['scaled', 'last'], outputs: ['energy'], attributes: { keepdims: { int: 0 } } },
      { op: 'Pad', inputs: ['energy', 'pads'], outputs: ['longer'] },
      { op: 'Gather', inputs: ['longer', 'windowRows'], outputs: ['windows'], attributes: { axis: { int: 1 } } },
      { op: 'ReduceSum', inputs: ['windows', 'last'], outputs: ['values'], attributes: { keepdims: { int: 0 } } },
    ],
  };
  return joined([part, toRowsOnnx(window)]);
}

/** From `values` of windows [batch, starts] to `perRow`, the mean of those that hold a row; 0 where there is no whole one. */
function toRowsOnnx(window: number): OnnxPart {
  const nodes: OnnxNode[] = [{ op: 'Mul', inputs: ['values', 'whole'], outputs: ['counted'] }];
  const mean = nearMeanOnnx({ before: window - 1, after: 0 });
  return joined([
    { nodes, constants: {} },
    renamed(mean, 'held_', { values: 'counted', length: 'length', means: 'perRow' }),
  ]);
}

/**
 * From `values` [batch, some] to `means` [batch, length]: at each step the mean of those from `before` before it to `after` after it, as far as there are
 * any; 0 where there is none.
 */
function nearMeanOnnx({ before, after }: { before: number; after: number }): OnnxPart {
  // `after` more than there can be values: those of windows end earlier than the steps
  const width = before + 1 + after;
  const gathered = (from: string, to: string): OnnxNode[] => [
    { op: 'Pad', inputs: [from, 'pads'], outputs: [`${to}Padded`] },
    { op: 'Gather', inputs: [`${to}Padded`, 'around'], outputs: [`${to}Near`], attributes: { axis: { int: 1 } } },
    { op: 'ReduceSum', inputs: [`${to}Near`, 'last'], outputs: [to], attributes: { keepdims: { int: 0 } } },
  ];
  return {
    constants: {
      pads: integers([4], [0, before, 0, Math.max(before, after)]),
      none: integers([], [0]),
      one: integers([], [1]),
      inside: integers(
        [1, width],
        Array.from({ length: width }, (_, step) => step),
      ),
      newAxis: integers([1], [1]),
      last: integers([1], [-1]),
      nothing: floats([], [0]),
      single: floats([], [1]),
    },
    nodes: [
      { op: 'Range', inputs: ['none', 'length', 'one'], outputs: ['steps'] },
      { op: 'Unsqueeze', inputs: ['steps', 'newAxis'], outputs: ['step'] },
      { op: 'Add', inputs: ['step', 'inside'], outputs: ['around'] },
      ...gathered('values', 'sums'),
      { op: 'Mul', inputs: ['values', 'nothing'], outputs: ['zeros'] },
      { op: 'Add', inputs: ['zeros', 'single'], outputs: ['ones'] },
      ...gathered('ones', 'counted'),
      { op: 'Max', inputs: ['counted', 'single'], outputs: ['counts'] },
      { op: 'Div', inputs: ['sums', 'counts'], outputs: ['means'] },
    ],
  };
}

/** From `rows` to `values`: each less the one before it; the first is 0. */
function changesOnnx(): OnnxPart {
  return {
    constants: {
      first: integers([1], [0]),
      second: integers([1], [1]),
      end: integers([1], [Number.MAX_SAFE_INTEGER]),
      beforeEnd: integers([1], [-1]),
      axis: integers([1], [1]),
      pads: integers([6], [0, 1, 0, 0, 0, 0]),
    },
    nodes: [
      { op: 'Slice', inputs: ['rows', 'second', 'end', 'axis'], outputs: ['later'] },
      { op: 'Slice', inputs: ['rows', 'first', 'beforeEnd', 'axis'], outputs: ['earlier'] },
      { op: 'Sub', inputs: ['later', 'earlier'], outputs: ['steps'] },
      { op: 'Pad', inputs: ['steps', 'pads'], outputs: ['values'] },
    ],
  };
}

/** From `perRow` to `evidence`: weight x ln(1 + value / usual). */
function evidenceOnnx(usual: number, weight: number): OnnxPart {
  return {
    constants: { usual: floats([], [usual]), one: floats([], [1]), weight: floats([], [weight]) },
    nodes: [
      { op: 'Div', inputs: ['perRow', 'usual'], outputs: ['ratio'] },
      { op: 'Add', inputs: ['ratio', 'one'], outputs: ['raised'] },
      { op: 'Log', inputs: ['raised'], outputs: ['logarithm'] },
      { op: 'Mul', inputs: ['logarithm', 'weight'], outputs: ['evidence'] },
    ],
  };
}
