import type { UnivariateDetector } from '../../../detection/models/streams/univariate.ts';
import { univariateDetectors } from '../../../detection/models/streams/univariate-detectors.ts';

/** Scores of a stream, each made before its point is learned. */
export function scoreStream(detector: UnivariateDetector, values: Float64Array, times: Float64Array): Float64Array {
  const point = new Float64Array(1);
  return values.map((value, at) => {
    point[0] = value;
    const score = detector.scoreOne(point, times[at]!);
    detector.learnOne(point, times[at]!);
    return score;
  });
}

/** What each detector alone says of a stream, by its name. */
export function scoreWithEach(values: Float64Array, times: Float64Array): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(univariateDetectors).map(([name, create]) => [name, scoreStream(create(), values, times)]),
  );
}
