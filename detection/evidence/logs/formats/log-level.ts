import type { LogLevel } from '../../../../domain/signal.ts';

/** What writers call their levels, without case. */
const words: Readonly<Record<LogLevel, string>> = {
  trace: 'trace trc finest finer verbose verb',
  debug: 'debug dbg dbug fine debug1 debug2 debug3 debug4 debug5',
  info: 'info inf information informational notice note log normal config system statement detail hint context query success',
  warn: 'warn wrn warning warnings',
  error: 'error err eror severe fail failure',
  fatal: 'fatal ftl crit critical emerg emergency alert panic dpanic',
  unknown: '',
};
const levelOfWord: ReadonlyMap<string, LogLevel> = new Map(
  Object.entries(words).flatMap(([level, names]) =>
    names
      .split(' ')
      .filter((name) => name !== '')
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the record above
      .map((name) => [name, level as LogLevel] as const),
  ),
);
const letters: Readonly<Record<string, LogLevel>> = {
  T: 'trace',
  V: 'trace',
  D: 'debug',
  I: 'info',
  N: 'info',
  W: 'warn',
  E: 'error',
  C: 'fatal',
  F: 'fatal',
};
/** Severities of syslog, 0 to 7. */
const severities: readonly LogLevel[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];
const longest = 14;

/** A level by its word (any case), by the letter that stands for it, or by the numbers of pino, bunyan and Python (10 to 60). */
export function levelOf(value: unknown): LogLevel | undefined {
  if (typeof value === 'number') {
    if (value < 10) return undefined;
    const numbers: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
    return numbers[Math.min(6, Math.floor(value / 10)) - 1];
  }
  if (typeof value !== 'string' || value.length > longest) return undefined;
  const word = value.trim();
  return word.length === 1 ? letters[word] : levelOfWord.get(word.toLowerCase());
}

/** The level of a syslog severity (0 to 7; a whole priority is cut to it). */
export function levelOfSeverity(severity: number): LogLevel {
  return severities[severity & 7] ?? 'unknown';
}

/** The level of OpenTelemetry's severity numbers, 1 to 24. */
export function levelOfSeverityNumber(number: number): LogLevel | undefined {
  const four: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  return Number.isInteger(number) && number >= 1 && number <= 24 ? four[Math.floor((number - 1) / 4)] : undefined;
}

/** Order of levels, lowest first; `unknown` counts as `info`. */
export const levelRank: Readonly<Record<LogLevel, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  unknown: 2,
  warn: 3,
  error: 4,
  fatal: 5,
};

const spoken = new Set(
  ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].flatMap(
    (level) => (words as Record<string, string>)[level]?.split(' ') ?? [],
  ),
);
const looked = 100;

/**
 * The level that a line of an unknown form names near its start: a level's word in capitals, or in any case between brackets, before a colon or
 * after `level=`; else `unknown`.
 */
export function levelInText(text: string): LogLevel {
  const start = text.slice(0, looked);
  let at = 0;
  while (at < start.length) {
    if (!isLetter(start.charCodeAt(at))) {
      at += 1;
      continue;
    }
    let end = at + 1;
    while (end < start.length && isLetter(start.charCodeAt(end))) end += 1;
    const word = start.slice(at, end);
    if (word.length >= 3 && word.length <= longest && spoken.has(word.toLowerCase())) {
      const level = levelOf(word);
      const before = start[at - 1] ?? ' ';
      const after = start[end] ?? ' ';
      const isAlone = !'_-./0123456789'.includes(before) && !'_-./(0123456789'.includes(after);
      const isCapital = word === word.toUpperCase();
      const isDressed =
        (before === '[' && after === ']') || (before === '=' && at > 3) || (after === ':' && isTelling(level));
      if (level !== undefined && isAlone && (isCapital || isDressed)) return level;
    }
    at = end;
  }
  return 'unknown';
}

/** `log:`, `note:` and `detail:` are words of sentences as well. */
function isTelling(level: LogLevel | undefined): boolean {
  return level !== undefined && level !== 'info' && level !== 'trace';
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}
