import {
  addressEnd,
  closesSoon,
  escapeEnd,
  isDigit,
  isHex,
  isHexWord,
  isLetter,
  isWideSpace,
  urlEnd,
} from './characters.ts';
import {
  charClass,
  classOf,
  emptyHash,
  hashSeed,
  hashStep,
  mayBeDate,
  monthHashes,
  unitHashes,
  weekdayHashes,
  wildHash,
} from './token-classes.ts';

/** What stands for the part of a token that varies. */
export const wildcard = '<*>';

/** A word as it stands; one with a varying part; one that is only a varying part; a delimiter; a value left empty. */
export const tokenKind = { word: 0, partly: 1, wild: 2, delimiter: 3, empty: 4 } as const;

/** The tokens of the line scanned last: reused buffers, valid until the next scan. */
export interface LineScanner {
  /** Tokenises from `from` on and returns the number of tokens. Reads at most `maxChars` characters; linear in them. */
  scan(text: string, from: number): number;
  readonly kinds: Uint8Array;
  readonly hashes: Int32Array;
  /** The text of a token, its varying part replaced by `<*>`. */
  textOf(text: string, token: number): string;
  /** Whether a space stands before a token. */
  isSpaced(token: number): boolean;
}

const cut = 0x2026;
/** What stands behind the last character of a line: neither space nor digit nor ASCII letter. */
const noCharacter = 0xffff;
/** How far behind the end of what is read a character may be looked at. */
const ahead = 4;

/**
 * Splits a line into words and delimiters and masks what varies in any system: numbers with their units, hexadecimal, dates and times,
 * addresses (IP, MAC, host with port), absolute paths of two or more parts, URLs, identifiers with digits (`blk_123` keeps `blk_`). A list
 * of masked things counts as one; `key=` and `()` hold an empty value. ANSI colours and control characters are spaces.
 */
