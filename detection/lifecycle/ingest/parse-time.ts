const numeric = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const zoned = /(Z|[+-]\d{2}:?\d{2}|[+-]\d{2}|\bGMT|\bUTC)$/i;
const dateLed = /^\d{4}-\d{2}-\d{2}([ T]\d{2}(:\d{2}(:\d{2}([.,]\d+)?)?)?)?/;

/**
 * Milliseconds since the epoch of a time as files write it: ISO 8601 with `T` or a space, with an offset or without (then UTC), or a
 * number since the epoch whose size tells its unit (seconds below 1e11, milliseconds below 1e14, microseconds below 1e17, else
 * nanoseconds). NaN for anything else. Never throws.
 */
export function parseTime(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '') return NaN;
  if (numeric.test(trimmed)) return epochMs(Number(trimmed));
  if (dateLed.test(trimmed)) {
    const iso = trimmed
      .replace(' ', 'T')
      .replace(',', '.')
      .replace(/\s+(?=[+-]|Z|UTC|GMT)/i, '')
      .replace(/(UTC|GMT)$/i, 'Z');
    // A bare date and a bare hour are widened, because a date without a zone would otherwise be read in the machine's zone.
    const full = /T\d{2}$/.test(iso) ? `${iso}:00` : iso.includes('T') ? iso : `${iso}T00:00`;
    return Date.parse(zoned.test(full.slice(10)) ? full.replace(/([+-]\d{2})$/, '$1:00') : `${full}Z`);
  }
  return zoned.test(trimmed) ? Date.parse(trimmed) : NaN;
}

/** A number since the epoch in milliseconds, its unit told by its size. NaN for one that is not finite or is negative. */
export function epochMs(value: number): number {
  if (!Number.isFinite(value) || value < 0) return NaN;
  if (value < 1e11) return value * 1e3;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}
