/** Measures of one forecast against what came, as the M4 competition defines them (Makridakis et al. 2020), for a season of 24. */
export interface ForecastMeasures {
  smape: number;
  mase: number;
  msis: number;
  /** Share of the values inside the bounds. */
  covered: number;
}

/** `past` is what the forecast was made from; its mean absolute seasonal difference is the unit of MASE and MSIS. */
export function measureForecast(
  past: Float64Array,
  actual: Float64Array,
  said: { mean: ArrayLike<number>; low: ArrayLike<number>; high: ArrayLike<number> },
  season = 24,
): ForecastMeasures {
  let unit = 0;
  for (let t = season; t < past.length; t += 1) unit += Math.abs(past[t]! - past[t - season]!);
  unit = unit / Math.max(1, past.length - season) || 1;
  const sums = { smape: 0, mase: 0, msis: 0, covered: 0 };
  for (let h = 0; h < actual.length; h += 1) {
    const value = actual[h]!;
    const miss = Math.abs(value - said.mean[h]!);
    const size = Math.abs(value) + Math.abs(said.mean[h]!);
    sums.smape += size === 0 ? 0 : (200 * miss) / size;
    sums.mase += miss / unit;
    const below = Math.max(0, said.low[h]! - value);
    const above = Math.max(0, value - said.high[h]!);
    sums.msis += (said.high[h]! - said.low[h]! + 40 * (below + above)) / unit;
    sums.covered += below === 0 && above === 0 ? 1 : 0;
  }
  const count = Math.max(1, actual.length);
  return {
    smape: sums.smape / count,
    mase: sums.mase / count,
    msis: sums.msis / count,
    covered: sums.covered / count,
  };
}
