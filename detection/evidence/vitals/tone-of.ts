import type { Vital } from './vital.ts';

/** Shares of a limit from which on a person looks up, and from which on it is as good as reached (the USE method; common alerting rules). */
const full = { notable: 0.8, bad: 0.95 };
/** Days before an end at which people renew, and at which it is late. */
const ending = { notable: 21 * 86_400, bad: 3 * 86_400 };
/** Seconds behind from which on a copy is said to lag. */
const behind = { notable: 30, bad: 300 };

/** Whether a reading is bad, worth a look, or plain. By its meaning alone: what has always been so is for others to know. */
export function toneOf(one: Omit<Vital, 'tone'>, good: 'up' | 'down' | undefined): Vital['tone'] {
  const { facet, share } = one;
  if (share !== undefined) return graded(share, full);
  return tones[facet]?.(one, good) ?? 'plain';
}

type Judge = (one: Omit<Vital, 'tone'>, good: 'up' | 'down' | undefined) => Vital['tone'];

const tones: Readonly<Record<string, Judge>> = {
  // A part that is off (an interface without a cable) may be meant to be.
  up: ({ value, labels, answers }) =>
    value >= 1 ? 'plain' : !answers || Object.keys(labels).length > 0 ? 'notable' : 'bad',
  alarm: ({ value }) => (value >= 1 ? 'bad' : 'plain'),
  fill: ({ value, unit }) => graded(unit === 'percent' ? value / 100 : value, full),
  spare: ({ value, unit }) => graded(1 - (unit === 'percent' ? value / 100 : value), full),
  lag: ({ value, unit }) => (unit === 'seconds' ? graded(value, behind) : 'plain'),
  // Moments ahead are ends; those behind are beginnings and last times.
  moment: ({ value }, good) => {
    if (value > 0) return value < ending.bad ? 'bad' : value < ending.notable ? 'notable' : 'plain';
    return value < 0 && good === 'up' ? 'bad' : 'plain';
  },
  errors: ({ value }) => (value > 0 ? 'notable' : 'plain'),
};

function graded(value: number, from: { notable: number; bad: number }): Vital['tone'] {
  return value >= from.bad ? 'bad' : value >= from.notable ? 'notable' : 'plain';
}
