import { decompose } from '../decompose.ts';
import type { PointMethod } from '../point-method.ts';

/**
 * Several seasons taken out (MSTL), what is left forecast by another method without seasons, the seasons added again.
 * Cost: that of both.
 */
export function createDecomposed(inner: PointMethod): PointMethod {
  return {
    method: `decomposed-${inner.method}`,
    needs: (seasons) => Math.max(inner.needs([]), 2 * (seasons.at(-1) ?? 1)),
    ahead(series, horizon) {
      const { adjusted, seasonal } = decompose(series);
      return inner
        .ahead({ ...series, values: adjusted, seasons: [] }, horizon)
        .map((value, h) => value + seasonal(h + 1));
    },
  };
}
