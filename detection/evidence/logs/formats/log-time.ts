import { isDigit } from '../characters.ts';

/** A time that a line states, and where the text after it begins. */
export interface ReadTime {
  /** Milliseconds since the epoch. */
  ms: number;
  end: number;
  /** What the text left out and was filled in from `near`: nothing, the year, or the whole date. */
  filled: 'nothing' | 'year' | 'date';
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = new Set(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
/** Hours from UTC of the abbreviations that log writers print; others are read as UTC. */
const zones: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  WET: 0,
  BST: 1,
  CET: 1,
  WEST: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  JST: 9,
  AEST: 10,
  AEDT: 11,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
};
const earliest = Date.UTC(1990, 0);
const latest = Date.UTC(2200, 0);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Moment {
  year?: number;
  month?: number;
  day?: number;
  end: number;
}

/**
 * Reads the time that begins at `from`: ISO 8601 and its looser forms (space, slashes, comma before the fraction, zone names), common log format,
 * syslog, `ctime`, dates with a month's name, `yymmdd`, a clock time alone, seconds and finer units since 1970. What is left out (year, date) is
 * taken from `near`, at most a day ahead of it; without `near` such times are not read. A time without a zone counts as UTC. Cost: its length.
 */
export function readTime(text: string, from: number, near?: number): ReadTime | undefined {
  const start = afterWeekday(text, from);
  const code = text.charCodeAt(start);
  if (!isDigit(code) && !isLetterCode(code)) return undefined;
  const date = dateAt(text, start);
  if (date !== undefined) {
    const clock = clockAt(text, afterSeparator(text, date.end));
    if (clock !== undefined) return finish(text, date, clock, near);
    return undefined;
  }
  const clock = clockAt(text, start);
  if (clock !== undefined) return near === undefined ? undefined : finish(text, { end: start }, clock, near);
  return start === from ? epochAt(text, from) : undefined;
}

/** A time given as text in any of the forms of `readTime`, or as a number of seconds, milliseconds, microseconds or nanoseconds, told apart by size. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return credible(scaled(value));
  if (typeof value !== 'string' || value === '' || value.length > 64) return undefined;
  const read = readTime(value, 0);
  if (read !== undefined && read.end >= value.length) return read.ms;
  return credible(/^\d+(?:\.\d+)?$/.test(value) ? scaled(Number(value)) : Date.parse(value));
}

function credible(ms: number): number | undefined {
  return ms >= earliest && ms < latest ? ms : undefined;
}

function scaled(value: number): number {
  if (value > 1e17) return value / 1e6;
  if (value > 1e14) return value / 1e3;
  return value > 1e11 ? value : value * 1e3;
}

function isLetterCode(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}

function afterWeekday(text: string, from: number): number {
  if (!weekdays.has(text.slice(from, from + 3).toLowerCase())) return from;
  let at = from + 3;
  while (text.charCodeAt(at) === 44 || text.charCodeAt(at) === 32) at += 1;
  return at > from + 3 ? at : from;
}

function numberAt(text: string, from: number, digits: number): number | undefined {
  for (let at = from; at < from + digits; at += 1) if (!isDigit(text.charCodeAt(at))) return undefined;
  return Number(text.slice(from, from + digits));
}

function digitsFrom(text: string, from: number, most: number): number {
  let at = from;
  while (at < from + most && isDigit(text.charCodeAt(at))) at += 1;
  return at - from;
}

function monthAt(text: string, from: number): number | undefined {
  const found = months.indexOf(text.slice(from, from + 3).toLowerCase());
  return found < 0 ? undefined : found;
}

function dateAt(text: string, from: number): Moment | undefined {
  if (isLetterCode(text.charCodeAt(from))) return namedDateAt(text, from);
  const run = digitsFrom(text, from, 9);
  const mark = text[from + run] ?? '';
  if (run === 4 && '-/.'.includes(mark) && text[from + 7] === mark) {
    const [year, month, day] = [numberAt(text, from, 4), numberAt(text, from + 5, 2), numberAt(text, from + 8, 2)];
    return moment(year, month === undefined ? undefined : month - 1, day, from + 10);
  }
  if ((run === 1 || run === 2) && '/- '.includes(mark)) {
    const month = monthAt(text, from + run + 1);
    const year = numberAt(text, from + run + 5, 4);
    return moment(year, month, Number(text.slice(from, from + run)), from + run + 9);
  }
  if ((run === 6 || run === 8) && (mark === ' ' || mark === 'T')) {
    const wide = run - 4;
    const year = Number(text.slice(from, from + wide)) + (run === 6 ? 2_000 : 0);
    return moment(
      year,
      Number(text.slice(from + wide, from + wide + 2)) - 1,
      Number(text.slice(from + wide + 2, from + run)),
      from + run,
    );
  }
  return undefined;
}

/** `Mar  1` or `Mar 01 2026`; the year may also follow the clock. */
function namedDateAt(text: string, from: number): Moment | undefined {
  const month = monthAt(text, from);
  if (month === undefined) return undefined;
  let at = from + 3;
  while (text[at] === ' ' && at < from + 6) at += 1;
  const run = digitsFrom(text, at, 2);
  if (run === 0 || at === from + 3) return undefined;
  const day = Number(text.slice(at, at + run));
  at += run;
  const year = text[at] === ' ' && text[at + 5] === ' ' ? numberAt(text, at + 1, 4) : undefined;
  if (day < 1 || day > 31) return undefined;
  return { ...(year === undefined ? {} : { year }), month, day, end: year === undefined ? at : at + 5 };
}

function moment(
  year: number | undefined,
  month: number | undefined,
  day: number | undefined,
  end: number,
): Moment | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (year < 1990 || year > 2199 || month < 0 || month > 11 || day < 1 || day > 31) return undefined;
  return { year, month, day, end };
}

