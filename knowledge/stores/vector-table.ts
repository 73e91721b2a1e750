import type { Scored } from '../keyword-index.ts';
import { createBestList } from './best-list.ts';
import { type BinaryCoder, codeWords, createBinaryCoder, nearestCodes } from './binary-codes.ts';
import type { Slots } from './slots.ts';

/** Up to this many multiplications a search is exact. */
const exactWork = 1_000_000;
const half = codeWords / 2;
/** Vectors that the centre is the mean of. */
const sampled = 4_096;
/**
 * Vectors in memory with a binary code each (see `createBinaryCoder`). A search ranks all by half of their code, the nearest of these by the whole
 * code, and computes the true cosine of the `rescored` nearest. Same vectors, same order in, same answer.
 */
export interface VectorTable {
  set(slot: number, vector: Float32Array): void;
  vector(slot: number): Float32Array;
  search(query: Float32Array, visible: Uint8Array, limit: number): Scored[];
}

/** Makes an empty table. `rescored` trades time for recall (400 by default). */
export function createVectorTable(slots: Slots, options: { dimensions: number; rescored?: number }): VectorTable {
  const { dimensions } = options;
  const rescored = options.rescored ?? 400;
  let vectors = new Float32Array(1_024 * dimensions);
  // The halves of the codes lie apart, so that the first pass reads only what it needs.
  let first = new Int32Array(1_024 * half);
  let second = new Int32Array(1_024 * half);
  let distances = new Uint16Array(1_024);
  let near = new Int32Array(1_024);
  const code = new Int32Array(codeWords);
  let coder: BinaryCoder | undefined;
  let coded = 0;
  let centredOver = 0;

  const grow = (slot: number): void => {
    if ((slot + 1) * dimensions <= vectors.length) return;
    const capacity = (vectors.length / dimensions) * 2;
    const larger = new Float32Array(capacity * dimensions);
    larger.set(vectors);
    vectors = larger;
    first = copied(first, capacity * half);
    second = copied(second, capacity * half);
    distances = new Uint16Array(capacity);
    near = new Int32Array(capacity);
  };
  const centreOf = (): Float32Array => {
    const centre = new Float32Array(dimensions);
    const step = Math.max(1, Math.floor(slots.size() / sampled));
    let count = 0;
    for (let slot = 0; slot < slots.size(); slot += step, count += 1)
      for (let index = 0; index < dimensions; index += 1)
        centre[index] = centre[index]! + vectors[slot * dimensions + index]!;
    return centre.map((sum) => sum / Math.max(1, count));
  };
  const encodeSlot = (made: BinaryCoder, slot: number): void => {
    made.encode(vectors.subarray(slot * dimensions, (slot + 1) * dimensions), code, 0);
    first.set(code.subarray(0, half), slot * half);
    second.set(code.subarray(half), slot * half);
  };
  /** Codes what is new; all of it anew when the table has grown so much that its centre has moved. */
  const encodeNew = (): BinaryCoder => {
    if (coder === undefined || slots.size() > 2 * centredOver) {
      coder = createBinaryCoder(dimensions, centreOf());
      centredOver = slots.size();
      coded = 0;
    }
    for (; coded < slots.size(); coded += 1) encodeSlot(coder, coded);
    return coder;
  };
  const dot = (query: Float32Array, slot: number): number => {
    const at = slot * dimensions;
    let sum = 0;
    for (let index = 0; index < dimensions; index += 1) sum += query[index]! * vectors[at + index]!;
    return sum;
  };
  /** Slots whose codes are nearest, at least `count` of the visible ones. */
  const nearest = (query: Float32Array, visible: Uint8Array, count: number): Int32Array => {
    encodeNew().encode(query, code, 0);
    const table = { first, second, size: slots.size(), classes: slots.classes(), distances, near };
    return nearestCodes(table, code, { visible, count });
  };

  return {
    set: (slot, vector) => {
      grow(slot);
      vectors.set(vector, slot * dimensions);
      // A slot is written once; codes are made on the first large search, in slot order.
      if (slot < coded && coder !== undefined) encodeSlot(coder, slot);
    },
    vector: (slot) => vectors.slice(slot * dimensions, (slot + 1) * dimensions),
    search: (query, visible, limit) => {
      const best = createBestList(limit, (slot) => slots.idOf(slot));
      const offer = (slot: number): void => {
        const score = dot(query, slot);
        if (score >= best.threshold()) best.offer(slot, score);
      };
      if (slots.size() * dimensions <= exactWork) {
        const classes = slots.classes();
        for (let slot = 0; slot < slots.size(); slot += 1) if (visible[classes[slot]!] !== 0) offer(slot);
      } else {
        for (const slot of nearest(query, visible, Math.max(rescored, 2 * limit))) offer(slot);
      }
      return best.take();
    },
  };
}

function copied(codes: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(codes);
  return larger;
}
