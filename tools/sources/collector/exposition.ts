import type { MetricType } from '../../../domain/signal.ts';

/** What the exposition says of one family of metrics. */
export interface FamilyFacts {
  type?: string;
  help?: string;
  unit?: string;
}

export interface ExpositionHandlers {
  /** `key` is the text before the value (name and labels) as exposed; equal keys are the same series. The value may be NaN or infinite. */
  sample(key: string, value: number): void;
  /** A line that is no sample and no comment; it was skipped. */
  malformed(line: string): void;
  family(name: string, facts: FamilyFacts): void;
}

/**
 * Reads Prometheus text 0.0.4 and OpenMetrics 1.0, line by line, tolerating what does not fit (prometheus.io "Exposition formats").
 * Timestamps and exemplars are read over: the time of a sample is the time of its scrape. Never throws; linear in the text.
 */
export function readExposition(text: string, handlers: ExpositionHandlers): void {
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    readLine(text.slice(start, text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end), handlers);
    start = end + 1;
  }
}

function readLine(line: string, handlers: ExpositionHandlers): void {
  if (line.length === 0) return;
  if (line.charCodeAt(0) === 35 /* # */) {
    readComment(line, handlers);
    return;
  }
  const keyEnd = endOfKey(line);
  const value = keyEnd < 0 ? undefined : numberOf(firstWord(line, keyEnd));
  if (value === undefined) {
    if (line.trim() !== '') handlers.malformed(line);
    return;
  }
  handlers.sample(line.slice(0, keyEnd), value);
}

const commentPattern = /^#[ \t]+(TYPE|HELP|UNIT)[ \t]+([^\s]+)(?:[ \t]+(.*))?$/;

function readComment(line: string, handlers: ExpositionHandlers): void {
  const match = commentPattern.exec(line);
  if (match === null) return;
  const [, kind, name = '', rest = ''] = match;
  if (kind === 'TYPE') handlers.family(name, { type: rest.trim().toLowerCase() });
  else if (kind === 'UNIT') handlers.family(name, { unit: rest.trim() });
  else handlers.family(name, { help: rest.slice(0, 500) });
}

/** Index just after the name and labels; -1 when the name is none or the braces do not close. */
function endOfKey(line: string): number {
  let index = 0;
  while (index < line.length && isNameCode(line.charCodeAt(index), index)) index += 1;
  if (index === 0 && line.charCodeAt(0) !== 123) return -1;
  if (line.charCodeAt(index) !== 123 /* { */) return index > 0 && isBlank(line.charCodeAt(index)) ? index : -1;
  let quoted = false;
  for (index += 1; index < line.length; index += 1) {
    const code = line.charCodeAt(index);
    if (quoted && code === 92 /* \ */) index += 1;
    else if (code === 34 /* " */) quoted = !quoted;
    else if (code === 125 /* } */ && !quoted) return index + 1;
  }
  return -1;
}

function isNameCode(code: number, index: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    code === 58 ||
    (index > 0 && code >= 48 && code <= 57)
  );
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function firstWord(line: string, from: number): string {
  let start = from;
  while (start < line.length && isBlank(line.charCodeAt(start))) start += 1;
  let end = start;
  while (end < line.length && !isBlank(line.charCodeAt(end))) end += 1;
  return line.slice(start, end);
}

function numberOf(word: string): number | undefined {
  if (word === '') return undefined;
  const value = Number(word);
  if (!Number.isNaN(value)) return value;
  const lower = word.toLowerCase();
  if (lower === 'nan') return Number.NaN;
  if (lower === '+inf' || lower === 'inf' || lower === '+infinity') return Number.POSITIVE_INFINITY;
  return lower === '-inf' || lower === '-infinity' ? Number.NEGATIVE_INFINITY : undefined;
}

/** Name and labels of a sample's key; `undefined` when the labels are malformed. Escapes are resolved; a quoted name (UTF-8 names) is taken. */
export function readKey(key: string): { name: string; labels: Record<string, string> } | undefined {
  const brace = key.indexOf('{');
  if (brace < 0) return { name: key.trim(), labels: {} };
  let name = key.slice(0, brace).trim();
  const labels = new Map<string, string>();
  const pair = /\s*(?:([a-zA-Z_][a-zA-Z0-9_.]*)|"((?:[^"\\]|\\.)*)")\s*(?:=\s*"((?:[^"\\]|\\.)*)"\s*)?(?:,|$)/sy;
  const inner = key.slice(brace + 1, -1).trim();
  while (pair.lastIndex < inner.length) {
    const match = pair.exec(inner);
    if (match === null) return undefined;
    const [, plain, quoted, value] = match;
    if (value !== undefined) labels.set(plain ?? unescape(quoted ?? ''), unescape(value));
    else if (quoted !== undefined && name === '') name = unescape(quoted);
    else return undefined;
  }
  return name === '' ? undefined : { name, labels: Object.fromEntries(labels) };
}

function unescape(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(.)/gs, (_all, next: string) => (next === 'n' ? '\n' : next)) : text;
}

const suffixes = ['_bucket', '_sum', '_count', '_total', '_created', '_info'];

/** The family of a sample's name and how its values are meant, by what the exposition declared, else by the `_total` convention. */
export function typeOf(
  name: string,
  labels: Record<string, string>,
  families: ReadonlyMap<string, FamilyFacts>,
): { family: string; type: MetricType } {
  let family = name;
  let declared = families.get(name)?.type;
  if (declared === undefined) {
    const suffix = suffixes.find(
      (one) => name.endsWith(one) && families.get(name.slice(0, -one.length))?.type !== undefined,
    );
    if (suffix !== undefined) {
      family = name.slice(0, -suffix.length);
      declared = families.get(family)?.type;
      if (suffix === '_created') return { family, type: 'gauge' };
    }
  }
  return { family, type: typeFrom(declared, name, labels) };
}

function typeFrom(declared: string | undefined, name: string, labels: Record<string, string>): MetricType {
  switch (declared ?? 'unknown') {
    case 'counter':
      return 'counter';
    case 'histogram':
      return 'histogram';
    case 'summary':
      return 'quantile' in labels ? 'gauge' : 'counter';
    case 'gauge':
    case 'gaugehistogram':
    case 'info':
    case 'stateset':
      return 'gauge';
    default:
      return name.endsWith('_total') ? 'counter' : 'unknown';
  }
}

const units = ['seconds', 'bytes', 'ratio', 'percent', 'celsius', 'volts', 'joules', 'meters', 'milliseconds'];

/** The unit that a metric's name carries by convention (`…_seconds_total` -> `seconds`), if it carries one. */
export function unitOf(metric: string): string | undefined {
  const base = metric.replace(/_(?:total|bucket|sum|created)$/, '');
  if (metric.endsWith('_count')) return undefined;
  return units.find((unit) => base.endsWith(`_${unit}`));
}
