import { createNormalEquations } from '../least-squares.ts';
import type { PointMethod } from '../point-method.ts';

interface Order {
  p: number;
  q: number;
  /** Seasonal lag of either kind, 0 or 1. */
  seasonalP: number;
  seasonalQ: number;
}

interface Fitted {
  order: Order;
  lags: number[];
  errorLags: number[];
  weights: Float64Array;
  mean: number;
  residuals: Float64Array;
  aicc: number;
}

/**
 * Seasonal ARIMA with automatic order. Differences: seasonal when the season's strength is above 0.64 (Wang, Smith and Hyndman 2006), ordinary
 * when the KPSS statistic exceeds its 5 % point, at most two in all; then the stepwise search of Hyndman and Khandakar (Journal of
 * Statistical Software 27, 2008) over neighbouring orders by AICc. Each order is fitted by the two regressions of Hannan and Rissanen (1982),
 * not by maximum likelihood. Only the first season is used. Cost: the last 1,500 values x orders tried (about 20) x lags squared.
 */
export function createArima(): PointMethod {
  return {
    method: 'arima',
    needs: (seasons) => Math.max(12, 2 * (seasons[0] ?? 1) + 8),
    ahead(series, horizon) {
      const values = series.values.subarray(Math.max(0, series.values.length - 1_500));
      const season = series.seasons[0] ?? 0;
      const steps: number[] = [];
      let current = values;
      if (season > 0 && seasonalStrength(current, season) > 0.64 && current.length > 3 * season) {
        steps.push(season);
        current = difference(current, season);
      }
      while (steps.length < 2 && current.length > 12 && kpss(current) > 0.463) {
        steps.push(1);
        current = difference(current, 1);
      }
      const fitted = search(current, season, steps.length < 1);
      return integrate(values, steps, run(fitted, current, horizon));
    },
  };
}

function search(values: Float64Array, season: number, withMean: boolean): Fitted {
  const mean = withMean ? values.reduce((sum, value) => sum + value / values.length, 0) : 0;
  const centred = values.map((value) => value - mean);
  const innovations = longAutoregression(centred, season);
  const tried = new Map<string, Fitted>();
  const attempt = (order: Order): Fitted => {
    const key = Object.values(order).join();
    const known = tried.get(key) ?? fit(centred, { order, season, mean, innovations });
    tried.set(key, known);
    return known;
  };
  const seasonal = season > 0 ? 1 : 0;
  const starts: Order[] = [
    { p: 2, q: 2, seasonalP: seasonal, seasonalQ: seasonal },
    { p: 0, q: 0, seasonalP: 0, seasonalQ: 0 },
    { p: 1, q: 0, seasonalP: seasonal, seasonalQ: 0 },
    { p: 0, q: 1, seasonalP: 0, seasonalQ: seasonal },
  ];
  let best = starts.map(attempt).sort((left, right) => left.aicc - right.aicc)[0]!;
  for (let moved = true; moved && tried.size < 40;) {
    moved = false;
    for (const order of neighbours(best.order, seasonal)) {
      const next = attempt(order);
      if (next.aicc < best.aicc - 1e-9) {
        best = next;
        moved = true;
      }
    }
  }
  return best;
}

function neighbours({ p, q, seasonalP, seasonalQ }: Order, seasonal: number): Order[] {
  const all: Order[] = [
    { p: p + 1, q, seasonalP, seasonalQ },
    { p: p - 1, q, seasonalP, seasonalQ },
    { p, q: q + 1, seasonalP, seasonalQ },
    { p, q: q - 1, seasonalP, seasonalQ },
    { p: p + 1, q: q + 1, seasonalP, seasonalQ },
    { p: p - 1, q: q - 1, seasonalP, seasonalQ },
    { p, q, seasonalP: 1 - seasonalP, seasonalQ },
    { p, q, seasonalP, seasonalQ: 1 - seasonalQ },
  ];
  return all.filter(
    (o) => o.p >= 0 && o.p <= 5 && o.q >= 0 && o.q <= 5 && (seasonal > 0 || o.seasonalP + o.seasonalQ === 0),
  );
}

/** Residuals of a long autoregression: the stand-in for the errors of the first regression. */
function longAutoregression(values: Float64Array, season: number): Float64Array {
  const lags = Array.from({ length: Math.min(12, values.length >> 2) }, (_, index) => index + 1);
  if (season > 12 && season * 2 < values.length) lags.push(season, season + 1);
  return regress(values, lags, [], new Float64Array(values.length)).residuals;
}

// oxlint-disable-next-line max-params -- a regression on two kinds of lags
function regress(
  values: Float64Array,
  lags: readonly number[],
  errorLags: readonly number[],
  innovations: Float64Array,
): { weights: Float64Array; residuals: Float64Array } {
  const width = lags.length + errorLags.length;
  const from = Math.max(0, ...lags, ...errorLags);
  const equations = createNormalEquations(width);
  const row = new Float64Array(width);
  for (let t = from; t < values.length; t += 1) {
    for (let i = 0; i < lags.length; i += 1) row[i] = values[t - lags[i]!]!;
    for (let i = 0; i < errorLags.length; i += 1) row[lags.length + i] = innovations[t - errorLags[i]!]!;
    equations.add(row, values[t]!);
  }
  const weights = equations.solve(1e-6);
  // The errors are run anew from the start, so that an order that cannot be inverted shows as a large error.
  const residuals = new Float64Array(values.length);
  for (let t = 0; t < values.length; t += 1) {
    let predicted = 0;
    for (let i = 0; i < lags.length; i += 1) if (t >= lags[i]!) predicted += weights[i]! * values[t - lags[i]!]!;
    for (let i = 0; i < errorLags.length; i += 1)
      if (t >= errorLags[i]!) predicted += weights[lags.length + i]! * residuals[t - errorLags[i]!]!;
    residuals[t] = values[t]! - predicted;
  }
  return { weights, residuals };
}

