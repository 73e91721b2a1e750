import { workerData } from 'node:worker_threads';
import { doCommand } from './thread-work.ts';
import { controlWords, viewArena } from './training-arena.ts';
import type { CrewMember } from './training-crew.ts';
import { createWasmKernel } from './wasm/training-kernel.ts';

// what arrives is what training-crew.ts sent
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { wasm, layout, thread } = workerData as CrewMember;
const arena = viewArena(wasm.memory.buffer, layout);
const kernel = createWasmKernel(arena, wasm);
const { control } = arena;

for (let epoch = 0; ;) {
  Atomics.wait(control, controlWords.epoch, epoch);
  const now = Atomics.load(control, controlWords.epoch);
  if (now === epoch) continue;
  epoch = now;
  if (!doCommand(arena, kernel, thread)) break;
  Atomics.add(control, controlWords.done, 1);
  Atomics.notify(control, controlWords.done);
}
