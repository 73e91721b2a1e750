import type { TimePart } from './feature-set.ts';

/** Reads parts of the clock at a time in milliseconds. */
export interface ClockReader {
  read(at: number, part: TimePart): number;
}

const hourMs = 3_600_000;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/**
 * A reader of one time zone: weekday 0 is Monday, business hours are 9 to 17 o'clock from Monday to Friday. The offset is looked
 * up once an hour of data, as no zone changes it more often. Throws a RangeError for a time zone that is not known.
 */
export function createClockReader(timeZone: string): ClockReader {
  const format =
    timeZone === 'UTC'
      ? undefined
      : new Intl.DateTimeFormat('en-US', {
          timeZone,
          weekday: 'short',
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        });
  let cachedHour = NaN;
  let hourStart = 0;
  let weekday = 0;
  const look = (at: number): void => {
    // Quarters of an hour, because some zones lie 30 or 45 minutes apart.
    const slot = Math.floor(at / (hourMs / 4));
    if (slot === cachedHour) return;
    cachedHour = slot;
    const slotStart = slot * (hourMs / 4);
    if (format === undefined) {
      const hours = Math.floor(slotStart / hourMs);
      hourStart = (hours % 24) + (slotStart % hourMs) / hourMs;
      weekday = (Math.floor(hours / 24) + 3) % 7;
      return;
    }
    const parts = new Map(format.formatToParts(slotStart).map(({ type, value }) => [type, value]));
    hourStart = Number(parts.get('hour')) + Number(parts.get('minute')) / 60;
    weekday = weekdays.indexOf(parts.get('weekday') ?? 'Mon');
  };
  return {
    read(at, part) {
      look(at);
      const hour = Math.floor(hourStart);
      switch (part) {
        case 'hour':
          return hour;
        case 'hour-sine':
          return Math.sin((2 * Math.PI * hourStart) / 24);
        case 'hour-cosine':
          return Math.cos((2 * Math.PI * hourStart) / 24);
        case 'weekday':
          return weekday;
        case 'weekend':
          return weekday >= 5 ? 1 : 0;
        case 'business-hours':
          break;
      }
      return weekday < 5 && hour >= 9 && hour < 17 ? 1 : 0;
    },
  };
}
