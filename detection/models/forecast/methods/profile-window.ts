import { lastMean, profileAhead, profileBefore, usualFading } from './profile-frame.ts';
import type { ProfileFrame } from './profile-frame.ts';

/** What is known of a series at an origin, worked out once for all steps ahead. */
export interface Outlook {
  /** The forecast of the seasonal profile, step by step: what a model of these columns corrects. */
  base: Float64Array;
  /** Mean absolute departure of the last period from the profile of the periods before it: the unit of columns and corrections. */
  scale: number;
  /** Fills `row` for the value `step` ahead (1 is the next). */
  fill(step: number, row: Float32Array): void;
}

export interface ProfileWindow {
  columns: number;
  /** Values that must lie before an origin. */
  needs: number;
  at(values: Float64Array, origin: number): Outlook;
}

/**
 * The past of a series around its seasonal profile, as columns for one step ahead: the profile by short and long memory and what of it is
 * the shortest season's, what was left over at the same phase of the last periods, where the series stands now, and how noisy and how
 * self-similar its departures are. In units of `scale`; NaN where the past is too short. Cost of `at`: the values read twice.
 */
export function createProfileWindow(seasons: readonly number[], horizon: number): ProfileWindow {
  const longest = seasons.at(-1) ?? 1;
  const shortest = seasons[0] ?? 1;
  return {
    columns: 38,
    needs: 2 * longest,
    at(values, origin) {
      const near = profileBefore(values, origin, longest, 0.5);
      const far = profileBefore(values, origin, longest, 0.9);
      const before = profileBefore(values, origin - longest, longest, 0.5);
      const level = near.levels.at(-1)!;
      const unseen = Float64Array.from(
        { length: longest },
        (_, phase) => values[origin - longest + phase]! - level - before.profile[phase]!,
      );
      const spread = meanSize(near.profile);
      const scale = Math.max(meanSize(unseen), 1e-3 * spread, 1e-9 * Math.abs(level), 1e-12);
      const nearShort = foldProfile(near.profile, shortest);
      const farShort = foldProfile(far.profile, shortest);
      const standing = standingOf(values, {
        origin,
        shortest,
        near,
        unseen,
        scale,
        spread,
        shortSpread: meanSize(nearShort),
      });
      const left = (at: number): number => {
        const back = at - origin;
        return back < 0 && back >= -longest ? near.residual[longest + back]! : Number.NaN;
      };
      return {
        base: profileAhead(near, shortest, usualFading, horizon),
        scale,
        fill(step, row) {
          const phase = (step - 1) % longest;
          const target = origin + step - 1;
          const shape = near.profile[phase]!;
          const day = nearShort[phase % shortest]!;
          const farOff = far.profile[phase]!;
          const farOffShort = farShort[phase % shortest]!;
          const shortBack = target - shortest * Math.ceil(step / shortest);
          const longBack = target - longest * Math.ceil(step / longest);
          const known = (at: number): number => (at < 0 ? Number.NaN : values[at]! - level - shape);
          const columns = [
            shape - day,
            farOff - shape,
            day,
            farOffShort - day,
            left(shortBack),
            left(shortBack - 1),
            left(Math.min(shortBack + 1, origin - 1)),
            unseen[phase]!,
            Math.abs(unseen[phase]!),
            around(unseen, phase),
            known(shortBack),
            known(shortBack - shortest),
            known(longBack),
            known(longBack - longest),
          ];
          for (let c = 0; c < columns.length; c += 1) row[c] = columns[c]! / scale;
          row[columns.length] = step;
          row.set(standing, columns.length + 1);
        },
      };
    },
  };
}

interface Standing {
  origin: number;
  shortest: number;
  near: ProfileFrame;
  unseen: Float64Array;
  scale: number;
  spread: number;
  shortSpread: number;
}

/** The columns that are the same for every step. */
function standingOf(values: Float64Array, of: Standing): number[] {
  const { origin, shortest, near, unseen, scale, spread, shortSpread } = of;
  const { residual, levels } = near;
  const quarter = Math.max(1, shortest >> 2);
  const level = levels.at(-1)!;
  const mean = (from: number, to: number): number =>
    lastMean(values.subarray(Math.max(0, from), Math.max(0, to)), to - from);
  const inUnits = [
    residual.at(-1)!,
    residual.at(-2) ?? 0,
    residual.at(-3) ?? 0,
    lastMean(residual, quarter),
    lastMean(residual, 2 * quarter),
    lastMean(residual, shortest),
    lastMean(residual, 2 * shortest),
    2 * (lastMean(residual, shortest) - lastMean(residual, 2 * shortest)),
    lastMean(unseen, shortest),
    level - (levels.at(-2) ?? level),
    levels.length > 2 ? levels.at(-2)! - levels.at(-3)! : Number.NaN,
    spread,
    shortSpread,
    mean(origin - shortest, origin) - mean(origin - 2 * shortest, origin - shortest),
  ];
  return [
    ...inUnits.map((value) => value / scale),
    Math.log(scale),
    Math.log(scale / Math.max(spread, 1e-12)),
    ...[1, quarter, shortest, 2 * shortest].map((lag) => selfSimilarity(unseen, lag)),
    level,
    shortSpread / Math.max(spread, 1e-12),
    residual.length > shortest ? meanSize(residual.subarray(residual.length - shortest)) / scale : Number.NaN,
  ];
}

function meanSize(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += Math.abs(value);
  return total / Math.max(1, values.length);
}

/** The mean of a profile over its shortest periods; a season that does not divide it leaves the rest out. */
function foldProfile(profile: Float64Array, shortest: number): Float64Array {
  const periods = Math.max(1, Math.floor(profile.length / shortest));
  return Float64Array.from({ length: shortest }, (_, phase) => {
    let total = 0;
    for (let k = 0; k < periods; k += 1) total += profile[k * shortest + phase]! / periods;
    return total;
  });
}

function around(values: Float64Array, at: number): number {
  const from = Math.max(0, at - 1);
  return meanSize(values.subarray(from, Math.min(values.length, at + 2)));
}

function selfSimilarity(values: Float64Array, lag: number): number {
  let product = 0;
  let power = 0;
  for (let t = 0; t < values.length; t += 1) {
    power += values[t]! ** 2;
    if (t >= lag) product += values[t]! * values[t - lag]!;
  }
  return power === 0 ? 0 : product / power;
}
