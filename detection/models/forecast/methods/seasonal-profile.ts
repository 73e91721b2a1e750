import type { PointMethod } from '../point-method.ts';
import { profileAhead, profileBefore, usualFading } from './profile-frame.ts';
import type { Fading } from './profile-frame.ts';

export interface ProfileOptions extends Partial<Fading> {
  /** Weight of a period against the next newer one. */
  memory?: number;
}

/**
 * The mean period of the longest season (a week's shape from several weeks), at the level of the last one, and the departure of the last values
 * fading away: level, season and a first-order autoregressive error (the adjustment of Taylor, Journal of the Operational Research Society 54,
 * 2003), fitted by averaging instead of by one-step errors. Cost: the length.
 */
export function createSeasonalProfile(options: ProfileOptions = {}): PointMethod {
  const { memory = 0.5, ...given } = options;
  return {
    method: 'seasonal-profile',
    needs: (seasons) => 2 * (seasons.at(-1) ?? 1),
    ahead({ values, seasons }, horizon) {
      const frame = profileBefore(values, values.length, seasons.at(-1) ?? 1, memory);
      return profileAhead(frame, seasons[0] ?? 1, { ...usualFading, ...given }, horizon);
    },
  };
}
