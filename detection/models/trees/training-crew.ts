import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Matrix } from '../matrix.ts';
import { blockColumns, copyColumns, type ColumnCuts } from './bin-columns.ts';
import { doCommand } from './thread-work.ts';
import {
  arenaBytes,
  commands,
  controlWords,
  fillCuts,
  viewArena,
  type ArenaLayout,
  type TrainingArena,
} from './training-arena.ts';
import { createPlainKernel, type TrainingKernel } from './training-kernel.ts';
import { pageBytes, type WasmMemory } from './wasm/assemble.ts';
import { createWasmKernel } from './wasm/training-kernel.ts';

/** The threads of one training and the memory they share. */
export interface TrainingCrew extends Disposable {
  readonly arena: TrainingArena;
  /** Has all threads do the level written into the arena's jobs; returns when the last is done. Throws INTERNAL when one is lost. */
  runLevel(): void;
}

/** What a worker is started with. */
export interface CrewMember {
  wasm: WasmMemory;
  layout: ArenaLayout;
  thread: number;
}

/** Cells from which WebAssembly, and from which a second thread pays (about 50 ms to start). */
const wasmCells = 200_000;
const threadCells = 4_000_000;
const lostAfterMs = 60_000;

/** Bins the rows into a new arena and starts the threads: as many as asked for, or, for 0, as the size and the machine allow. */
export function openTrainingCrew(
  rows: Matrix,
  cuts: ColumnCuts,
  options: { depth: number; threads: number },
): TrainingCrew {
  const cells = rows.rows * rows.columns;
  const automatic = cells < threadCells ? 1 : Math.min(8, availableParallelism());
  const layout: ArenaLayout = {
    rows: rows.rows,
    columns: rows.columns,
    totalBins: cuts.offsets[rows.columns]!,
    slots: Math.max(1, Math.min(2 ** (options.depth - 1), rows.rows)),
    threads: options.threads === 0 ? automatic : options.threads,
  };
  const small = cells < wasmCells && layout.threads === 1;
  const { arena, kernel, workers } = small ? plainParts(layout) : wasmParts(layout);
  const { control } = arena;
  const tell = (command: number): void => {
    control[controlWords.command] = command;
    Atomics.store(control, controlWords.done, 0);
    Atomics.add(control, controlWords.epoch, 1);
    Atomics.notify(control, controlWords.epoch);
  };
  const run = (command: number): void => {
    tell(command);
    doCommand(arena, kernel, 0);
    for (
      let done = Atomics.load(control, controlWords.done);
      done < workers;
      done = Atomics.load(control, controlWords.done)
    )
      if (Atomics.wait(control, controlWords.done, done, lostAfterMs) === 'timed-out')
        throw new CerebroError('INTERNAL', 'a training thread did not answer within a minute');
  };
  fillCuts(arena, cuts);
  for (let from = 0; from < rows.columns; from += blockColumns) {
    copyColumns(rows, { from, step: 1 }, arena.scratch);
    control[controlWords.block] = from;
    run(commands.bin);
  }
  return { arena, runLevel: () => run(commands.level), [Symbol.dispose]: () => tell(commands.stop) };
}

/** Pages that a memory of WebAssembly can have: 4 GiB. */
const mostPages = 65_536;

function tooLarge(layout: ArenaLayout): string {
  const { rows, columns } = layout;
  const fixed = arenaBytes({ ...layout, rows: 0 });
  const rowBytes = (arenaBytes({ ...layout, rows: 6_400 }) - fixed) / 6_400;
  const fitting = Math.floor((mostPages * pageBytes - fixed) / rowBytes / 1_000) * 1_000;
  return `${rows} rows of ${columns} columns do not fit in 4 GiB of bins and histograms; ${fitting} rows would: train on a part of them`;
}

interface CrewParts {
  arena: TrainingArena;
  kernel: TrainingKernel;
  /** Threads beside the calling one. */
  workers: number;
}

function plainParts(layout: ArenaLayout): CrewParts {
  const arena = viewArena(new ArrayBuffer(arenaBytes(layout)), layout);
  return { arena, kernel: createPlainKernel(arena), workers: 0 };
}

function wasmParts(layout: ArenaLayout): CrewParts {
  const pages = Math.ceil(arenaBytes(layout) / pageBytes);
  if (pages > mostPages) throw new CerebroError('INPUT_INVALID', tooLarge(layout));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const wasm = { memory, pages: { initial: pages, maximum: pages, shared: true } };
  for (let thread = 1; thread < layout.threads; thread += 1) {
    const workerData: CrewMember = { wasm, layout, thread };
    new Worker(new URL('training-worker.ts', import.meta.url), { workerData }).unref();
  }
  const arena = viewArena(memory.buffer, layout);
  return { arena, kernel: createWasmKernel(arena, wasm), workers: layout.threads - 1 };
}
