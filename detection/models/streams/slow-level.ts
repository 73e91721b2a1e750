/** How far the smoothed series lies from its slow mean. */
export interface SlowLevel {
  /** Distance with `value` as the latest point, in slow mean deviations as standard deviations of normal noise; with its sign. */
  distance(value: number): number;
  take(value: number): void;
  /** Moves the smoothed series only: the value is seen, and nothing is learned of what is usual. */
  follow(value: number): void;
  mean(): number;
  readonly bytes: number;
}

/** Normal noise has this standard deviation at a mean deviation of 1. */
const normalDeviation = 1.2533;
/** Gaps beyond this many units are cut before they are learned, so that an episode neither moves the mean nor widens the unit much. */
const cut = 2;
const warmUp = 16;

/** Exponentially weighted means, fast (`smoothing`) and slow (over `memory` points). Constant time and memory. */
export function createSlowLevel(smoothing: number, memory: number): SlowLevel {
  let mean = 0;
  let deviation = 0;
  let smoothed = 0;
  let learned = 0;
  const unit = (): number => Math.max(normalDeviation * deviation, 1e-3 * Math.abs(mean), 1e-9);
  return {
    distance: (value) => (learned < warmUp ? 0 : (smoothed + smoothing * (value - smoothed) - mean) / unit()),
    take(value) {
      learned += 1;
      const rate = 1 / (learned < memory ? learned : memory);
      const limit = cut * unit();
      const gap = value - mean;
      const kept = learned < warmUp ? gap : gap > limit ? limit : gap < -limit ? -limit : gap;
      mean += rate * kept;
      deviation += rate * (Math.abs(kept) - deviation);
      smoothed = learned === 1 ? value : smoothed + smoothing * (value - smoothed);
    },
    follow(value) {
      smoothed += smoothing * (value - smoothed);
    },
    mean: () => mean,
    bytes: 64,
  };
}
