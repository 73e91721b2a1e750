const day = 86_400_000;

/**
 * Seasons of a series in steps, shortest first, at most two: the calendar's (an hour, a day, a week) and else the strongest peak of the
 * autocorrelation, each only where the series, freed of its slow drift and of the shorter season, repeats with a correlation above 0.3 and
 * shows at least twice (three times for one that the calendar does not know). Cost: length x (length / 3) at most, on at most 2,000 values.
 */
export function findSeasons(values: Float64Array, stepMs: number): number[] {
  const stride = 1;
  const recent = values.subarray(Math.max(0, values.length - 4_000));
  const calendar = [3_600_000, day, 7 * day].map((length) => Math.round(length / stepMs) / stride);
  const seasons: number[] = [];
  let left = withoutDrift(recent, Math.max(3, Math.min(recent.length >> 1, calendar.find((one) => one >= 4) ?? 24)));
  for (const season of calendar) {
    if (season < 4 || season * 2 > recent.length || seasons.length === 2) continue;
    if (seasons.length === 0) left = withoutDrift(recent, Math.min(recent.length >> 1, 2 * season));
    if (correlation(left, season) < 0.3 || !peaks(left, season)) continue;
    seasons.push(season);
    left = withoutPhaseMeans(left, season);
  }
  if (seasons.length > 0 || recent.length < 16) return seasons;
  const flat = withoutDrift(recent, Math.max(8, recent.length >> 1));
  let best: { season: number; strength: number } | undefined;
  for (let season = 4; season * 3 <= Math.min(recent.length, 2_000); season += 1) {
    const strength = correlation(flat, season);
    if (strength > 0.4 && strength > (best?.strength ?? 0) + 0.02 && peaks(flat, season)) best = { season, strength };
  }
  return best === undefined ? [] : [best.season];
}

function peaks(values: Float64Array, season: number): boolean {
  const here = correlation(values, season);
  const half = correlation(values, Math.max(1, season >> 1));
  return (
    here > half && here >= correlation(values, season - 1) - 1e-9 && here >= correlation(values, season + 1) - 1e-9
  );
}

/** Correlation of the series with itself `lag` steps before. */
function correlation(values: Float64Array, lag: number): number {
  let product = 0;
  let left = 0;
  let right = 0;
  for (let t = lag; t < values.length; t += 1) {
    product += values[t]! * values[t - lag]!;
    left += values[t]! ** 2;
    right += values[t - lag]! ** 2;
  }
  return left * right === 0 ? 0 : product / Math.sqrt(left * right);
}

function withoutDrift(values: Float64Array, span: number): Float64Array {
  const half = span >> 1;
  let sum = 0;
  const sums = new Float64Array(values.length + 1);
  for (let t = 0; t < values.length; t += 1) sums[t + 1] = sum += values[t]!;
  return values.map((value, t) => {
    const from = Math.max(0, t - half);
    const to = Math.min(values.length, t + half + 1);
    return value - (sums[to]! - sums[from]!) / (to - from);
  });
}

function withoutPhaseMeans(values: Float64Array, season: number): Float64Array {
  const means = new Float64Array(season);
  const counts = new Float64Array(season);
  for (let t = 0; t < values.length; t += 1) {
    means[t % season]! += values[t]!;
    counts[t % season]! += 1;
  }
  return values.map((value, t) => value - means[t % season]! / counts[t % season]!);
}
