/** Means, changes and spreads of the latest values over several lengths, kept up to date in constant time. */
export interface ScaleFeatures {
  readonly names: readonly string[];
  /** How many points each feature looks back over, in the order of `names`. */
  readonly spans: readonly number[];
  /** The features with `value` as the latest point, without taking it in. The same array at each call. */
  with(value: number): Float64Array;
  take(value: number): void;
  readonly bytes: number;
}

const means = [1, 4, 16, 64] as const;
const changes = [1, 4, 16] as const;
const spreads = [8, 16, 64] as const;
const ringSize = 128;

/** Features at 1 to 64 points. Sums are taken against the first value and added up afresh every 4,096 points, so that rounding does not grow. */
export function createScaleFeatures(): ScaleFeatures {
  const ring = new Float64Array(ringSize);
  const lengths = [...new Set<number>([...means, ...spreads])];
  const sums = new Float64Array(lengths.length);
  const squares = new Float64Array(lengths.length);
  const result = new Float64Array(means.length + changes.length + spreads.length);
  const placeOf = (length: number): number => lengths.indexOf(length);
  const meanPlaces = means.map(placeOf);
  const spreadPlaces = spreads.map(placeOf);
  const changePlaces = changes.map(placeOf);
  let taken = 0;
  let origin = 0;

  const back = (steps: number): number => ring[(taken - steps + ringSize) & (ringSize - 1)]!;
  const sumOver = (place: number, length: number, shifted: number): number =>
    sums[place]! + shifted - (taken >= length ? back(length) : 0);
  const resum = (): void => {
    for (const [place, length] of lengths.entries()) {
      let sum = 0;
      let square = 0;
      for (let steps = 1; steps <= Math.min(length, taken); steps += 1) {
        sum += back(steps);
        square += back(steps) ** 2;
      }
      sums[place] = sum;
      squares[place] = square;
    }
  };

  return {
    names: [
      ...means.map((length) => (length === 1 ? 'value' : `mean over ${length}`)),
      ...changes.map((length) => (length === 1 ? 'step' : `change over ${length}`)),
      ...spreads.map((length) => `spread over ${length}`),
    ],
    spans: [...means, ...changes.map((length) => 2 * length), ...spreads],
    with(value) {
      const shifted = taken === 0 ? 0 : value - origin;
      let at = 0;
      for (let index = 0; index < means.length; index += 1) {
        const length = means[index]!;
        const count = taken + 1 < length ? taken + 1 : length;
        result[at] = sumOver(meanPlaces[index]!, length, shifted) / count + (taken === 0 ? value : origin);
        at += 1;
      }
      for (let index = 0; index < changes.length; index += 1) {
        const length = changes[index]!;
        // The mean over the latest `length` points less the mean over as many before them.
        const before = taken < 2 * length ? shifted : length === 1 ? back(1) : lagged(length);
        const now = length === 1 ? shifted : sumOver(changePlaces[index]!, length, shifted) / length;
        result[at] = taken < 2 * length ? 0 : now - before;
        at += 1;
      }
      for (let index = 0; index < spreads.length; index += 1) {
        const length = spreads[index]!;
        const place = spreadPlaces[index]!;
        const count = taken + 1 < length ? taken + 1 : length;
        const mean = sumOver(place, length, shifted) / count;
        const oldest = taken >= length ? back(length) : 0;
        const square = (squares[place]! + shifted * shifted - oldest * oldest) / count;
        result[at] = Math.sqrt(Math.max(0, square - mean * mean));
        at += 1;
      }
      return result;
    },
    take(value) {
      if (taken === 0) origin = value;
      const shifted = value - origin;
      for (let place = 0; place < lengths.length; place += 1) {
        const oldest = taken >= lengths[place]! ? back(lengths[place]!) : 0;
        sums[place]! += shifted - oldest;
        squares[place]! += shifted * shifted - oldest * oldest;
      }
      ring[taken & (ringSize - 1)] = shifted;
      taken += 1;
      if (taken % 4_096 === 0) resum();
    },
    bytes: ring.byteLength + sums.byteLength + squares.byteLength + result.byteLength + 256,
  };

  /** Mean of the `length` points before the latest `length`, the one to come being the latest. */
  function lagged(length: number): number {
    let sum = 0;
    for (let steps = length; steps < 2 * length; steps += 1) sum += back(steps);
    return sum / length;
  }
}
