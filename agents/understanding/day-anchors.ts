import { casual, GB } from 'chrono-node/en';
import { DateTime } from 'luxon';
import { bounded, type Now, type TimeSpan } from './time-span.ts';

/** A day that was named: its midnight in the asker's zone, and the span it means when nothing narrower goes with it. */
export interface DayAnchor {
  day: Now;
  start: number;
  end: number;
  /** True when the phrase names one day, so that a clock time can belong to it. */
  single: boolean;
  span: TimeSpan;
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** Chrono-node costs the most here, so it is asked only where a month or a numeric date stands, and for the first 400 characters. */
const datelike = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d[/.]\d|\d(?:st|nd|rd|th)\b/u;
const weekdayPattern =
  /\b(?:(last|this|past) )?(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b(?! ?(?:shop))/gu;
const wordPattern =
  /\b(the day before yesterday|day before yesterday|yesterday|yday|today|(?:last|this|over the|the) weekend|weekend|(?:this|last|previous) (?:week|month|year)|the (?:week|month) before)\b/gu;

/** Reads named days, weeks, months and dates ("yesterday", "last friday", "this week", "12 March", "in june"), each the latest one not after now. */
export function dayAnchors(text: string, now: Now): DayAnchor[] {
  const anchors: DayAnchor[] = [];
  const add = (
    at: { index: number; length: number },
    first: Now,
    last: Now,
    unit: 'day' | 'week' | 'month' | undefined,
  ): void => {
    const start = at.index;
    const end = start + at.length;
    if (anchors.length >= 12 || anchors.some((other) => other.start < end && start < other.end)) return;
    const raw = { from: first.toMillis(), to: last.toMillis(), start, end };
    const span = bounded(text, unit === undefined ? raw : { ...raw, unit }, now);
    anchors.push({ day: first, start, end, single: unit === 'day', span });
  };
  const today = now.startOf('day');
  for (const match of text.matchAll(wordPattern)) {
    const [first, last, unit] = namedDays(match[0], today);
    add({ index: match.index, length: match[0].length }, first, last, unit);
  }
  for (const match of text.matchAll(/\b\d{4}-\d{2}-\d{2}(?=\b|t)/gu)) {
    const day = DateTime.fromISO(match[0], { zone: now.zone });
    if (day.isValid) add({ index: match.index, length: match[0].length }, day, day.plus({ days: 1 }), 'day');
  }
  for (const match of text.matchAll(weekdayPattern)) {
    const number = weekdays.findIndex((name) => name.startsWith((match[2] ?? '').slice(0, 3))) + 1;
    const shorthand = (match[2] ?? '').length < 6 && !(match[2] ?? '').endsWith('day');
    if (
      shorthand &&
      !/\b(?:on|since|last|this|past|until|before|from|vs|to) ?$/u.test(
        text.slice(Math.max(0, match.index - 24), match.index),
      ) &&
      match[1] === undefined
    )
      continue;
    let ago = (now.weekday - number + 7) % 7;
    if (ago === 0 && match[1] === 'last') ago = 7;
    const day = today.minus({ days: ago });
    add({ index: match.index, length: match[0].length }, day, day.plus({ days: 1 }), 'day');
  }
  for (const found of chronoDates(text, now)) add(found, found.first, found.last, found.unit);
  return anchors;
}

function namedDays(phrase: string, today: Now): [Now, Now, 'day' | 'week' | 'month' | undefined] {
  if (phrase.includes('before yesterday')) return [today.minus({ days: 2 }), today.minus({ days: 1 }), 'day'];
  if (phrase === 'yesterday' || phrase === 'yday') return [today.minus({ days: 1 }), today, 'day'];
  if (phrase === 'today') return [today, today.plus({ days: 1 }), 'day'];
  if (phrase.includes('weekend')) {
    const saturday = today.startOf('week').plus({ days: 5 });
    const first =
      saturday > today || (phrase.startsWith('last') && today.weekday > 5) ? saturday.minus({ weeks: 1 }) : saturday;
    return [first, first.plus({ days: 2 }), undefined];
  }
  const unit = phrase.includes('week') ? 'week' : phrase.includes('month') ? 'month' : 'year';
  const step = { [unit]: 1 };
  const first = phrase.startsWith('this') ? today.startOf(unit) : today.startOf(unit).minus(step);
  return [first, first.plus(step), unit === 'year' ? undefined : unit];
}

/** Dates that chrono-node knows (day and month certain, or a month alone), read in the asker's zone and never in the future. */
function chronoDates(
  text: string,
  now: Now,
): { index: number; length: number; first: Now; last: Now; unit: 'day' | undefined }[] {
  if (!datelike.test(text)) return [];
  // Only America writes the month first in 10/03.
  const reader = now.zoneName.startsWith('America/') ? casual : GB;
  const results = reader.parse(text.slice(0, 400), { instant: now.toJSDate(), timezone: now.offset });
  return results.flatMap(({ index, text: said, start }) => {
    if (!start.isCertain('month')) return [];
    const dayKnown = start.isCertain('day');
    if (!dayKnown && !/^(?:in |of |since |during |last )?[a-z]{3,9}(?: \d{4})?$/u.test(said)) return [];
    if (
      !dayKnown &&
      (said === 'may' || said === 'mar' || said === 'march') &&
      !/\b(?:in|since|last|of|during) $/u.test(text.slice(Math.max(0, index - 24), index))
    )
      return [];
    const parts = {
      year: start.get('year') ?? now.year,
      month: start.get('month') ?? 1,
      day: dayKnown ? (start.get('day') ?? 1) : 1,
    };
    let first = DateTime.fromObject(parts, { zone: now.zone });
    if (!first.isValid || /\b(?:ago|last|past|next)\b/u.test(said)) return [];
    if (first > now && !start.isCertain('year')) first = first.minus({ years: 1 });
    if (!first.isValid) return [];
    const length = dateLength(said);
    return [
      {
        index,
        length,
        first,
        last: first.plus(dayKnown ? { days: 1 } : { months: 1 }),
        unit: dayKnown ? ('day' as const) : undefined,
      },
    ];
  });
}

/** The part of a chrono match that is the date, so that a clock time in the same match is read with its own range and zone. */
function dateLength(said: string): number {
  const clock = /(?:[ ,]+(?:at |around |between |from )?|(?<=\d)t)\d{1,2}(?::\d{2}|\s?[ap]m)/u.exec(said);
  return clock === null ? said.length : clock.index;
}
