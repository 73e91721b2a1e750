/** Decimal digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** ASCII letter. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** Hexadecimal digit. */
export function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

/** A space beyond ASCII, or a control character there. */
export function isWideSpace(code: number): boolean {
  return (code >= 0x80 && code <= 0xa0) || code === 0x2028 || code === 0x2029 || code === 0x3000 || code === 0xfeff;
}

/** Hexadecimal of a usual length that happens to hold no digit. */
export function isHexWord(codes: Uint16Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 8 || length % 8 !== 0 || length > 64) return false;
  for (let at = start; at < end; at += 1) if (!isHex(codes[at]!)) return false;
  return true;
}

/** Whether `>` closes what `<` opened, in the same word: then it is a bracket, else "less than". */
export function closesSoon(codes: Uint16Array, from: number, end: number): boolean {
  const stop = Math.min(end, from + 40);
  for (let at = from; at < stop; at += 1) {
    const code = codes[at]!;
    if (code <= 32) return false;
    if (code === 62) return true;
  }
  return false;
}

/** First character after an ANSI escape sequence that begins at `from`; `from + 1` where it is none. */
export function escapeEnd(codes: Uint16Array, from: number, end: number): number {
  if (codes[from] !== 27 || codes[from + 1] !== 91) return from + 1;
  let at = from + 2;
  while (at < end && at < from + 20 && !isLetter(codes[at]!)) at += 1;
  return at + 1;
}

const endsUrl = new Set(['"', "'", '<', '>', ')', ']', '}', ','].map((char) => char.codePointAt(0)));

/** End of a URL or a path that goes on at `from`: the next space, quote, comma or closing bracket, less a full stop or colon before it. */
export function urlEnd(codes: Uint16Array, from: number, end: number): number {
  let at = from;
  for (; at < end; at += 1) {
    const code = codes[at]!;
    if (code <= 32 || endsUrl.has(code)) break;
  }
  while (at > from + 3 && endsClause(codes[at - 1]!)) at -= 1;
  return at;
}

/** Full stop, colon, semicolon. */
function endsClause(code: number): boolean {
  return code === 46 || code === 58 || code === 59;
}

/**
 * End of an IPv6 or MAC address or a time of day at `start`, else `start`: groups of at most four hexadecimal digits, two colons or more, one digit
 * or more; then an IPv4 part, a fraction, or the full stop of a sentence.
 */
export function addressEnd(codes: Uint16Array, start: number, end: number): number {
  const at = groupsEnd(codes, start, end);
  if (at === start) return start;
  const tail = fractionEnd(codes, at, end);
  const after = tail < end ? codes[tail]! : 32;
  if (isDigit(after) || isLetter(after) || after === 95) return start;
  if (tail > at) return tail;
  return codes[at - 1] === 58 && codes[at - 2] !== 58 ? at - 1 : at;
}

function groupsEnd(codes: Uint16Array, start: number, end: number): number {
  let colons = 0;
  let group = 0;
  let digits = 0;
  let at = start;
  for (; at < end; at += 1) {
    const code = codes[at]!;
    if (code === 58) {
      colons += 1;
      group = 0;
    } else if (isHex(code)) {
      group += 1;
      if (isDigit(code)) digits += 1;
    } else break;
    if (group > 4 || colons > 8) return start;
  }
  return colons < 2 || digits === 0 ? start : at;
}

function fractionEnd(codes: Uint16Array, from: number, end: number): number {
  let at = from;
  while (at < end && (isDigit(codes[at]!) || codes[at] === 46 || codes[at] === 44)) {
    if (!isDigit(codes[at]!) && !isDigit(codes[at + 1]!) && !endsSentence(codes, at, end)) break;
    at += 1;
  }
  return at;
}

function endsSentence(codes: Uint16Array, at: number, end: number): boolean {
  return codes[at] === 46 && (at + 1 >= end || codes[at + 1]! <= 32);
}
