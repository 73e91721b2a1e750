import type { Matrix } from '../matrix.ts';
import type { ColumnCuts } from './bin-columns.ts';
import { createPlainKernel } from './histogram-kernel.ts';
import { doLevel } from './level-work.ts';
import { arenaBytes, fillArena, viewArena, type TrainingArena } from './training-arena.ts';

/** The threads of one training and the memory they share. */
export interface TrainingCrew extends Disposable {
  readonly arena: TrainingArena;
  /** Has all threads do the level written into the arena's jobs; returns when the last is done. */
  runLevel(): void;
}

export function openTrainingCrew(
  rows: Matrix,
  cuts: ColumnCuts,
  options: { depth: number; threads: number },
): TrainingCrew {
  const layout = {
    rows: rows.rows,
    columns: rows.columns,
    totalBins: cuts.offsets[rows.columns]!,
    slots: Math.max(1, Math.min(2 ** (options.depth - 1), rows.rows)),
    threads: 1,
  };
  const arena = viewArena(new ArrayBuffer(arenaBytes(layout)), layout);
  fillArena(arena, rows, cuts);
  const kernel = createPlainKernel(arena);
  return {
    arena,
    runLevel: () => doLevel(arena, kernel, 0),
    [Symbol.dispose]: () => undefined,
  };
}
