import { drawNormal, type Random } from '../../../infra/runtime/random.ts';

/** Kinds of series in which nothing happens. */
export const noiseKinds = ['white', 'heavy-tailed', 'wandering', 'seasonal', 'counts', 'skewed'] as const;

/** `length` values of one kind of ordinary noise; the same seed gives the same values. Used to calibrate scores and to test that quiet stays quiet. */
export function makeNoise(kind: (typeof noiseKinds)[number], length: number, random: Random): Float64Array {
  let state = 0;
  return Float64Array.from({ length }, (_, at) => {
    switch (kind) {
      case 'white':
        return drawNormal(random);
      case 'heavy-tailed': {
        const share = random.next() - 0.5;
        return -Math.sign(share) * Math.log(1 - 2 * Math.abs(share));
      }
      case 'wandering':
        state = 0.8 * state + drawNormal(random);
        return state;
      case 'seasonal':
        return 5 * Math.sin((2 * Math.PI * at) / 288) + drawNormal(random);
      case 'counts': {
        let count = 0;
        for (let product = random.next(); product > Math.exp(-3); product *= random.next()) count += 1;
        return count;
      }
      case 'skewed':
        return Math.exp(0.5 * drawNormal(random));
    }
    return 0;
  });
}