function fit(
  values: Float64Array,
  { order, season, mean, innovations }: { order: Order; season: number; mean: number; innovations: Float64Array },
): Fitted {
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
  const lags = [...upTo(order.p), ...(order.seasonalP > 0 && season > order.p ? [season] : [])];
  const errorLags = [...upTo(order.q), ...(order.seasonalQ > 0 && season > order.q ? [season] : [])];
  const { weights, residuals } = regress(values, lags, errorLags, innovations);
  const skip = Math.min(values.length >> 1, Math.max(season, 5));
  let power = 0;
  for (let t = skip; t < residuals.length; t += 1) power += residuals[t]! ** 2;
  const count = residuals.length - skip;
  const size = weights.length + 2;
  const wanders = lags.reduce((total, _, i) => total + Math.abs(weights[i]!), 0) > 3;
  const aicc =
    !Number.isFinite(power) || wanders || count <= size + 1
      ? Number.POSITIVE_INFINITY
      : count * Math.log(Math.max(power / count, 1e-300)) + 2 * size + (2 * size * (size + 1)) / (count - size - 1);
  return { order, lags, errorLags, weights, mean, residuals, aicc };
}

function run(
  { lags, errorLags, weights, mean, residuals }: Fitted,
  values: Float64Array,
  horizon: number,
): Float64Array {
  const all = new Float64Array(values.length + horizon);
  for (let t = 0; t < values.length; t += 1) all[t] = values[t]! - mean;
  const bound = 4 * all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let t = values.length; t < all.length; t += 1) {
    let value = 0;
    for (let i = 0; i < lags.length; i += 1) if (t >= lags[i]!) value += weights[i]! * all[t - lags[i]!]!;
    for (let i = 0; i < errorLags.length; i += 1) {
      const at = t - errorLags[i]!;
      if (at >= 0 && at < values.length) value += weights[lags.length + i]! * residuals[at]!;
    }
    all[t] = Math.max(-bound, Math.min(bound, value));
  }
  return all.slice(values.length).map((value) => value + mean);
}

function difference(values: Float64Array, lag: number): Float64Array {
  return Float64Array.from({ length: values.length - lag }, (_, t) => values[t + lag]! - values[t]!);
}

function integrate(values: Float64Array, steps: readonly number[], ahead: Float64Array): Float64Array {
  const levels = [values];
  for (const lag of steps) levels.push(difference(levels.at(-1)!, lag));
  let current = ahead;
  for (let s = steps.length - 1; s >= 0; s -= 1) {
    const lag = steps[s]!;
    const past = levels[s]!;
    const next = new Float64Array(ahead.length);
    for (let h = 0; h < next.length; h += 1)
      next[h] = current[h]! + (h < lag ? past[past.length - lag + h]! : next[h - lag]!);
    current = next;
  }
  return current;
}

/** Share of the variance, freed of a moving mean, that the means of the phases explain. */
function seasonalStrength(values: Float64Array, season: number): number {
  const half = season >> 1;
  const means = new Float64Array(season);
  const counts = new Float64Array(season);
  const flat = new Float64Array(values.length);
  for (let t = half; t < values.length - half; t += 1) {
    let mean = 0;
    for (let near = t - half; near <= t + half; near += 1) mean += values[near]! / (2 * half + 1);
    flat[t] = values[t]! - mean;
    means[t % season]! += flat[t]!;
    counts[t % season]! += 1;
  }
  let left = 0;
  let all = 0;
  for (let t = half; t < values.length - half; t += 1) {
    left += (flat[t]! - means[t % season]! / counts[t % season]!) ** 2;
    all += flat[t]! ** 2;
  }
  return all === 0 ? 0 : 1 - left / all;
}

/** KPSS statistic for a level (Kwiatkowski, Phillips, Schmidt and Shin 1992), Bartlett window of 4 (n / 100)^0.25 lags. */
function kpss(values: Float64Array): number {
  const length = values.length;
  const mean = values.reduce((sum, value) => sum + value / length, 0);
  let partial = 0;
  let sums = 0;
  let variance = 0;
  const lags = Math.ceil(4 * (length / 100) ** 0.25);
  for (let t = 0; t < length; t += 1) {
    partial += values[t]! - mean;
    sums += partial ** 2;
    variance += (values[t]! - mean) ** 2 / length;
  }
  for (let lag = 1; lag <= lags; lag += 1) {
    let product = 0;
    for (let t = lag; t < length; t += 1) product += ((values[t]! - mean) * (values[t - lag]! - mean)) / length;
    variance += 2 * (1 - lag / (lags + 1)) * product;
  }
  return variance <= 0 ? 0 : sums / length ** 2 / variance;
}
