import { createRandom } from '../../infra/runtime/random.ts';
import type { Scored } from '../keyword-index.ts';
import { createBestList } from './best-list.ts';
import type { Slots } from './slots.ts';

/** Up to this many multiplications a search is exact. */
const exactWork = 1_000_000;
const bits = 256;
const words = bits / 32;

/**
 * Vectors in memory with a binary code each: signs of 256 random projections (Charikar 2002). A search ranks all codes by Hamming
 * distance, then computes the true cosine of the `rescored` nearest. Same vectors, same order in, same answer.
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
  let codes = new Int32Array(1_024 * words);
  let distances = new Uint16Array(1_024);
  let projections: Float32Array | undefined;
  let coded = 0;

  const grow = (slot: number): void => {
    if ((slot + 1) * dimensions <= vectors.length) return;
    const capacity = (vectors.length / dimensions) * 2;
    const larger = new Float32Array(capacity * dimensions);
    larger.set(vectors);
    vectors = larger;
    const moreCodes = new Int32Array(capacity * words);
    moreCodes.set(codes);
    codes = moreCodes;
    distances = new Uint16Array(capacity);
  };
  const encode = (vector: Float32Array, target: Int32Array, at: number): void => {
    projections ??= makeProjections(dimensions);
    for (let word = 0; word < words; word += 1) {
      let value = 0;
      for (let bit = 0; bit < 32; bit += 1) {
        let sum = 0;
        const row = (word * 32 + bit) * dimensions;
        for (let index = 0; index < dimensions; index += 1) sum += projections[row + index]! * vector[index]!;
        if (sum > 0) value |= 1 << bit;
      }
      target[at + word] = value;
    }
  };
  const dot = (query: Float32Array, slot: number): number => {
    const at = slot * dimensions;
    let sum = 0;
    for (let index = 0; index < dimensions; index += 1) sum += query[index]! * vectors[at + index]!;
    return sum;
  };
  /** Slots whose codes are nearest, at least `count` of the visible ones. */
  const nearest = (query: Float32Array, visible: Uint8Array, count: number): number[] => {
    for (; coded < slots.size(); coded += 1)
      encode(vectors.subarray(coded * dimensions, (coded + 1) * dimensions), codes, coded * words);
    const code = new Int32Array(words);
    encode(query, code, 0);
    const classes = slots.classes();
    const histogram = new Uint32Array(bits + 2);
    const size = slots.size();
    for (let slot = 0; slot < size; slot += 1) {
      let distance = bits + 1;
      if (visible[classes[slot]!] !== 0) {
        distance = 0;
        const at = slot * words;
        for (let word = 0; word < words; word += 1) distance += ones(codes[at + word]! ^ code[word]!);
      }
      distances[slot] = distance;
      histogram[distance] = histogram[distance]! + 1;
    }
    let cut = 0;
    for (let seen = histogram[0]!; seen < count && cut < bits;) {
      cut += 1;
      seen += histogram[cut]!;
    }
    const found: number[] = [];
    for (let slot = 0; slot < size; slot += 1) if (distances[slot]! <= cut) found.push(slot);
    return found;
  };

  return {
    set: (slot, vector) => {
      grow(slot);
      vectors.set(vector, slot * dimensions);
      // A slot is written once; codes are made on the first large search, in slot order.
      if (slot < coded) encode(vector, codes, slot * words);
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

/** Number of set bits (Warren, Hacker's Delight, 5-1). */
function ones(value: number): number {
  let count = value - ((value >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Gaussian directions from a fixed seed (Box and Muller 1958). */
function makeProjections(dimensions: number): Float32Array {
  const random = createRandom('knowledge vector codes');
  return Float32Array.from(
    { length: bits * dimensions },
    () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next()),
  );
}
