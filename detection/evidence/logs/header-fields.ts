import { isDigit, isLetter } from './characters.ts';
import { hashOf, hashSeed, hashStep, monthHashes, weekdayHashes } from './token-classes.ts';

/** What a field at the start of a line can be: a time, a level, a number, brackets, a separator, a name before a colon, anything else. */
export const fieldKind = { other: 0, time: 1, level: 2, number: 3, brackets: 4, separator: 5, name: 6 } as const;

const levels = new Set(
  'trace debug info information notice warn warning error err fatal critical crit alert emerg emergency panic severe fine finer finest config verbose log statement detail hint d i w e v f t'
    .split(' ')
    .map(hashOf),
);

/** One field of a line's start, and where the next one begins. Reused; valid until the next read. */
export interface HeaderField {
  start: number;
  end: number;
  next: number;
  /** Whether fields are divided by `|` too. */
  barred: boolean;
  inBrackets: boolean;
}

/** No field of a header is longer; what is longer ends here. */
const longest = 500;

/** A field to read into, before any. */
export function noField(barred: boolean): HeaderField {
  return { start: 0, end: 0, next: 0, barred, inBrackets: false };
}

/**
 * Reads the field at `field.next`: brackets with all that they hold (at most 200 characters), or up to the next space or bar. Returns false
 * at the end of the text. Cost: its length.
 */
export function readField(text: string, field: HeaderField): boolean {
  const { length } = text;
  let start = field.next;
  while (start < length && text.charCodeAt(start) <= 32) start += 1;
  if (start >= length) return false;
  const closer = closerOf(text.charCodeAt(start));
  let end = closer === 0 ? start : closing(text, start, closer);
  field.inBrackets = end > start;
  const stop = Math.min(length, start + longest);
  for (; end < stop; end += 1) {
    const code = text.charCodeAt(end);
    if (code <= 32 || (field.barred && code === 124)) break;
  }
  field.start = start;
  field.end = end;
  field.next = field.barred && text.charCodeAt(end) === 124 ? end + 1 : end;
  return true;
}

function closerOf(code: number): number {
  if (code === 40) return 41;
  return code === 91 || code === 123 || code === 60 ? code + 2 : 0;
}

function closing(text: string, start: number, closer: number): number {
  const opener = text.charCodeAt(start);
  let depth = 0;
  const stop = Math.min(text.length, start + 200);
  for (let at = start; at < stop; at += 1) {
    const code = text.charCodeAt(at);
    if (code === opener) depth += 1;
    else if (code === closer) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return start;
}

/** What a field is. Brackets count as what they hold when that has a time or is a level; `(x):` is a name. */
export function kindOfField(text: string, field: HeaderField): number {
  const { start, end } = field;
  if (!field.inBrackets) return kindOf(text, start, end);
  if (text.charCodeAt(end - 1) === 58) return fieldKind.name;
  let at = start + 1;
  const stop = end - 1;
  for (let words = 0; words < 4 && at < stop; words += 1) {
    while (at < stop && text.charCodeAt(at) <= 32) at += 1;
    let to = at;
    while (to < stop && text.charCodeAt(to) > 32) to += 1;
    const kind = to > at ? kindOf(text, at, to) : fieldKind.other;
    if (kind === fieldKind.time) return kind;
    if (kind === fieldKind.level && words === 0 && to === stop) return kind;
    at = to;
  }
  return fieldKind.brackets;
}

/** Longest field, without its dress, that can be a level. */
const longestLevel = 11;

function kindOf(text: string, from: number, to: number): number {
  const last = text.charCodeAt(to - 1);
  const isNamed = last === 58 || (last === 93 && !text.slice(from, to).includes('['));
  const start = dressBefore(text, from, to);
  let end = to;
  while (end > start + 1 && isDress(text.charCodeAt(end - 1))) end -= 1;
  const bare = text.charCodeAt(start) === 34 && start < end - 1 ? start + 1 : start;
  return kindOfBare(text, bare, end, isNamed ? fieldKind.name : fieldKind.other);
}

/** Where a field begins behind a short `key=`. */
function dressBefore(text: string, from: number, to: number): number {
  const stop = Math.min(to - 1, from + 12);
  for (let at = from + 1; at < stop; at += 1) if (text.charCodeAt(at) === 61) return at + 1;
  return from;
}

/** A colon, comma or quote after a field. */
function isDress(code: number): boolean {
  return code === 58 || code === 44 || code === 34;
}

/** The kind of what a field holds; `named` where it is none of those that are looked for. */
function kindOfBare(text: string, start: number, end: number, named: number): number {
  let [digits, letters, colons, dashes, slashes, dots, rest] = [0, 0, 0, 0, 0, 0, 0];
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) digits += 1;
    else if (isLetter(code)) {
      letters += 1;
      // too many letters for a time, too long for a level or a month
      if (letters > 3 && end - start > longestLevel) return named;
    } else if (code === 58) colons += 1;
    else if (code === 45) dashes += 1;
    else if (code === 47) slashes += 1;
    else if (code === 46 || code === 44) dots += 1;
    else if (code !== 43 && code !== 95) rest += 1;
  }
  if (digits === 0) {
    if (letters > 0) return kindOfWord(text, start, end) ?? named;
    return rest + dashes + colons <= 3 && slashes === 0 ? fieldKind.separator : fieldKind.other;
  }
  if (isTime({ digits, letters, colons, dashes, slashes, dots, rest })) return fieldKind.time;
  return letters + rest + colons + dashes + slashes + dots === 0 ? fieldKind.number : named;
}

/** A level in any case, a month or a weekday. */
function kindOfWord(text: string, start: number, end: number): number | undefined {
  if (end - start > longestLevel) return undefined;
  let hash = hashSeed;
  let lower = hashSeed;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    hash = hashStep(hash, code);
    lower = hashStep(lower, code >= 65 && code <= 90 ? code + 32 : code);
  }
  if (levels.has(lower)) return fieldKind.level;
  return monthHashes.has(hash) || weekdayHashes.has(hash) ? fieldKind.time : undefined;
}

interface Shape {
  digits: number;
  letters: number;
  colons: number;
  dashes: number;
  slashes: number;
  dots: number;
  rest: number;
}

/** Clock times, dates, both in one, and seconds or finer units since 1970. Letters are `T`, `Z` or a month. */
function isTime({ digits, letters, colons, dashes, slashes, dots, rest }: Shape): boolean {
  if (rest > 0 || letters > 3) return false;
  if (colons >= 1 && colons <= 4) return digits >= 4 && dots <= 1;
  if (dashes >= 2 || slashes === 2) return digits >= 4 && dashes <= 4;
  if (letters > 0 || slashes > 0 || dashes > 0) return false;
  if (dots === 2) return digits >= 6 && digits <= 8;
  return dots === 0 ? digits === 10 || digits === 13 || digits === 16 || digits === 19 : dots === 1 && digits >= 11;
}
