/** What a character can be in a log line; the scanner's only table. */
export const charClass = { space: 0, letter: 1, digit: 2, mark: 3, delimiter: 4 } as const;

/** Class of each ASCII character. Beyond ASCII everything but a space is a letter. */
export const classOf: Uint8Array = (() => {
  const table = new Uint8Array(128).fill(charClass.space);
  for (let code = 33; code < 127; code += 1) {
    const char = String.fromCodePoint(code);
    if (/[a-z]/i.test(char)) table[code] = charClass.letter;
    else if (/\d/.test(char)) table[code] = charClass.digit;
    else table[code] = '=,;()[]{}<>"\'|:'.includes(char) ? charClass.delimiter : charClass.mark;
  }
  return table;
})();

/** Start of the rolling hash (FNV-1a, 32 bits). */
export const hashSeed = 0x811c9dc5;

/** One step of the rolling hash. */
export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Hash of a text, the same that the scanner computes for a token without a mask. */
export function hashOf(text: string): number {
  let hash = hashSeed;
  for (let index = 0; index < text.length; index += 1) hash = hashStep(hash, text.charCodeAt(index));
  return hash;
}

/** Hash of a token that is nothing but a varying part, and of a value left empty. */
export const wildHash: number = hashStep(hashSeed, 0xfffe);
export const emptyHash: number = hashStep(hashSeed, 0xfffd);

const setOf = (words: string) => new Set(words.split(' ').map(hashOf));

/** Units that follow a number and belong to it: sizes and times, in their abbreviated forms. */
export const unitHashes: ReadonlySet<number> = setOf(
  'B b KB kB kb MB Mb mb GB Gb gb TB tb KiB MiB GiB TiB ns us ms s sec secs sec. secs. msec msecs',
);

/** English names of months, as dates have them. */
export const monthHashes: ReadonlySet<number> = setOf(
  'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec January February March April June July August September October November December',
);

/** English names of weekdays, as dates have them. */
export const weekdayHashes: ReadonlySet<number> = setOf(
  'Mon Tue Wed Thu Fri Sat Sun Monday Tuesday Wednesday Thursday Friday Saturday Sunday',
);

/** 1 where a word whose hash ends in these ten bits may be a month or a weekday: one look instead of two for each word of a line. */
export const mayBeDate: Uint8Array = (() => {
  const table = new Uint8Array(1_024);
  for (const hash of [...monthHashes, ...weekdayHashes]) table[hash & 1_023] = 1;
  return table;
})();
