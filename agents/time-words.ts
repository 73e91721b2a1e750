import { DateTime, IANAZone } from 'luxon';
import type { Window } from '../domain/time.ts';

/** How times are said to the asker: in their zone, the date only where it is not the day of asking. */
export interface TimeWords {
  at(instant: string): string;
  span(window: Window): string;
  /** "since 14:05:30 UTC (4 min 30 s)": the time, and how long that was before the question. */
  since(instant: string): string;
  /** "from 14:05:30 to 14:07:00 UTC, over for 4 min 30 s". */
  was(from: string, until: string): string;
}

/** Words for times in an IANA zone (UTC when the name is unknown); the zone's name is said with each time or span. */
export function createTimeWords(askedAt: string, timeZone: string): TimeWords {
  const zone = IANAZone.isValidZone(timeZone) ? timeZone : 'UTC';
  const today = DateTime.fromISO(askedAt, { zone }).toISODate();
  const clockOf = (instant: string, seconds: boolean): string => {
    const time = DateTime.fromISO(instant, { zone, locale: 'en-GB' });
    if (!time.isValid) return instant;
    const day = time.toISODate() === today ? '' : `${time.toFormat('d LLL yyyy')} `;
    return `${day}${time.toFormat(seconds ? 'HH:mm:ss' : 'HH:mm')}`;
  };
  return {
    since: (instant) =>
      `since ${clockOf(instant, true)} ${zone} (${durationWords(Date.parse(askedAt) - Date.parse(instant))})`,
    was: (from, until) =>
      `from ${clockOf(from, true)} to ${clockOf(until, true)} ${zone}, over for ${durationWords(Date.parse(askedAt) - Date.parse(until))}`,
    at: (instant) => `${clockOf(instant, true)} ${zone}`,
    span: ({ from, to }) => `${clockOf(from, true)} to ${clockOf(to, true)} ${zone}`,
  };
}

/** A span of milliseconds in two units at most: "45 s", "3 min 20 s", "2 h 5 min", "3 d". */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const units: [number, string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const index = Math.max(
    0,
    units.findIndex(([size]) => seconds >= size),
  );
  if (seconds === 0) return '0 s';
  const [size, name] = units[index]!;
  const whole = `${Math.floor(seconds / size)} ${name}`;
  const next = units[index + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds % size) / next[0]);
  return rest === 0 || next === undefined ? whole : `${whole} ${rest} ${next[1]}`;
}