function afterSeparator(text: string, from: number): number {
  let at = from;
  if (text[at] === ',') at += 1;
  if (text[at] === 'T' || text[at] === 't' || text[at] === ':' || text[at] === '_') return at + 1;
  while (text[at] === ' ' && at < from + 4) at += 1;
  return at;
}

/** Milliseconds of the day at a clock time with seconds. */
function clockAt(text: string, from: number): { ms: number; end: number } | undefined {
  const wide = digitsFrom(text, from, 3);
  if (wide === 0 || wide > 2 || text[from + wide] !== ':') return undefined;
  const hour = Number(text.slice(from, from + wide));
  const minute = numberAt(text, from + wide + 1, 2);
  if (minute === undefined || text[from + wide + 3] !== ':') return undefined;
  const second = numberAt(text, from + wide + 4, 2);
  if (second === undefined || hour > 23 || minute > 59 || second > 60) return undefined;
  let end = from + wide + 6;
  let fraction = 0;
  const mark = text[end];
  if ((mark === '.' || mark === ',' || mark === ':') && isDigit(text.charCodeAt(end + 1))) {
    const digits = digitsFrom(text, end + 1, 9);
    fraction = Number(`0.${text.slice(end + 1, end + 1 + digits)}`) * 1_000;
    end += 1 + digits;
  }
  return { ms: hour * hourMs + minute * 60_000 + second * 1_000 + fraction, end };
}

/** Minutes to subtract for the zone that follows a clock, and where it ends. */
function zoneAt(text: string, from: number): { minutes: number; end: number } {
  const none = { minutes: 0, end: from };
  if (text[from] === 'Z') return { minutes: 0, end: from + 1 };
  let at = from;
  if (text[at] === ' ') at += 1;
  const sign = text[at];
  if (sign === '+' || sign === '-') {
    const hours = numberAt(text, at + 1, 2);
    if (hours === undefined) return none;
    const colon = text[at + 3] === ':' ? 1 : 0;
    const minutes = numberAt(text, at + 3 + colon, 2);
    const end = minutes === undefined ? at + 3 : at + 5 + colon;
    if (isDigit(text.charCodeAt(end)) || (minutes === undefined && at > from)) return none;
    return { minutes: (sign === '-' ? -1 : 1) * (hours * 60 + (minutes ?? 0)), end };
  }
  let end = at;
  while (end < at + 5 && text.charCodeAt(end) >= 65 && text.charCodeAt(end) <= 90) end += 1;
  const hours = zones[text.slice(at, end)];
  return hours === undefined || isLetterCode(text.charCodeAt(end)) ? none : { minutes: hours * 60, end };
}

function finish(
  text: string,
  date: Moment,
  clock: { ms: number; end: number },
  near: number | undefined,
): ReadTime | undefined {
  const zone = zoneAt(text, clock.end);
  let { year } = date;
  let { end } = zone;
  // `ctime`: the year after the clock.
  if (year === undefined && date.month !== undefined && text[end] === ' ') {
    const after = numberAt(text, end + 1, 4);
    if (after !== undefined && after >= 1990 && after < 2200 && !isDigit(text.charCodeAt(end + 5)))
      [year, end] = [after, end + 5];
  }
  const within = clock.ms - zone.minutes * 60_000;
  if (date.month !== undefined && date.day !== undefined) {
    if (year !== undefined) {
      const ms = credible(Date.UTC(year, date.month, date.day) + within);
      return ms === undefined ? undefined : { ms, end, filled: 'nothing' };
    }
    if (near === undefined) return undefined;
    const guess = new Date(near).getUTCFullYear();
    const ms = Date.UTC(guess, date.month, date.day) + within;
    return { ms: ms > near + dayMs ? Date.UTC(guess - 1, date.month, date.day) + within : ms, end, filled: 'year' };
  }
  if (near === undefined) return undefined;
  const midnight = Math.floor(near / dayMs) * dayMs;
  const ms = midnight + within;
  // The date that puts it nearest.
  const moved = ms - near > dayMs / 2 ? ms - dayMs : near - ms > dayMs / 2 ? ms + dayMs : ms;
  return { ms: moved, end, filled: 'date' };
}

/** Seconds or finer units since 1970, as a word of its own. */
function epochAt(text: string, from: number): ReadTime | undefined {
  const run = digitsFrom(text, from, 20);
  if (run !== 10 && run !== 13 && run !== 16 && run !== 19) return undefined;
  let end = from + run;
  if (run === 10 && text[end] === '.' && isDigit(text.charCodeAt(end + 1))) end += 1 + digitsFrom(text, end + 1, 9);
  const next = text.charCodeAt(end);
  if (isLetterCode(next) || next === 45 || next === 58 || next === 46) return undefined;
  const ms = credible(scaled(Number(text.slice(from, end))));
  return ms === undefined ? undefined : { ms, end, filled: 'nothing' };
}
