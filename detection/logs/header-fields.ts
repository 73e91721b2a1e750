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

interface Shape {
  digits: number;
  letters: number;
  colons: number;
  dashes: number;
  slashes: number;
  dots: number;
  rest: number;
  hash: number;
  lower: number;
}

function kindOf(text: string, from: number, to: number): number {
  const last = text.charCodeAt(to - 1);
  const isNamed = last === 58 || (last === 93 && !text.slice(from, to).includes('['));
  const [start, end] = withoutDress(text, from, to);
  const shape = shapeOf(text, start, end);
  const { digits, letters, colons, dashes, slashes, dots, rest } = shape;
  if (digits === 0) {
    if (letters === 0) return rest + dashes + colons <= 3 && slashes === 0 ? fieldKind.separator : fieldKind.other;
    if (end - start <= 11 && levels.has(shape.lower)) return fieldKind.level;
    if (monthHashes.has(shape.hash) || weekdayHashes.has(shape.hash)) return fieldKind.time;
  } else if (rest === 0 && letters <= 3 && isTime(shape)) return fieldKind.time;
  else if (letters + rest + colons + dashes + slashes + dots === 0) return fieldKind.number;
  return isNamed ? fieldKind.name : fieldKind.other;
}

/** Without a short `key=` before, a quote around, a colon or comma after. */
function withoutDress(text: string, from: number, to: number): [number, number] {
  let [start, end] = [from, to];
  for (let at = start + 1; at < end - 1 && at < from + 12; at += 1)
    if (text.charCodeAt(at) === 61) {
      start = at + 1;
      break;
    }
  while (end > start + 1 && ':,"'.includes(text[end - 1]!)) end -= 1;
  if (text.charCodeAt(start) === 34 && start < end - 1) start += 1;
  return [start, end];
}

function shapeOf(text: string, start: number, end: number): Shape {
  const shape: Shape = {
    digits: 0,
    letters: 0,
    colons: 0,
    dashes: 0,
    slashes: 0,
    dots: 0,
    rest: 0,
    hash: hashSeed,
    lower: hashSeed,
  };
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (at - start < 12) {
      shape.hash = hashStep(shape.hash, code);
      shape.lower = hashStep(shape.lower, code >= 65 && code <= 90 ? code + 32 : code);
    }
    if (isDigit(code)) shape.digits += 1;
    else if (isLetter(code)) shape.letters += 1;
    else if (code === 58) shape.colons += 1;
    else if (code === 45) shape.dashes += 1;
    else if (code === 47) shape.slashes += 1;
    else if (code === 46 || code === 44) shape.dots += 1;
    else if (code !== 43 && code !== 95) shape.rest += 1;
  }
  return shape;
}

/** Clock times, dates, both in one, and seconds or finer units since 1970. Letters are `T`, `Z` or a month. */
function isTime({ digits, letters, colons, dashes, slashes, dots }: Shape): boolean {
  if (colons >= 1 && colons <= 4) return digits >= 4 && dots <= 1;
  if (dashes >= 2 || slashes === 2) return digits >= 4 && dashes <= 4;
  if (letters > 0 || slashes > 0 || dashes > 0) return false;
  if (dots === 2) return digits >= 6 && digits <= 8;
  return dots === 0 ? digits === 10 || digits === 13 || digits === 16 || digits === 19 : dots === 1 && digits >= 11;
}
