import { decompose } from '../decompose.ts';
import type { PointMethod } from '../point-method.ts';
import { lineOf } from './theta.ts';

/**
 * The seasonally adjusted series goes on from where it is with the slope of its line, undamped, the seasons added again: what fills a disk or
 * grows with customers. Where it is: the mean departure from the line over the last twentieth. Cost: length x 2.
 */
export function createDrift(): PointMethod {
  return {
    method: 'drift',
    needs: (seasons) => Math.max(4, 2 * (seasons.at(-1) ?? 1)),
    ahead(series, horizon) {
      const { adjusted, seasonal } = decompose(series);
      const { slope, intercept } = lineOf(adjusted);
      const length = adjusted.length;
      const recent = Math.max(1, Math.floor(length / 20));
      let departure = 0;
      for (let t = length - recent; t < length; t += 1) departure += (adjusted[t]! - intercept - slope * t) / recent;
      return Float64Array.from(
        { length: horizon },
        (_, h) => intercept + departure + slope * (length + h) + seasonal(h + 1),
      );
    },
  };
}
