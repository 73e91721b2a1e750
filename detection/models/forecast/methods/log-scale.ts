import type { PointMethod } from '../point-method.ts';

/**
 * Another method on the logarithm of the series, for growth and seasons in proportion to the level. Where a value is not positive the series
 * goes through as it is. What comes back is kept within four times the range seen, so that a slope in logarithms cannot run away.
 */
export function createLogScale(inner: PointMethod): PointMethod {
  return {
    method: `log-${inner.method}`,
    needs: (seasons) => inner.needs(seasons),
    ahead(series, horizon) {
      const { values } = series;
      if (values.some((value) => value <= 0)) return inner.ahead(series, horizon);
      let low = values[0]!;
      let high = low;
      for (const value of values) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      const cap = high + 3 * Math.max(high - low, 0.1 * high);
      return inner
        .ahead({ ...series, values: values.map(Math.log) }, horizon)
        .map((value) => Math.min(cap, Math.exp(value)));
    },
  };
}
