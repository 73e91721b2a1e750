import { DateTime } from 'luxon';
import type { DayAnchor } from './day-anchors.ts';
import { boundBefore, type Now, type TimeSpan } from './time-span.ts';

const zones: Record<string, string> = {
  z: 'utc', utc: 'utc', gmt: 'utc', cet: 'Europe/Berlin', cest: 'Europe/Berlin', bst: 'Europe/London',
  est: 'America/New_York', edt: 'America/New_York', et: 'America/New_York', cst: 'America/Chicago', cdt: 'America/Chicago',
  mst: 'America/Denver', mdt: 'America/Denver', pst: 'America/Los_Angeles', pdt: 'America/Los_Angeles', pt: 'America/Los_Angeles',
  ist: 'Asia/Kolkata', jst: 'Asia/Tokyo', sgt: 'Asia/Singapore', aest: 'Australia/Sydney', aedt: 'Australia/Sydney',
}; // prettier-ignore

const clockPattern =
  /(?<![\w.:/]|[^\d\s]-|\d,)(?:(?<=t)|)(\d{1,2})(?:(?:[:h.](\d{2}))(?::(\d{2})(?:\.\d+)?)?)?\s?(a\.?m\.?|p\.?m\.?|am|pm)?(?:\s?(z|utc|gmt|cet|cest|bst|est|edt|et|cst|cdt|mst|mdt|pst|pdt|pt|ist|jst|sgt|aest|aedt)\b)?(?:\s?(?:utc|gmt)([+-]\d{1,2}(?::?\d{2})?)(?![\w-])|(\+\d{2}:\d{2}|(?<=:\d{2}:\d{2}(?:\.\d+)?)-\d{2}:\d{2})(?![\w:-]))?(?![\w%:/]|\.\d| ?(?:%|percent|days?|hours?|hrs?|mins?|minutes?|sec|weeks?|months?|gb|mb|ms|users|requests))/gu;
const wordClock = /\b(midnight|noon|midday)\b/gu;
const joins = /^\s*(?:,)?\s*(?:to|and|till|til|until|through|thru|-|–|—|\.\.)\s*(?:about |around )?$/u;

const maxClocks = 12;

interface Clock {
  hour: number;
  minute: number;
  second: number;
  meridiem?: 'am' | 'pm';
  zone?: string;
  /** False for a lone number such as the 2 of "between 2 and 3pm": only a range partner makes it a time. */
  sure: boolean;
  start: number;
  end: number;
}

/** Reads times of day: "at 14:00", "since 2pm", "between 14:00 and 14:20 UTC", "2-3pm yesterday". A point means a quarter of an hour to either side. */
export function clockSpans(text: string, now: Now, anchors: readonly DayAnchor[]): TimeSpan[] {
  const readable = text.replaceAll(/(?<=\d{4}-\d{2}-\d{2})t(?=\d)/gu, ' ');
  const clocks = readClocks(readable).filter(
    (clock) => !anchors.some((day) => day.start <= clock.start && clock.end <= day.end),
  );
  const spans: TimeSpan[] = [];
  for (let index = 0; index < clocks.length; index += 1) {
    const first = clocks[index];
    const second = clocks[index + 1];
    if (first === undefined) continue;
    const anchor = anchorOf(first, anchors);
    if (second !== undefined && isRange(readable, first, second, anchors)) {
      spans.push(rangeSpan(text, [first, second], now, [anchor, anchorOf(second, anchors) ?? anchor]));
      index += 1;
    } else if (
      first.sure ||
      /\b(?:since|at|after|before|around) $/u.test(text.slice(Math.max(0, first.start - 40), first.start))
    ) {
      spans.push(pointSpan(text, first, now, anchor));
    }
  }
  return spans;
}

