import { isPlural } from './facet-rule.ts';
import { isEventWord } from './infer-facet.ts';
import type { MetricHints } from './metric-hints.ts';
import type { KnownType } from './metric-knowledge.ts';
import type { NameParts } from './name-parts.ts';

/** What the type is told from. `told`: by the HELP text. */
export interface TypeClues {
  parts: NameParts;
  hints: MetricHints;
  unit: string | undefined;
  told: KnownType | undefined;
}

const given = new Set<KnownType>(['counter', 'gauge', 'histogram', 'summary', 'info']);
const stockWords = ['last', 'current', 'pending', 'available', 'rate', 'per', 'max', 'limit'];

/** In order; the first that tells. What a source declares comes first, then endings, use in rules, HELP, how values went, words. */
const rows: readonly ((clues: TypeClues) => KnownType | undefined)[] = [
  ({ hints }) => [...given].find((one) => one === hints.type?.toLowerCase()),
  ({ parts: { ending }, hints }) => (ending === 'bucket' || hints.use?.bucketed === true ? 'histogram' : undefined),
  ({ parts: { ending } }) => (ending === 'info' ? 'info' : ending === 'created' ? 'gauge' : undefined),
  (clues) => (isPartOfDistribution(clues) ? 'histogram' : undefined),
  ({ hints }) => (hints.use?.quantiled === true ? 'summary' : undefined),
  ({ hints }) => (hints.use?.counted === true ? 'counter' : undefined),
  ({ hints }) => (hints.use?.levelled === true || hints.use?.clocked === true ? 'gauge' : undefined),
  ({ told }) => told,
  ({ hints, unit }) => (hints.monotone === true && unit !== 'timestamp' ? 'counter' : undefined),
  ({ parts, hints }) => (parts.ending !== 'total' ? undefined : isTotalOfAll(parts, hints) ? 'gauge' : 'counter'),
  ({ parts, unit }) =>
    parts.humped || ['timestamp', 'percent', 'ratio'].includes(unit ?? '') || parts.has(...stockWords)
      ? 'gauge'
      : undefined,
  ({ parts }) => (isEvents(parts) ? 'counter' : undefined),
];

/** How a metric is counted; a gauge where nothing tells. */
export function typeOfName(clues: TypeClues): KnownType {
  for (const row of rows) {
    const type = row(clues);
    if (type !== undefined) return type;
  }
  return 'gauge';
}

/** `x_seconds_count` and `x_seconds_sum` are a histogram's or a summary's. */
function isPartOfDistribution({ parts: { ending, has }, hints, unit }: TypeClues): boolean {
  if ((ending !== 'sum' && ending !== 'count') || hints.use?.levelled === true) return false;
  return (unit !== undefined && unit !== 'timestamp') || has('duration', 'latency', 'size', 'time');
}

/** `x_total` beside `x_used` or `x_free` is the size of it, no count; so is a number of things that are offline now. */
function isTotalOfAll({ base, has }: NameParts, { others, use }: MetricHints): boolean {
  const beside = ['used', 'free', 'available', 'avail'].some((one) =>
    [`${base}_${one}`, base.replace(/_bytes$/, `_${one}_bytes`), base.replace(/_bytes$/, `_bytes_${one}`)].some(
      (name) => name !== base && others?.has(name) === true,
    ),
  );
  return (
    beside ||
    (use?.divides?.endsWith('_total') === false && !use.counted) ||
    (use !== undefined && !use.counted && has('offline', 'online', 'inodes', 'capacity'))
  );
}

/** Names that end in what happened to what: `refused_spans`, `packets_dropped`. */
function isEvents({ words, ending }: NameParts): boolean {
  const [before = '', last = ''] = words.slice(-2);
  return (
    (ending === 'count' && isEventWord(last)) ||
    (isEventWord(before) && isPlural(last)) ||
    (isPlural(before) && isEventWord(last))
  );
}
