/** A series at an origin, taken apart by its longest season: where it stands, its profile, and what the last period left over. */
export interface ProfileFrame {
  /** Mean of the last whole period, and of the ones before it, newest last. */
  levels: Float64Array;
  /** Departure from the level at each phase, the first being that of the next value; its mean is 0. */
  profile: Float64Array;
  /** What the last period left over, oldest first. */
  residual: Float64Array;
}

/**
 * Cuts the last `periods` whole periods before `origin` and averages what lies at the same phase, a period's weight `memory` times that of the
 * next newer one; each period relative to its own mean, so that a moving level does not bend the profile. Cost: the values read.
 */
// oxlint-disable-next-line max-params -- of what, where, by what season, how forgetful
export function profileBefore(values: Float64Array, origin: number, season: number, memory: number): ProfileFrame {
  const periods = Math.floor(origin / season);
  const levels = new Float64Array(periods);
  const profile = new Float64Array(season);
  let weights = 0;
  for (let k = 0; k < periods; k += 1) {
    const from = origin - (periods - k) * season;
    let level = 0;
    for (let t = from; t < from + season; t += 1) level += values[t]! / season;
    levels[k] = level;
    const weight = memory ** (periods - 1 - k);
    weights += weight;
    for (let phase = 0; phase < season; phase += 1) profile[phase]! += weight * (values[from + phase]! - level);
  }
  for (let phase = 0; phase < season; phase += 1) profile[phase]! /= weights || 1;
  const last = levels.at(-1) ?? 0;
  return {
    levels,
    profile,
    residual: Float64Array.from({ length: season }, (_, phase) => {
      const at = origin - season + phase;
      return at < 0 ? 0 : values[at]! - last - profile[phase]!;
    }),
  };
}

export interface Fading {
  /** How many of the last values say how far the series stands from its profile, as a share of the shortest season. */
  recent: number;
  /** Time constant by which that departure dies away, in shortest seasons. */
  fading: number;
}

/** How a departure from the profile goes on where nothing else is known. */
export const usualFading: Fading = { recent: 0.25, fading: 1.4 };

/** The profile goes on at the last level, the departure of the last values from it fading away. */
// oxlint-disable-next-line max-params -- of what, by which season, how, how far
export function profileAhead(
  { levels, profile, residual }: ProfileFrame,
  shortest: number,
  { recent, fading }: Fading,
  horizon: number,
): Float64Array {
  const departure = lastMean(residual, Math.max(1, Math.round(recent * shortest)));
  const decay = Math.exp(-1 / (fading * shortest));
  return Float64Array.from(
    { length: horizon },
    (_, h) => levels.at(-1)! + profile[h % profile.length]! + departure * decay ** (h + 1),
  );
}

/** Mean of the last `count` values; 0 of none. */
export function lastMean(values: Float64Array, count: number): number {
  const some = Math.min(count, values.length);
  let total = 0;
  for (let t = values.length - some; t < values.length; t += 1) total += values[t]!;
  return some === 0 ? 0 : total / some;
}
