import type { RuleUnit } from './name-series.ts';

const spans: readonly (readonly [number, string, string])[] = [
  [604_800, 'week', 'weeks'],
  [86_400, 'day', 'days'],
  [3_600, 'hour', 'hours'],
  [60, 'minute', 'minutes'],
  [1, 'second', 'seconds'],
];

/** Seconds as people say them: "5 minutes", "1.5 hours", "250 ms". */
export function spanWords(seconds: number): string {
  const size = Math.abs(seconds);
  if (size > 0 && size < 1) return `${short(seconds * 1_000)} ms`;
  const [unit, one, many] = spans.find(([unit]) => size >= unit && Number.isInteger((size / unit) * 2)) ??
    spans.find(([unit]) => size >= unit) ?? [1, 'second', 'seconds'];
  const count = short(seconds / unit);
  return `${count} ${count === '1' ? one : many}`;
}

const sizes: readonly (readonly [number, string])[] = [
  [2 ** 40, 'TiB'],
  [1e12, 'TB'],
  [2 ** 30, 'GiB'],
  [1e9, 'GB'],
  [2 ** 20, 'MiB'],
  [1e6, 'MB'],
  [2 ** 10, 'KiB'],
  [1e3, 'kB'],
];

function byteWords(bytes: number): string {
  const size = Math.abs(bytes);
  const exact = sizes.find(([unit]) => size >= unit && Number.isInteger((size / unit) * 10));
  const [unit, name] = exact ?? sizes.find(([unit]) => size >= unit) ?? [1, 'bytes'];
  return `${short(bytes / unit)} ${name}`;
}

/** A value in base units as words; a plain number where no unit is known. */
export function quantityWords(value: number, unit: RuleUnit | undefined): string {
  if (!Number.isFinite(value)) return String(value);
  if (unit === 'seconds') return spanWords(value);
  if (unit === 'bytes') return byteWords(value);
  if (unit === 'ratio') return `${short(value * 100)} %`;
  return `${short(value)}${unit === 'celsius' ? ' °C' : unit === 'volts' ? ' V' : ''}`;
}

/** At most four significant digits, thousands apart. */
export function short(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-GB');
  return Number(value.toPrecision(4)).toLocaleString('en-GB', { maximumFractionDigits: 8 });
}