function readClocks(readable: string): Clock[] {
  const clocks: Clock[] = [];
  for (const match of readable.matchAll(clockPattern)) {
    const clock = clockOf(match);
    if (clock !== undefined) clocks.push(clock);
    if (clocks.length === maxClocks) break;
  }
  for (const match of readable.matchAll(wordClock)) {
    if (clocks.length >= 2 * maxClocks) break;
    clocks.push({
      hour: match[0] === 'midnight' ? 0 : 12,
      minute: 0,
      second: 0,
      sure: true,
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return clocks.sort((a, b) => a.start - b.start);
}

function clockOf(match: RegExpExecArray): Clock | undefined {
  const [said, hours, minutes, seconds, halfDay, zoneName, ...offsets] = match;
  const meridiem = halfDay === undefined ? undefined : halfDay.startsWith('a') ? 'am' : 'pm';
  const offset = offsets.find((one) => one !== undefined);
  const zone = offset === undefined ? zones[zoneName ?? ''] : `UTC${offset}`;
  const hour = Number(hours);
  const minute = Number(minutes ?? 0);
  if (hour > (meridiem === undefined ? 24 : 12) || minute > 59) return undefined;
  const dotted = said.includes('.') && meridiem === undefined;
  return {
    hour,
    minute,
    second: Number(seconds ?? 0),
    ...(meridiem === undefined ? {} : { meridiem }),
    ...(zone === undefined ? {} : { zone }),
    sure: (minutes !== undefined && !dotted) || meridiem !== undefined || zone !== undefined,
    start: match.index,
    end: match.index + said.trimEnd().length,
  };
}

function isRange(text: string, first: Clock, second: Clock, anchors: readonly DayAnchor[]): boolean {
  const between = withoutAnchors(text, anchors).slice(first.end, second.start);
  if (!joins.test(between)) return false;
  if (first.sure && second.sure)
    return (
      !/^\s*and\s*$/u.test(between) ||
      /\b(?:between|from) [^.?!]{0,24}$/u.test(text.slice(Math.max(0, first.start - 40), first.start))
    );
  return (
    (first.sure ||
      second.sure ||
      /\b(?:between|from) $/u.test(text.slice(Math.max(0, first.start - 40), first.start))) &&
    !(
      /and/u.test(between) &&
      !/\b(?:between|from) [^.?!]{0,24}$/u.test(text.slice(Math.max(0, first.start - 40), first.start))
    )
  );
}

function rangeSpan(
  text: string,
  [first, second]: [Clock, Clock],
  now: Now,
  [anchor, secondDay]: [DayAnchor | undefined, DayAnchor | undefined],
): TimeSpan {
  const zone = first.zone ?? second.zone;
  const meridiem =
    first.meridiem ??
    (first.hour <= 12 && second.meridiem !== undefined && first.hour <= second.hour % 12 ? second.meridiem : undefined);
  let from = onDay(
    { ...first, ...(zone === undefined ? {} : { zone }), ...(meridiem === undefined ? {} : { meridiem }) },
    now,
    anchor,
  );
  let to = onDay({ ...second, ...(zone === undefined || second.zone !== undefined ? {} : { zone }) }, now, secondDay);
  if (to <= from) to = to.plus({ days: 1 });
  if (anchor === undefined && from >= now) {
    from = from.minus({ days: 1 });
    to = to.minus({ days: 1 });
  } else if (anchor === undefined && to.minus({ days: 1 }) > from) to = to.minus({ days: 1 });
  const head = /(?:\b(?:between|from|during|in|at) )$/u.exec(text.slice(Math.max(0, first.start - 40), first.start));
  const start = first.start - (head?.[0].length ?? 0);
  return { from: from.toMillis(), to: to.toMillis(), start, end: second.end, ...usedDay(anchor, secondDay) };
}

function pointSpan(text: string, clock: Clock, now: Now, anchor: DayAnchor | undefined): TimeSpan {
  let at = onDay(clock, now, anchor);
  if (anchor === undefined && at > now) at = at.minus({ days: 1 });
  const later = at.plus({ hours: 12 });
  if (anchor === undefined && !clock.sure && clock.hour <= 12 && later <= now) at = later;
  const own = boundBefore(text, clock.start);
  const dayBefore = anchor !== undefined && clock.start - anchor.end >= 0 && clock.start - anchor.end <= 4;
  const bound = own.bound === 'none' && dayBefore ? boundBefore(text, anchor.start).bound : own.bound;
  const begun = /\b(?:since|starting|started|began)\b[^.?!]{0,16}$/u.test(
    text.slice(Math.max(0, own.start - 40), own.start),
  );
  const said = { start: own.start, end: clock.end, ...usedDay(anchor) };
  if (bound === 'since' || begun) return { from: at.toMillis(), to: now.toMillis(), ...said };
  if (bound === 'before') return { from: at.minus({ hours: 1 }).toMillis(), to: at.toMillis(), ...said };
  return { from: at.minus({ minutes: 15 }).toMillis(), to: at.plus({ minutes: 15 }).toMillis(), ...said };
}

function usedDay(...days: (DayAnchor | undefined)[]): { dayAt: number[] } {
  return { dayAt: days.flatMap((day) => day?.start ?? []) };
}

/** The instant of a clock time on the named day, or on the asker's today. */
function onDay(clock: Clock, now: Now, anchor: DayAnchor | undefined): Now {
  const hour = (clock.hour % (clock.meridiem === undefined ? 24 : 12)) + (clock.meridiem === 'pm' ? 12 : 0);
  const local = clock.zone === undefined ? now : now.setZone(clock.zone);
  const base = local.isValid ? local : now;
  const day =
    anchor === undefined
      ? base
      : DateTime.fromObject(
          { year: anchor.day.year, month: anchor.day.month, day: anchor.day.day },
          { zone: base.zone },
        );
  const at = day.set({ hour, minute: clock.minute, second: clock.second, millisecond: 0 });
  return at.isValid ? at : now;
}

/** The named day that stands nearest to a clock time, at most two dozen letters away. */
function anchorOf(clock: Clock, anchors: readonly DayAnchor[]): DayAnchor | undefined {
  const gap = (day: DayAnchor): number =>
    day.end <= clock.start ? clock.start - day.end : day.start - clock.end + 0.5;
  return anchors.filter((day) => day.single && gap(day) < 24).sort((a, b) => gap(a) - gap(b))[0];
}

function withoutAnchors(text: string, anchors: readonly DayAnchor[]): string {
  let blank = text;
  for (const { start, end } of anchors) blank = `${blank.slice(0, start)}${' '.repeat(end - start)}${blank.slice(end)}`;
  return blank;
}
