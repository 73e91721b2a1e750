/** Weights of one NAB profile. */
export interface NabProfile {
  name: string;
  truePositive: number;
  falsePositive: number;
  falseNegative: number;
}

/** The three application profiles (Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms: the Numenta Anomaly Benchmark", 2015). */
export const nabProfiles: readonly NabProfile[] = [
  { name: 'standard', truePositive: 1, falsePositive: 0.11, falseNegative: 1 },
  { name: 'reward low FP', truePositive: 1, falsePositive: 0.22, falseNegative: 1 },
  { name: 'reward low FN', truePositive: 1, falsePositive: 0.11, falseNegative: 2 },
];

/** Scores of one series and its windows, as inclusive pairs of indices in order. */
export interface ScoredSeries {
  scores: ArrayLike<number>;
  windows: readonly (readonly [from: number, to: number])[];
}

/** What a detection at a position is worth: 1 at the left edge of a window, 0 at the right edge, towards -1 beyond it. */
const worthAt = (position: number): number => (position >= 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);

interface Detection {
  score: number;
  worth: number;
  /** Number of the window among all series, -1 outside. */
  window: number;
}

/** Every scored point with what an alarm there is worth; the first 15 %, at most 750 points, are probation and not scored. */
function detectionsOf(series: readonly ScoredSeries[], profile: NabProfile): { points: Detection[]; windows: number } {
  const points: Detection[] = [];
  let windows = 0;
  const best = worthAt(-1);
  for (const { scores, windows: limits } of series) {
    const probation = Math.min(Math.floor(0.15 * scores.length), 750);
    let next = 0;
    for (let at = 0; at < scores.length; at += 1) {
      while (next < limits.length && at > limits[next]![1]) next += 1;
      const current = limits[next];
      const inside = current !== undefined && at >= current[0];
      if (at < probation) continue;
      const score = scores[at]!;
      if (inside) {
        const width = current[1] - current[0] + 1;
        const position = -(current[1] - at + 1) / width;
        points.push({ score, worth: (worthAt(position) * profile.truePositive) / best, window: windows + next });
        continue;
      }
      const before = limits[next - 1];
      const position = before === undefined ? 3 : (at - before[1]) / (before[1] - before[0]);
      points.push({ score, worth: worthAt(position) * profile.falsePositive, window: -1 });
    }
    windows += limits.length;
  }
  return { points, windows };
}

/** What detections at a threshold are worth above no detection at all, and what perfect detections would be. */
export function gainNab(
  series: readonly ScoredSeries[],
  profile: NabProfile,
  threshold: number,
): { gain: number; perfect: number } {
  const { points, windows } = detectionsOf(series, profile);
  const parts = new Float64Array(windows).fill(-profile.falseNegative);
  let gain = profile.falseNegative * windows;
  for (const { score, worth, window } of points) {
    if (!(score >= threshold)) continue;
    if (window < 0) gain += worth;
    else parts[window] = Math.max(parts[window]!, worth);
  }
  for (const part of parts) gain += part;
  return { gain, perfect: (profile.truePositive + profile.falseNegative) * windows };
}

/**
 * NAB's score of detections at one threshold (score >= threshold): 0 for no detection at all, 100 for every window found at its left edge and no
 * false alarm. In each window the most valuable, that is the earliest, detection counts.
 */
export function scoreNab(series: readonly ScoredSeries[], profile: NabProfile, threshold: number): number {
  const { gain, perfect } = gainNab(series, profile, threshold);
  return (100 * gain) / perfect;
}

/** The threshold with the best total over the series; the highest one where several are equal. Infinity where no detection is best. */
export function tuneThreshold(series: readonly ScoredSeries[], profile: NabProfile): number {
  const { points, windows } = detectionsOf(series, profile);
  points.sort((left, right) => right.score - left.score);
  const parts = new Float64Array(windows).fill(-profile.falseNegative);
  let total = 0;
  let best = 0;
  let threshold = Number.POSITIVE_INFINITY;
  for (const [index, { score, worth, window }] of points.entries()) {
    if (window < 0) total += worth;
    else if (worth > parts[window]!) {
      total += worth - parts[window]!;
      parts[window] = worth;
    }
    if (points[index + 1]?.score !== score && total > best) {
      best = total;
      threshold = score;
    }
  }
  return threshold;
}
