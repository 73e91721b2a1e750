import { createSeason } from './season.ts';
import { createSlowLevel } from './slow-level.ts';
import { scoreOfDeviation } from './tail-bound.ts';
import { createUnivariate, type UnivariateDetector } from './univariate.ts';

const phases = 288;

/**
 * Residual of additive Holt-Winters smoothing (Winters 1960) with a damped trend (Gardner and McKenzie 1985): level, trend and, once a period was found
 * in the data, 288 phases of the season. The smoothed residual is judged against its own slow mean and deviation. 10 KB. On
 * `ms-cloud-monitoring` VUS-PR .60 (robust z-score .40, random .17): `npx --no cerebro eval ms-cloud-monitoring --data <dir> --truth <dir>`.
 */
export function createHoltWinters(
  options: { level?: number; trend?: number; season?: number; damping?: number } = {},
): UnivariateDetector {
  const { level: alpha = 0.02, trend: beta = 0.002, season: gamma = 0.15, damping = 0.9 } = options;
  const finder = createSeason();
  const seasonal = new Float32Array(phases);
  const errors = createSlowLevel(0.3, 4_000);
  let level = 0;
  let trend = 0;
  let learned = 0;
  let period: number | undefined;

  const phaseOf = (at: number): number =>
    period === undefined ? 0 : Math.min(phases - 1, Math.floor(((at % period) / period) * phases));
  const expected = (at: number): number =>
    level + damping * trend + (period === undefined ? 0 : seasonal[phaseOf(at)]!);

  return createUnivariate({
    method: 'holt-winters',
    score: (value, at) => scoreOfDeviation(errors.distance(value - expected(at))),
    learn(value, at) {
      learned += 1;
      finder.take(value, at);
      if (finder.periodMs() !== period) {
        period = finder.periodMs();
        seasonal.fill(0);
        const found = period ?? 1;
        for (let phase = 0; phase < phases; phase += 1) {
          const usual = finder.expected(Math.floor(at / found) * found + ((phase + 0.5) * found) / phases);
          seasonal[phase] = usual === undefined ? 0 : usual - level;
        }
      }
      if (learned === 1) level = value;
      errors.take(value - expected(at));
      const phase = phaseOf(at);
      const season = period === undefined ? 0 : seasonal[phase]!;
      const before = level;
      const rate = Math.max(alpha, 1 / learned);
      level = rate * (value - season) + (1 - rate) * (level + damping * trend);
      trend = beta * (level - before) + (1 - beta) * damping * trend;
      if (period !== undefined) seasonal[phase] = gamma * (value - level) + (1 - gamma) * season;
    },
    parts(value, at) {
      const distance = errors.distance(value - expected(at));
      return [{ feature: 'distance from the forecast', value: value - expected(at), weight: Math.abs(distance) }];
    },
    bytes: finder.bytes + seasonal.byteLength + errors.bytes + 256,
  });
}
