/** Milliseconds of one of each unit that logs print. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  nanos: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  micros: 1e-3,
  microseconds: 1e-3,
  ms: 1,
  msec: 1,
  msecs: 1,
  millis: 1,
  milliseconds: 1,
  s: 1_000,
  sec: 1_000,
  secs: 1_000,
  second: 1_000,
  seconds: 1_000,
  m: 60_000,
  min: 60_000,
  minutes: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a duration with its unit (`2.5s`, `512.3 ms`, `1m2s`), or undefined where the text is anything else. */
export function durationOf(text: string): number | undefined {
  const read = durationAt(text.trim(), 0);
  return read !== undefined && read.end === text.trim().length ? read.ms : undefined;
}

/** A duration that begins at `from`, and where it ends. */
export function durationAt(text: string, from: number): { ms: number; end: number } | undefined {
  let at = from;
  let ms = 0;
  let parts = 0;
  while (parts < 4) {
    const start = at;
    while (isNumberCode(text.charCodeAt(at))) at += 1;
    if (at === start || at - start > 20) break;
    const number = Number(text.slice(start, at));
    const gap = text[at] === ' ' && parts === 0 ? 1 : 0;
    let end = at + gap;
    while (end < at + gap + 14 && isUnitCode(text.charCodeAt(end))) end += 1;
    const unit = units[text.slice(at + gap, end)];
    if (unit === undefined || !Number.isFinite(number)) return undefined;
    ms += number * unit;
    at = end;
    parts += 1;
  }
  return parts === 0 ? undefined : { ms: Math.round(ms * 1e6) / 1e6, end: at };
}

function isNumberCode(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 46;
}

function isUnitCode(code: number): boolean {
  return (code >= 97 && code <= 122) || code === 181 || code === 956;
}
