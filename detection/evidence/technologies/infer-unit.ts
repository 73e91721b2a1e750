import type { NameParts } from './name-parts.ts';

/** Words of names that are units, and the unit as it is told. */
const unitWords: readonly (readonly [unit: string, ...words: string[]])[] = [
  ['bytes', 'bytes', 'byte', 'octets'],
  ['KiB', 'kib', 'kb', 'kbytes', 'kilobytes'],
  ['MiB', 'mib', 'mb', 'mbytes', 'megabytes'],
  ['GiB', 'gib', 'gb', 'gbytes', 'gigabytes'],
  ['milliseconds', 'milliseconds', 'millis', 'ms', 'msec', 'msecs', 'mil', 'millisecond'],
  ['microseconds', 'microseconds', 'micros', 'us', 'usec', 'microsecond'],
  ['nanoseconds', 'nanoseconds', 'nanos', 'ns', 'nanosecond'],
  ['seconds', 'seconds', 'sec', 'secs', 'second'],
  ['minutes', 'minutes', 'mins'],
  ['hours', 'hours'],
  ['days', 'days'],
  ['percent', 'percent', 'pct', 'percentage', 'perc'],
  ['ratio', 'ratio', 'fraction'],
  ['celsius', 'celsius', 'temp', 'temperature'],
  ['fahrenheit', 'fahrenheit'],
  ['volts', 'volts', 'volt', 'voltage'],
  ['amperes', 'amperes', 'amps', 'ampere'],
  ['watts', 'watts', 'watt'],
  ['joules', 'joules'],
  ['hertz', 'hertz', 'hz', 'frequency'],
  ['rpm', 'rpm'],
  ['decibels', 'dbm', 'decibels'],
  ['dollars', 'dollars', 'usd', 'spend', 'cost'],
];
const ofWord = new Map(unitWords.flatMap(([unit, ...words]) => words.map((word) => [word, unit] as const)));

/** Words that are units, so that they say nothing of the subject. */
export function isUnitWord(word: string): boolean {
  return ofWord.has(word) && !['temp', 'temperature', 'voltage', 'spend', 'cost', 'frequency'].includes(word);
}

const momentWords = ['timestamp', 'unixtime', 'expiry', 'expiration', 'expires', 'date'];
const momentPairs = [
  'not after',
  'not before',
  'start time',
  'boot time',
  'last seen',
  'last heartbeat',
  'last run',
  'last success',
  'last backup',
  'startup time',
  'creation time',
  'last used',
];

/** The unit that a name tells, `timestamp` for moments (seconds since 1970 where nothing else is said); undefined where it tells none. */
export function unitOfName(parts: NameParts): string | undefined {
  if (isMoment(parts)) return 'timestamp';
  const { words } = parts;
  for (let index = words.length - 1; index >= 0; index -= 1) {
    const unit = ofWord.get(words[index] ?? '');
    // What comes after `per` is the time of a rate.
    if (unit !== undefined && words[index - 1] !== 'per') return unit;
  }
  return undefined;
}

function isMoment({ words, has, last }: NameParts): boolean {
  if (has('age', 'duration', 'elapsed', 'uptime', 'latency', 'left', 'remaining', 'until')) return false;
  if (has(...momentWords) && !has('days', 'hours', 'errors', 'failures')) return true;
  const joined = ` ${words.join(' ')} `;
  if (momentPairs.some((pair) => joined.includes(` ${pair} `))) return true;
  // The last success, upload or backup: `..._last_successful_upload_time`, `last_autovacuum`.
  return has('last') && (last === 'time' || /^(auto)?(vacuum|analyze)$/.test(last));
}
