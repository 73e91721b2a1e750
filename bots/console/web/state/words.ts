/** The name part of an entity id: `service:checkout` is `checkout`. */
export function nameOf(id: string): string {
  const afterKind = id.slice(id.indexOf(':') + 1);
  return afterKind.slice(afterKind.lastIndexOf('/') + 1);
}

/** The kind part of an entity id, in words. */
export function kindOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf(':'))) || 'other';
}

/** A slug as words: `pool-exhausted` is `Pool exhausted`. */
export function wordsOf(slug: string): string {
  const words = slug.replaceAll(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const clockTime = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const dayTime = new Intl.DateTimeFormat([], {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});

/** `09:40:12` in the reader's zone, of an instant or of milliseconds. */
export function timeOf(at: string | number): string {
  return clockTime.format(typeof at === 'string' ? Date.parse(at) : at);
}

/** `2 Nov, 09:40` in the reader's zone. */
export function dayTimeOf(iso: string): string {
  return dayTime.format(Date.parse(iso));
}

/** `+12 s`, `-4 min 20 s`: a time against the onset. */
export function offsetOf(iso: string, onset: string): string {
  const seconds = Math.round((Date.parse(iso) - Date.parse(onset)) / 1000);
  const sign = seconds < 0 ? '\u2212' : '+';
  return sign + spanOf(Math.abs(seconds) * 1000);
}

/** Our own words with each ISO instant in them as a clock time of the reader's zone. */
export function readable(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (iso) => timeOf(iso));
}

/** A duration in its two largest useful units: `1.2 s`, `48 s`, `4 min 20 s`, `3 h 5 min`. */
export function spanOf(ms: number): string {
  if (ms < 10_000 && ms % 1000 !== 0) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A number short enough for an axis or a legend: three significant digits, with k, M, G. */
export function numberOf(value: number): string {
  const size = Math.abs(value);
  for (const [limit, suffix] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const) {
    if (size >= limit) return `${trim(value / (limit === 1e4 ? 1e3 : limit))}${suffix}`;
  }
  return trim(value);
}

/** A share in percent, `94 %`; never shown as certain. */
export function percentOf(share: number): string {
  return `${Math.min(99, Math.round(share * 100))} %`;
}

/** A score as odds: .999 is `1 in 1,000`. Never more than a million millions. */
export function oddsOf(score: number): string {
  const odds = 1 / Math.max(1e-12, 1 - score);
  return `1 in ${Number(odds.toPrecision(odds < 100 ? 2 : 1)).toLocaleString('en')}`;
}

/** Noughts of odds, short: 3 is `1:1k`. */
export function shortOddsOf(noughts: number): string {
  return noughts === 0 ? '1:1' : `1:${numberOf(Number((10 ** noughts).toPrecision(1)))}`;
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}
