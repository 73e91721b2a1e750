import { expect, it } from 'vitest';
import { createRandom } from '../../infra/runtime/random.ts';
import { toUnit } from '../embedders/learned-embedder.ts';
import { codeWords, createBinaryCoder, distanceOfFour } from './binary-codes.ts';

const dimensions = 192;
const random = createRandom(2);
const vector = (): Float32Array =>
  toUnit(Float32Array.from({ length: dimensions }, () => random.next() + random.next() - 1));
const codeOf = (coder: ReturnType<typeof createBinaryCoder>, of: Float32Array): Int32Array => {
  const code = new Int32Array(codeWords);
  coder.encode(of, code, 0);
  return code;
};
const distance = (one: Int32Array, other: Int32Array): number =>
  distanceOfFour(one, 0, [other[0]!, other[1]!, other[2]!, other[3]!]) +
  distanceOfFour(one, 4, [other[4]!, other[5]!, other[6]!, other[7]!]);

it('counts differing bits', () => {
  for (let round = 0; round < 200; round += 1) {
    const [one, other] = [0, 1].map(() =>
      Int32Array.from({ length: 8 }, () => Math.floor(random.next() * 2 ** 32) | 0),
    );
    const bits = one!.reduce(
      (sum, word, index) => sum + ((word ^ other![index]!) >>> 0).toString(2).replaceAll('0', '').length,
      0,
    );
    expect(distance(one!, other!)).toBe(bits);
  }
});

it('gives codes whose distance is the angle, also of more dimensions than bits', () => {
  for (const centre of [new Float32Array(dimensions), vector().map((value) => value * 0.3)]) {
    const coder = createBinaryCoder(dimensions, centre);
    let error = 0;
    for (let round = 0; round < 200; round += 1) {
      const [one, noise] = [vector(), vector()];
      const other = one.map((value, index) => value + noise[index]! * random.next() * 2);
      const [left, right] = [one, other].map((of) => toUnit(of.map((value, index) => value - centre[index]!)));
      const cosine = left!.reduce((sum, value, index) => sum + value * right![index]!, 0);
      const expected = (Math.acos(Math.max(-1, Math.min(1, cosine))) / Math.PI) * 256;
      error += Math.abs(distance(codeOf(coder, one), codeOf(coder, other)) - expected);
    }
    expect(error / 200).toBeLessThan(8);
  }
  const wide = createBinaryCoder(1_000, new Float32Array(1_000));
  const long = Float32Array.from({ length: 1_000 }, () => random.next() - 0.5);
  expect(distance(codeOf(wide, long), codeOf(wide, long))).toBe(0);
  expect(
    distance(
      codeOf(wide, long),
      codeOf(
        wide,
        long.map((value) => -value),
      ),
    ),
  ).toBe(256);
});
