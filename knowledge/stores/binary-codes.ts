import { createRandom } from '../../infra/runtime/random.ts';

/** Bits of a code, in 32-bit words. */
export const codeWords = 8;

/** Turns vectors into codes of 256 bits whose Hamming distance follows the angle between the vectors. */
export interface BinaryCoder {
  /** Vectors are coded by how they differ from this one; what all have in common tells none apart. */
  centre: Float32Array;
  encode(vector: Float32Array, target: Int32Array, at: number): void;
}

const rounds = 3;
const mostDistance = codeWords * 32;
/** Slots that the first half of the code lets through, as a multiple of those wanted. */
const coarseness = 8;

/**
 * Signs of a pseudo-random rotation: three rounds of random sign flips and a Walsh-Hadamard transform (Andoni et al. 2015, "Practical and optimal LSH for
 * angular distance", section 6), which is as good as a dense random matrix at O(d log d) a vector, and orthogonal (Ji et al. 2012, Super-Bit LSH).
 * The seed is fixed: same vector, same centre, same code.
 */
export function createBinaryCoder(dimensions: number, centre: Float32Array): BinaryCoder {
  let width = codeWords * 32;
  while (width < dimensions) width *= 2;
  const random = createRandom('knowledge vector codes');
  const flips = Float32Array.from({ length: rounds * width }, () => (random.next() < 0.5 ? -1 : 1));
  const work = new Float32Array(width);
  return {
    centre,
    encode: (vector, target, at) => {
      work.fill(0);
      for (let index = 0; index < dimensions; index += 1) work[index] = vector[index]! - centre[index]!;
      for (let round = 0; round < rounds; round += 1) {
        const from = round * width;
        for (let index = 0; index < width; index += 1) work[index] = work[index]! * flips[from + index]!;
        transform(work);
      }
      for (let word = 0; word < codeWords; word += 1) {
        let value = 0;
        for (let bit = 0; bit < 32; bit += 1) if (work[word * 32 + bit]! > 0) value |= 1 << bit;
        target[at + word] = value;
      }
    },
  };
}

/** The Walsh-Hadamard transform in place, not scaled. */
function transform(values: Float32Array): void {
  for (let half = 1; half < values.length; half *= 2)
    for (let block = 0; block < values.length; block += 2 * half)
      for (let index = block; index < block + half; index += 1) {
        const left = values[index]!;
        const right = values[index + half]!;
        values[index] = left + right;
        values[index + half] = left - right;
      }
}

/** Four words of a code, taken out of their array for the inner loop. */
type FourWords = readonly [number, number, number, number];

/** Number of differing bits of four words of a code from these (counts of 4, then 8 bits side by side; Warren, Hacker's Delight, 5-1). */
export function distanceOfFour(codes: Int32Array, at: number, [one, two, three, four]: FourWords): number {
  const left = nibbles(codes[at]! ^ one) + nibbles(codes[at + 1]! ^ two);
  const right = nibbles(codes[at + 2]! ^ three) + nibbles(codes[at + 3]! ^ four);
  const bytes = (left & 0x0f0f0f0f) + ((left >>> 4) & 0x0f0f0f0f) + (right & 0x0f0f0f0f) + ((right >>> 4) & 0x0f0f0f0f);
  return Math.imul(bytes, 0x01010101) >>> 24;
}

function nibbles(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
}

/** Codes by slot, their halves apart so that the first pass reads only what it needs; `distances` and `near` are room to work in, a number a slot. */
export interface CodeTable {
  first: Int32Array;
  second: Int32Array;
  size: number;
  classes: Uint16Array;
  distances: Uint16Array;
  near: Int32Array;
}

/** The slots whose codes are nearest to a code, at least `count` of those whose class is visible (all, when they are fewer), in slot order. */
export function nearestCodes(
  { first, second, size, classes, distances, near }: CodeTable,
  code: Int32Array,
  { visible, count }: { visible: Uint8Array; count: number },
): Int32Array {
  const half = codeWords / 2;
  const firstWords: FourWords = [code[0]!, code[1]!, code[2]!, code[3]!];
  const secondWords: FourWords = [code[4]!, code[5]!, code[6]!, code[7]!];
  const histogram = new Uint32Array(mostDistance + 2);
  for (let slot = 0; slot < size; slot += 1) {
    const distance = visible[classes[slot]!] === 0 ? mostDistance + 1 : distanceOfFour(first, slot * half, firstWords);
    distances[slot] = distance;
    histogram[distance] = histogram[distance]! + 1;
  }
  const cut = cutOf(histogram, count * coarseness);
  let kept = 0;
  histogram.fill(0);
  for (let slot = 0; slot < size; slot += 1) {
    if (distances[slot]! > cut) continue;
    const distance = distances[slot]! + distanceOfFour(second, slot * half, secondWords);
    histogram[distance] = histogram[distance]! + 1;
    distances[kept] = distance;
    near[kept] = slot;
    kept += 1;
  }
  const last = cutOf(histogram, count);
  let taken = 0;
  for (let index = 0; index < kept; index += 1) {
    if (distances[index]! > last) continue;
    near[taken] = near[index]!;
    taken += 1;
  }
  return near.subarray(0, taken);
}

/** The distance within which at least `count` slots lie. */
function cutOf(histogram: Uint32Array, count: number): number {
  let cut = 0;
  for (let seen = histogram[0]!; seen < count && cut < mostDistance;) {
    cut += 1;
    seen += histogram[cut]!;
  }
  return cut;
}
