import type { PointMethod } from '../point-method.ts';

export interface NaiveOptions {
  /** Which season is repeated: the shortest, or the longest (default). */
  season?: 'shortest' | 'longest';
}

/** Repeats the last period of a season; without one, the last value. Cost: the horizon. */
export function createSeasonalNaive(options: NaiveOptions = {}): PointMethod {
  return {
    method: options.season === 'shortest' ? 'seasonal-naive-short' : 'seasonal-naive',
    needs: () => 1,
    ahead({ values, seasons }, horizon) {
      const season = (options.season === 'shortest' ? seasons[0] : seasons.at(-1)) ?? 1;
      return Float64Array.from({ length: horizon }, (_, h) => values[values.length - season + (h % season)]!);
    },
  };
}
