import { edgeNumbers, type TrainingArena } from '../training-arena.ts';
import type { TrainingKernel } from '../training-kernel.ts';
import {
  add,
  addLong,
  assemble,
  choose,
  constant,
  differsSingle,
  get,
  greaterSingle,
  lessUnsigned,
  loadByte,
  loadInteger,
  loadLong,
  loadSingle,
  repeatWhile,
  set,
  shiftLeft,
  storeByte,
  storeLong,
  subtractLong,
  type Code,
  type WasmFunction,
  type WasmMemory,
} from './assemble.ts';

/**
 * The kernel in WebAssembly, over an arena that lies in its memory: one 64-bit addition adds gradient and hessian, and one pass over the rows
 * serves up to four columns. Leaves the same bytes as the plain kernel.
 */
export function createWasmKernel(arena: TrainingArena, memory: WasmMemory): TrainingKernel {
  const functions = assemble([...[1, 2, 3, 4].map(addColumns), subtractPairs, binColumn], memory);
  const adders = [1, 2, 3, 4].map((width) => functions[`add${width}`]!);
  const subtract = functions['subtract']!;
  const bin = functions['bin']!;
  return {
    add: (part) => {
      if (part.count === 0) return;
      const order = arena.order.byteOffset + part.start * 4;
      const pairs = arena.ordered.byteOffset + part.start * 8;
      const at = part.bins.byteOffset;
      adders[part.width - 1]!(
        at,
        order,
        pairs,
        order + part.count * 4,
        arena.bins.byteOffset,
        arena.histograms.byteOffset,
      );
    },
    subtract: (target, other, bins) => {
      const from = arena.histograms.byteOffset;
      subtract(from + target * 4, from + other * 4, from + (target + bins * 2) * 4);
    },
    bin: (column, place) => {
      const { rows } = arena.layout;
      const values = arena.scratch.byteOffset + place * rows * 4;
      const edges = arena.edges.byteOffset + column * edgeNumbers * 4;
      bin(values, values + rows * 4, edges, arena.bins.byteOffset + column * rows, arena.binCounts[column]!);
    },
  };
}

/** add(descriptor, order, pairs, end of order, bins, histograms): the descriptor holds four column starts, then four histogram starts. */
function addColumns(width: number): WasmFunction {
  const [descriptor, order, pairs, end, bins, histograms, row] = [0, 1, 2, 3, 4, 5, 6] as const;
  const columns = Array.from({ length: width }, (_, k) => ({ bins: 7 + k, histogram: 7 + width + k }));
  const address = 7 + width * 2;
  const pair = address + 1;
  const count = ({ bins: column, histogram }: { bins: number; histogram: number }): Code => [
    set(address, add(get(histogram), shiftLeft(loadByte(add(get(column), get(row))), 3))),
    storeLong(get(address), addLong(loadLong(get(address)), get(pair))),
  ];
  return {
    name: `add${width}`,
    parameters: 6,
    integers: 2 + width * 2,
    longs: 1,
    code: [
      columns.map(({ bins: column, histogram }, k) => [
        set(column, add(get(bins), loadInteger(get(descriptor), k * 4))),
        set(histogram, add(get(histograms), shiftLeft(loadInteger(get(descriptor), 16 + k * 4), 2))),
      ]),
      repeatWhile(
        [
          set(row, loadInteger(get(order))),
          set(pair, loadLong(get(pairs))),
          columns.map(count),
          set(order, add(get(order), constant(4))),
          set(pairs, add(get(pairs), constant(8))),
        ],
        lessUnsigned(get(order), get(end)),
      ),
    ],
  };
}

/** subtract(target, other, end of target): target -= other, pair by pair. */
const subtractPairs: WasmFunction = {
  name: 'subtract',
  parameters: 3,
  integers: 0,
  code: [
    repeatWhile(
      [
        storeLong(get(0), subtractLong(loadLong(get(0)), loadLong(get(1)))),
        set(0, add(get(0), constant(8))),
        set(1, add(get(1), constant(8))),
      ],
      lessUnsigned(get(0), get(2)),
    ),
  ],
};

/** bin(values, end of values, edges, codes, code of NaN): a search of eight steps without a branch; all cuts behind the last are infinite. */
const binColumn: WasmFunction = {
  name: 'bin',
  parameters: 5,
  integers: 1,
  singles: 1,
  code: [
    repeatWhile(
      [
        set(6, loadSingle(get(0))),
        set(5, constant(0)),
        [7, 6, 5, 4, 3, 2, 1, 0].map((bit) =>
          set(
            5,
            add(
              get(5),
              shiftLeft(greaterSingle(get(6), loadSingle(add(get(2), shiftLeft(get(5), 2)), (2 ** bit - 1) * 4)), bit),
            ),
          ),
        ),
        storeByte(get(3), choose(get(4), get(5), differsSingle(get(6), get(6)))),
        set(0, add(get(0), constant(4))),
        set(3, add(get(3), constant(1))),
      ],
      lessUnsigned(get(0), get(1)),
    ),
  ],
};
