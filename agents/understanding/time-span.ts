import type { DateTime } from 'luxon';

/** The asker's now, in the asker's zone. */
export type Now = DateTime<true>;

/**
 * A stretch of time that was said: milliseconds since the epoch, half-open, and where in the text. `unit` is the calendar step when a
 * whole day, week or month was named: a comparison with it shifts by that step instead of reading it whole.
 */
export interface TimeSpan {
  from: number;
  to: number;
  start: number;
  end: number;
  unit?: 'day' | 'week' | 'month' | 'hour';
  /** Offsets of the day anchors that this span is placed on, so that the days are not counted again. */
  dayAt?: number[];
}

/** The words that say how a moment bounds a window, right before it: `since` opens, `before` closes, otherwise it is a point or a part. */
export function boundBefore(text: string, start: number): { bound: 'since' | 'before' | 'none'; start: number } {
  const head = text.slice(Math.max(0, start - 40), start);
  const since =
    /(?:\b(?:ever since|since|starting(?: at| from)?|started(?: at| around| about)?|began(?: at| around)?|beginning(?: at)?|as of|after|from|post)(?: about| around)?(?: the)?) $/u.exec(
      head,
    );
  if (since !== null) return { bound: 'since', start: start - since[0].length };
  const before = /(?:\b(?:before|until|till|up to|up until|prior to)(?: the)?) $/u.exec(head);
  if (before !== null) return { bound: 'before', start: start - before[0].length };
  const filler =
    /(?:\b(?:at|on|around|about|near|circa|during|in|over|for|of|by|the|this|~|@)(?: about| around)?(?: the)?) $/u.exec(
      head,
    );
  return { bound: 'none', start: filler === null ? start : start - filler[0].length };
}

/** Bounds a moment or part by the words before it: since -> up to now; before -> the hour that ends there; otherwise as it is. */
export function bounded(text: string, span: TimeSpan, now: Now): TimeSpan {
  const { bound, start } = boundBefore(text, span.start);
  const { unit, ...plain } = span;
  if (bound === 'since') return { ...plain, start, to: now.toMillis() };
  if (bound === 'before') return { ...plain, start, from: span.from - 3_600_000, to: span.from };
  return unit === undefined ? { ...plain, start } : { ...plain, start, unit };
}
