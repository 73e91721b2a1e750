import { createSampledQuantiles } from './sampled-quantiles.ts';
import { createSeason } from './season.ts';
import { scoreOfDeviation } from './tail-bound.ts';
import { createUnivariate, type UnivariateDetector } from './univariate.ts';

/**
 * Residual of a robust decomposition into trend and season (after STL: Cleveland et al. 1990, on line): what is left of the mean of the last four points
 * after the season that was found in the data and the median of about the last 8,000 residuals, in their interquartile ranges. 9 KB. On `ms-cloud-monitoring`
 * VUS-PR .62 (robust z-score .40, random .17): `npx --no cerebro eval ms-cloud-monitoring --data <dir> --truth <dir>`.
 */
export function createSeasonalTrend(): UnivariateDetector {
  const season = createSeason();
  const left = createSampledQuantiles(61);
  let recent = 0;
  let learned = 0;

  const residual = (value: number, at: number): number => value - (season.expected(at) ?? 0);
  let seasonal = false;
  const distance = (value: number, at: number): number =>
    (recent + (residual(value, at) - recent) / 3 - left.median()) / left.scale();

  return createUnivariate({
    method: 'seasonal-trend',
    score: (value, at) => scoreOfDeviation((season.expected(at) !== undefined) === seasonal ? distance(value, at) : 0),
    learn(value, at) {
      const known = season.expected(at) !== undefined;
      // With the season gained or lost the residuals are of another size: the smoothing starts afresh.
      if (known !== seasonal || learned === 0) recent = residual(value, at);
      else recent += (residual(value, at) - recent) / 3;
      seasonal = known;
      left.push(residual(value, at));
      season.take(value, at);
      learned += 1;
    },
    parts: (value, at) => [
      {
        feature: 'distance from season and trend',
        value: residual(value, at) - left.median(),
        weight: Math.abs(distance(value, at)),
      },
    ],
    bytes: season.bytes + left.bytes + 64,
  });
}
