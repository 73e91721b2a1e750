import type { Forecast } from '../contracts.ts';

/** When a threshold is reached, in milliseconds from the last value. */
export interface Breach {
  /** `now` when the last value is already at the threshold or beyond. */
  state: 'now' | 'expected' | 'possible' | 'unlikely';
  /** When the forecast itself, and when the bound nearer to and the one farther from the threshold, get there; absent beyond the horizon. */
  likelyMs?: number;
  earliestMs?: number;
  latestMs?: number;
}

/**
 * Time until a forecast reaches a threshold, upwards when the last value lies below it, else downwards; between two steps on the line between
 * them. The interval has the forecast's coverage at each step.
 */
export function timeToBreach(
  forecast: Pick<Forecast, 'mean' | 'low' | 'high'>,
  of: { last: number; threshold: number; stepMs: number; direction?: 'up' | 'down' },
): Breach {
  const up = of.direction === undefined ? of.last < of.threshold : of.direction === 'up';
  const beyond = (value: number): boolean => (up ? value >= of.threshold : value <= of.threshold);
  if (beyond(of.last)) return { state: 'now', likelyMs: 0, earliestMs: 0, latestMs: 0 };
  const reached = (values: Float64Array): number | undefined => {
    const at = values.findIndex(beyond);
    if (at < 0) return undefined;
    const before = at === 0 ? of.last : values[at - 1]!;
    const share = values[at] === before ? 1 : (of.threshold - before) / (values[at]! - before);
    return Math.round((at + Math.min(1, Math.max(0, share))) * of.stepMs);
  };
  const likelyMs = reached(forecast.mean);
  const earliestMs = reached(up ? forecast.high : forecast.low);
  const latestMs = reached(up ? forecast.low : forecast.high);
  return {
    state: likelyMs === undefined ? (earliestMs === undefined ? 'unlikely' : 'possible') : 'expected',
    ...(likelyMs === undefined ? {} : { likelyMs }),
    ...(earliestMs === undefined ? {} : { earliestMs }),
    ...(latestMs === undefined ? {} : { latestMs }),
  };
}

/** "in 3 h 10 min, between 2 h 40 min and 4 h"; without a latest time "in 3 h, not before 2 h". */
export function breachWords({ state, likelyMs, earliestMs, latestMs }: Breach): string {
  if (state === 'now') return 'now';
  if (state === 'unlikely') return 'not in that time';
  if (likelyMs === undefined) return `perhaps, not before ${spanWords(earliestMs ?? 0)} from now`;
  const range =
    earliestMs === undefined
      ? ''
      : latestMs === undefined
        ? `, not before ${spanWords(earliestMs)}`
        : spanWords(earliestMs) === spanWords(latestMs)
          ? ''
          : `, between ${spanWords(earliestMs)} and ${spanWords(latestMs)}`;
  return `in ${spanWords(likelyMs)}${range}`;
}

/** A span in its two largest units: "40 s", "3 h 10 min", "12 d". */
export function spanWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const days = Math.floor(minutes / 1440);
  if (days >= 7) return `${Math.round(minutes / 1440)} d`;
  const hours = Math.floor((minutes % 1440) / 60);
  const parts =
    days > 0
      ? [`${days} d`, hours > 0 ? `${hours} h` : '']
      : [`${hours} h`, minutes % 60 > 0 ? `${minutes % 60} min` : ''];
  return parts.filter((part) => part !== '').join(' ');
}
