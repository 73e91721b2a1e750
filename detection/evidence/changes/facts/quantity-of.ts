/** Factors to base units: seconds, bytes, cores, shares. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-9,
  nano: 1e-9,
  nanosecond: 1e-9,
  us: 1e-6,
  micro: 1e-6,
  microsecond: 1e-6,
  ms: 0.001,
  milli: 0.001,
  millis: 0.001,
  millisecond: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  week: 604_800,
  b: 1,
  byte: 1,
  k: 1000,
  kb: 1000,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  ki: 1024,
  kib: 1024,
  mi: 1_048_576,
  mib: 1_048_576,
  megabyte: 1_048_576,
  gi: 1_073_741_824,
  gib: 1_073_741_824,
  gigabyte: 1_073_741_824,
  ti: 1_099_511_627_776,
  g: 1e9,
};

/** The factor of a unit's word, plural or not, as it stands or at the end of a name (`ofSeconds`, `timeoutMs`); undefined where it is none. */
export function unitFactor(word: string): number | undefined {
  const lower = word.toLowerCase();
  return units[lower] ?? (lower.endsWith('s') ? units[lower.slice(0, -1)] : undefined);
}

const digits = new Set('0123456789');

/**
 * The quantity that a text writes, in base units: `8_000`, `0.15`, `30s`, `512Mi`, `1h30m`, `20%`, `250m` (minutes; of processors where
 * `milli`). Undefined where it is no quantity. Cost linear, for texts of up to 40 characters.
 */
export function quantityOf(written: string, milli = false): number | undefined {
  const text = written.trim().replaceAll('_', '');
  if (text === '' || text.length > 40) return undefined;
  let at = 0;
  let total: number | undefined;
  while (at < text.length) {
    const start = at;
    if (total === undefined && (text[at] === '-' || text[at] === '+')) at += 1;
    while (at < text.length && (digits.has(text[at]!) || text[at] === '.')) at += 1;
    const number = Number(text.slice(start, at));
    if (at === start || !Number.isFinite(number) || !digits.has(text[at - 1]!)) return undefined;
    const from = at;
    while (at < text.length && !digits.has(text[at]!) && text[at] !== '.') at += 1;
    const unit = text.slice(from, at).trim();
    const factor = factorOf(unit, milli);
    if (factor === undefined) return undefined;
    total = (total ?? 0) + number * factor;
  }
  return total;
}

function factorOf(unit: string, milli: boolean): number | undefined {
  if (unit === '' || unit === 'L' || unit === 'l' || unit === 'f' || unit === 'd' || unit === 'D') return 1;
  if (unit === '%') return 0.01;
  if (unit === 'm' && milli) return 0.001;
  if (unit === 'M') return 1e6;
  if (unit === 'u' || unit === 'n') return 1;
  return unitFactor(unit);
}
