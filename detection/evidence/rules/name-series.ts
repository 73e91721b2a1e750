import type { Matcher, Selector } from './prom-expression.ts';

/** How a metric is said: its words, and the unit that its name ends in. */
export interface SeriesName {
  words: string;
  unit?: RuleUnit;
  /** Value of one unit of the metric in base units: 0.001 for milliseconds. */
  scale: number;
}

/** Units that thresholds are said in; `timestamp`: seconds since 1970. */
export type RuleUnit = 'seconds' | 'bytes' | 'ratio' | 'celsius' | 'volts' | 'timestamp';

const suffixes: readonly (readonly [RegExp, RuleUnit, number])[] = [
  [/_timestamp(_seconds)?$/, 'timestamp', 1],
  [/_(start|last|end|expiry|expiration)_time_seconds$/, 'timestamp', 1],
  [/_seconds$/, 'seconds', 1],
  [/_(milliseconds|millis|ms)$/, 'seconds', 0.001],
  [/_(microseconds|micros|us)$/, 'seconds', 1e-6],
  [/_(nanoseconds|nanos|ns)$/, 'seconds', 1e-9],
  [/_bytes$/, 'bytes', 1],
  [/_(kilobytes|kb|KB)$/, 'bytes', 1_000],
  [/_(megabytes|mb|MB)$/, 'bytes', 1_000_000],
  [/_percent(age)?$/, 'ratio', 0.01],
  [/_ratio$/, 'ratio', 1],
  [/_celsius$/, 'celsius', 1],
  [/_volts$/, 'volts', 1],
];

/** Reads a metric's name as words: counters without `_total`, units apart, the parts of histograms by what they hold. */
export function nameMetric(metric: string): SeriesName {
  const counter = metric.replace(/_total$/, '');
  const part = /_(bucket|sum|count)$/.exec(counter)?.[1];
  const base = part === undefined ? counter : counter.slice(0, -part.length - 1);
  // An alarm is a state, whatever unit its name ends in.
  const row = /_alarm_/.test(base) ? undefined : suffixes.find(([pattern]) => pattern.test(base));
  const bare =
    row === undefined
      ? base
      : row[1] === 'timestamp'
        ? base.replace(/_(timestamp_seconds|timestamp|time_seconds|seconds)$/, '')
        : base.replace(row[0], '');
  const counts = part === 'count' && (row?.[1] === 'seconds' || /_(duration|latency|time)$/.test(bare));
  const words = counts ? plural(wordsIn(bare.replace(/_(duration|latency|time|delay|lag)$/, ''))) : wordsIn(bare);
  if (row === undefined || part === 'count') return { words, scale: 1 };
  return { words, unit: row[1], scale: row[2] };
}

/** `http_requests` as "http requests"; names in capitals and humps stay as they are. */
function wordsIn(name: string): string {
  const setting = /^setting:(.*)$/.exec(name);
  if (setting !== null) return `the setting ${setting[1] ?? ''}`;
  const words = name.replaceAll(/[_:]+/g, ' ').trim();
  return words === '' ? 'any metric' : words.slice(0, 120);
}

function plural(words: string): string {
  return words.endsWith('s') ? words : /(ch|sh|x)$/.test(words) ? `${words}es` : words.replace(/y$/, 'ie') + 's';
}

/** A selector as words: "http requests with code 5xx and job api". */
export function nameSelector({ metric, matchers }: Selector): string {
  const { words } = nameMetric(metric);
  const said = matchers.flatMap((matcher) => matcherWords(matcher));
  return said.length === 0 ? words : `${words} with ${listed(said, 'and')}`;
}

function matcherWords({ label, op, value }: Matcher): string[] {
  const name = label.replaceAll('_', ' ');
  if (value === '' || value === '.*' || value === '.+') {
    const isAny = (op === '!=' && value === '') || (op === '=~' && value === '.+');
    return isAny ? [`any ${name}`] : op === '=' ? [`no ${name}`] : [];
  }
  const values = op === '=' || op === '!=' ? value : patternWords(value);
  return [op.startsWith('!') ? `${name} other than ${values}` : `${name} ${values}`];
}

const classPattern = /^\^?([1-5])(?:\.\.|\.\*|\.\+|xx|\\d\\d|\[0-9\]\[0-9\]|\d?\.)\$?$/;

/** A pattern in words where it is one of those that people write: `5..` as 5xx, `a|b` as "a or b", `.*x.*` as "like x". */
function patternWords(pattern: string): string {
  const inner = pattern.replace(/^\^/, '').replace(/\$$/, '');
  const bare = /^\(([^()]*)\)$/.exec(inner)?.[1] ?? inner;
  const each = bare.split('|');
  if (each.length > 24) return `matching ${pattern.slice(0, 80)}`;
  const words = each.map((one) => {
    const status = classPattern.exec(one)?.[1];
    if (status !== undefined) return `${status}xx`;
    const like = /^(?:\.[*+])?([\w/:@ -]+)(?:\.[*+])?$/.exec(one)?.[1];
    if (like === undefined) return undefined;
    return like === one ? one : `like ${like}`;
  });
  return words.some((one) => one === undefined)
    ? `matching ${pattern.slice(0, 80)}`
    : listed(
        words.flatMap((one) => one ?? []),
        'or',
      );
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
}
