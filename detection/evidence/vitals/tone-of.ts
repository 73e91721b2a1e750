import type { Vital } from './vital.ts';

/** Shares of a limit from which on a person looks up, and from which on it is as good as reached (the USE method; common alerting rules). */
const full = { notable: 0.8, bad: 0.95 };
/** Days before an end at which people renew, and at which it is late. */
const ending = { notable: 21 * 86_400, bad: 3 * 86_400 };
/** Seconds behind from which on a copy is said to lag. */
const behind = { notable: 30, bad: 300 };

/** Whether a reading is bad, worth a look, or plain. By its meaning alone: what has always been so is for others to know. */
export function toneOf(one: Omit<Vital, 'tone'>, good: 'up' | 'down' | undefined): Vital['tone'] {
  const { facet, value, unit, share, labels } = one;
  if (share !== undefined) return graded(share, full);
  switch (facet) {
    case 'up':
      // A part that is off (an interface without a cable) may be meant to be.
      return value >= 1 ? 'plain' : Object.keys(labels).length > 0 ? 'notable' : 'bad';
    case 'alarm':
      return value >= 1 ? 'bad' : 'plain';
    case 'fill':
      return graded(unit === 'percent' ? value / 100 : value, full);
    case 'spare':
      return graded(1 - (unit === 'percent' ? value / 100 : value), full);
    case 'lag':
      return unit === 'seconds' ? graded(value, behind) : 'plain';
    case 'moment':
      // Moments ahead are ends; those behind are beginnings and last times.
      return value > 0 && value < ending.notable
        ? value < ending.bad
          ? 'bad'
          : 'notable'
        : value < 0 && good === 'up'
          ? 'bad'
          : 'plain';
    case 'errors':
      return value > 0 ? 'notable' : 'plain';
    default:
      return 'plain';
  }
}

function graded(value: number, from: { notable: number; bad: number }): Vital['tone'] {
  return value >= from.bad ? 'bad' : value >= from.notable ? 'notable' : 'plain';
}
