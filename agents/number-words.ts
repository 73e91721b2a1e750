/** A number with its unit in the form that people say: "84 ms", "1.2 s", "3.4 MiB", "2.1 %", "12.3 req/s"; three significant digits. */
export function numberWords(value: number, unit?: string): string {
  switch (unit) {
    case 's':
    case 'seconds':
      return Math.abs(value) < 1 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
    case 'bytes':
    case 'By':
      return bytes(value);
    case 'ratio':
    case '1':
      return `${digits(value * 100)} %`;
    case 'count':
    case undefined:
    case '':
      return digits(value);
    case 'per-second':
      return `${digits(value)} per second`;
    default:
      return `${digits(value)} ${unit}`;
  }
}

/** How far one number is from another: "up 35 %", "down 4.1×", "unchanged". */
export function changeWords(before: number, after: number): string {
  const difference = after - before;
  if (Math.abs(difference) <= Math.abs(before) * 0.02) return 'about the same';
  const direction = difference > 0 ? 'up' : 'down';
  if (before === 0) return `${direction} from zero`;
  const ratio = Math.abs(after / before);
  if (ratio >= 3) return `${direction} ${digits(ratio)}×`;
  return `${direction} ${digits(Math.abs(difference / before) * 100)} %`;
}

function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let left = value;
  let index = 0;
  while (Math.abs(left) >= 1024 && index < units.length - 1) {
    left /= 1024;
    index += 1;
  }
  return `${digits(left)} ${units[index]}`;
}

function digits(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  if (value === 0) return '0';
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
