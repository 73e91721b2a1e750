import type { PointMethod } from '../point-method.ts';
import { lastMean, profileBefore } from './profile-frame.ts';

export interface ProfileOptions {
  /** Weight of a period against the next newer one. */
  memory?: number;
  /** How many of the last values say how far the series stands from its profile, as a share of the shortest season. */
  recent?: number;
  /** Time constant by which that departure dies away, in shortest seasons. */
  fading?: number;
}

/**
 * The mean period of the longest season (a week's shape from several weeks), at the level of the last one, and the departure of the last values
 * fading away: level, season and a first-order autoregressive error (the adjustment of Taylor, Journal of the Operational Research Society 54,
 * 2003), fitted by averaging instead of by one-step errors. Cost: the length.
 */
export function createSeasonalProfile(options: ProfileOptions = {}): PointMethod {
  const { memory = 0.5, recent = 0.25, fading = 1.4 } = options;
  return {
    method: 'seasonal-profile',
    needs: (seasons) => 2 * (seasons.at(-1) ?? 1),
    ahead({ values, seasons }, horizon) {
      const season = seasons.at(-1) ?? 1;
      const shortest = seasons[0] ?? 1;
      const { levels, profile, residual } = profileBefore(values, values.length, season, memory);
      const departure = lastMean(residual, Math.max(1, Math.round(recent * shortest)));
      const decay = Math.exp(-1 / (fading * shortest));
      return Float64Array.from(
        { length: horizon },
        (_, h) => levels.at(-1)! + profile[h % season]! + departure * decay ** (h + 1),
      );
    },
  };
}