export function createLineScanner(options: { maxChars?: number; maxTokens?: number } = {}): LineScanner {
  const { maxChars = 2_000, maxTokens = 160 } = options;
  const size = maxTokens + 4;
  const kinds = new Uint8Array(size);
  const hashes = new Int32Array(size);
  const starts = new Int32Array(size);
  const ends = new Int32Array(size);
  const maskStarts = new Int32Array(size);
  const maskEnds = new Int32Array(size);
  /** What the word read last looks like. */
  const shape = { hash: 0, digits: 0, dots: 0, slashes: 0 };
  /** The characters of the line from `offset` on. */
  const codes = new Uint16Array(maxChars + ahead);
  let offset = 0;
  let count = 0;

  function push(kind: number, hash: number, start: number, end: number): number {
    kinds[count] = kind;
    hashes[count] = hash;
    starts[count] = start;
    ends[count] = end;
    count += 1;
    return end;
  }

  /** A word that holds a digit: masks from the first run of letters and digits with a digit to the last one. */
  function pushMasked(start: number, end: number): number {
    let first = -1;
    let last = -1;
    let at = start;
    while (at < end) {
      if (!isRunChar(codes[at]!)) {
        at += 1;
        continue;
      }
      const run = at;
      let digitAt = -1;
      let isMixed = false;
      for (; at < end && isRunChar(codes[at]!); at += 1)
        if (!isDigit(codes[at]!)) isMixed ||= digitAt >= 0;
        else if (digitAt < 0) digitAt = at;
      if (digitAt < 0) continue;
      if (first < 0) first = isMixed ? run : digitAt;
      last = at;
    }
    first = withSign(codes, start, first);
    // "5%" and "5." at the end of a sentence.
    if (last === end - 1 && (codes[last] === 37 || codes[last] === 46)) last = end;
    let hash = hashSeed;
    for (let index = start; index < first; index += 1) hash = hashStep(hash, codes[index]!);
    hash = hashStep(hash, 0xfffe);
    for (let index = last; index < end; index += 1) hash = hashStep(hash, codes[index]!);
    maskStarts[count] = first;
    maskEnds[count] = last;
    return push(first === start && last === end ? tokenKind.wild : tokenKind.partly, hash, start, end);
  }

  /** Joins units and dates to their numbers and lists of masked things to one; in place, one pass. */
  function fold(): void {
    let kept = 0;
    for (let index = 0; index < count; index += 1) {
      const before = kept > 0 ? kinds[kept - 1]! : -1;
      if (kinds[index] === tokenKind.word) {
        if (before === tokenKind.wild && unitHashes.has(hashes[index]!)) continue;
        if (mayBeDate[hashes[index]! & 1_023] === 1 && isDatePart(index, before)) {
          kinds[index] = tokenKind.wild;
          hashes[index] = wildHash;
        }
      }
      const kind = kinds[index]!;
      if (kind === tokenKind.wild || kind === tokenKind.partly) {
        if (before === kind && hashes[kept - 1] === hashes[index]) continue;
        if (kept > 1 && isListItem(index, kept)) {
          kept -= 1;
          continue;
        }
      }
      if (kept < index) {
        kinds[kept] = kind;
        hashes[kept] = hashes[index]!;
        starts[kept] = starts[index]!;
        ends[kept] = ends[index]!;
        maskStarts[kept] = maskStarts[index]!;
        maskEnds[kept] = maskEnds[index]!;
      }
      kept += 1;
    }
    count = kept;
  }

  function isDatePart(index: number, before: number): boolean {
    const hash = hashes[index]!;
    const isNumberNext = index + 1 < count && kinds[index + 1] === tokenKind.wild;
    if (monthHashes.has(hash)) return isNumberNext || before === tokenKind.wild;
    return weekdayHashes.has(hash) && (isNumberNext || (index + 1 < count && monthHashes.has(hashes[index + 1]!)));
  }

  /** The same thing as before the delimiter, and that is a comma or a colon. */
  function isListItem(index: number, kept: number): boolean {
    if (kinds[kept - 1] !== tokenKind.delimiter || (hashes[kept - 1] !== 44 && hashes[kept - 1] !== 58)) return false;
    return hashes[kept - 2] === hashes[index] && kinds[kept - 2] === kinds[index];
  }

  function delimiter(at: number, end: number): number {
    const code = codes[at]!;
    const next = at + 1 < end ? codes[at + 1]! : 32;
    if ((code === 60 || code === 62) && isDigit(next) && !closesSoon(codes, at + 1, end)) return word(at, end);
    const address = code === 58 ? addressEnd(codes, at, end) : at;
    if (address > at) return push(tokenKind.wild, wildHash, at, address);
    push(tokenKind.delimiter, code, at, at + 1);
    const isEmptyValue = code === 61 && (next <= 32 || next === 44 || next === 59);
    if (isEmptyValue || (code === 40 && next === 41) || (code === 91 && next === 93))
      push(tokenKind.empty, emptyHash, at + 1, at + 1);
    return at + 1;
  }

  function word(start: number, end: number): number {
    const firstCode = codes[start]!;
    const address = isHex(firstCode) ? addressEnd(codes, start, end) : start;
    if (address > start) return push(tokenKind.wild, wildHash, start, address);
    const at = readWord(start, end);
    if (codes[at] === 58 && isUrlOrDrive(codes, start, at))
      return push(tokenKind.wild, wildHash, start, urlEnd(codes, at, end));
    if (firstCode === 47 && shape.slashes > 1) return push(tokenKind.wild, wildHash, start, at);
    if (shape.digits > 0) return pushMasked(start, at);
    return isHexWord(codes, start, at)
      ? push(tokenKind.wild, wildHash, start, at)
      : push(tokenKind.word, shape.hash, start, at);
  }

  /** Reads up to a space, or a delimiter that is no part of the word, and notes the word's shape. */
  function readWord(start: number, end: number): number {
    let hash = hashSeed;
    let digits = 0;
    let dots = 0;
    let slashes = 0;
    let at = start;
    for (; at < end; at += 1) {
      const code = codes[at]!;
      const kind = kindOf(code);
      if (kind === charClass.space) break;
      if (kind === charClass.delimiter && at > start && !isGlued(codes, at, dots)) break;
      if (kind === charClass.digit) digits += 1;
      else if (code === 46) dots += 1;
      else if (code === 47) slashes += 1;
      hash = hashStep(hash, code);
    }
    shape.hash = hash;
    shape.digits = digits;
    shape.dots = dots;
    shape.slashes = slashes;
    return at;
  }

  /** Copies the characters that are read, and a few after them, for reading an array is much cheaper than reading a string. */
  function read(text: string, from: number): number {
    offset = from;
    const length = Math.max(0, Math.min(text.length - from, maxChars));
    const held = Math.min(text.length - from, length + ahead);
    for (let at = 0; at < held; at += 1) codes[at] = text.charCodeAt(from + at);
    codes.fill(noCharacter, held, length + ahead);
    return length;
  }

  return {
    scan(text, from) {
      count = 0;
      const end = read(text, from);
      let at = 0;
      while (at < end) {
        if (count >= maxTokens) {
          push(tokenKind.word, cut, end, end);
          break;
        }
        const kind = kindOf(codes[at]!);
        if (kind === charClass.space) at = escapeEnd(codes, at, end);
        else at = kind === charClass.delimiter ? delimiter(at, end) : word(at, end);
      }
      fold();
      return count;
    },
    kinds,
    hashes,
    isSpaced: (token) => token > 0 && codes[starts[token]! - 1]! <= 32,
    textOf(text, token) {
      const kind = kinds[token];
      if (kind === tokenKind.wild) return wildcard;
      if (kind === tokenKind.empty) return '';
      if (hashes[token] === cut) return '…';
      const [start, end] = [offset + starts[token]!, offset + ends[token]!];
      if (kind !== tokenKind.partly) return text.slice(start, end);
      return `${text.slice(start, offset + maskStarts[token]!)}${wildcard}${text.slice(offset + maskEnds[token]!, end)}`;
    },
  };
}

function kindOf(code: number): number {
  if (code < 128) return classOf[code]!;
  return isWideSpace(code) ? charClass.space : charClass.letter;
}

function isRunChar(code: number): boolean {
  const kind = kindOf(code);
  return kind === charClass.letter || kind === charClass.digit;
}

/** The start of a number with the sign or comparison before it, where that begins the word or follows another mark. */
function withSign(codes: Uint16Array, start: number, first: number): number {
  if (first <= start) return first;
  const before = codes[first - 1]!;
  if (first === start + 1 && (before === 60 || before === 62 || before === 126)) return start;
  const isSign = (before === 45 || before === 43) && (first - 1 === start || !isRunChar(codes[first - 2]!));
  return isSign ? first - 1 : first;
}

/** A colon before a port or within a time; an apostrophe within a word. */
function isGlued(codes: Uint16Array, at: number, dots: number): boolean {
  const code = codes[at]!;
  const before = codes[at - 1]!;
  const next = codes[at + 1]!;
  if (code === 58) return isDigit(next) && (isDigit(before) || dots > 0);
  return code === 39 && isLetter(next) && isLetter(before);
}

/** `scheme://` or `C:\` at the colon. */
function isUrlOrDrive(codes: Uint16Array, start: number, colon: number): boolean {
  const next = codes[colon + 1]!;
  if (next === 47) return codes[colon + 2] === 47;
  return next === 92 && colon === start + 1 && isLetter(codes[start]!);
}
