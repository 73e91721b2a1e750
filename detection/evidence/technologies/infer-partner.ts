import type { MetricHints } from './metric-hints.ts';
import type { Facet, LimitPartner } from './metric-knowledge.ts';
import { wordsOf } from './words-of.ts';

const quantityWords = new Set(
  'used in use usage open active max limit limits capacity size total avail available free idle current maximum busy value allocated config stats count num number required spec inuse utilization'.split(
    ' ',
  ),
);

/** The words of a name that say what is measured, without those that say how much of it: partners share them. */
export function stemOf(metric: string): string {
  return wordsOf(metric)
    .filter((word) => !quantityWords.has(word))
    .join(' ');
}

const howOf: Readonly<Record<string, readonly (readonly [RegExp, LimitPartner['how']])[]>> = {
  used: [
    [/(^|_)(max|maximum|limit|limits|capacity|quota|total|size)(_|$)/i, 'limit'],
    [/(^|_)(free|avail|available|remaining|idle)(_|$)/i, 'rest'],
  ],
  left: [
    [/(^|_)(total|size|max|maximum|limit|capacity)(_|$)|Total/i, 'total'],
    [/(^|_)(used|usage)(_|$)/i, 'rest'],
  ],
  limit: [
    [/(^|_)(used|usage|current|in_use|open|active|stats|entries)(_|$)/i, 'used'],
    [/(^|_)(free|avail|available)(_|$)/i, 'used'],
  ],
};

/**
 * The other half of a use and its limit: the one that rules divide it by, where they do; else, among the metrics that are there, one with the same
 * words and a limit's, a rest's or a total's word beside them. Undefined where none is.
 */
export function partnerByName(metric: string, facet: Facet, { use, others }: MetricHints): LimitPartner | undefined {
  if (facet === 'moment') return use?.clocked === true ? { metric: 'now', how: 'now' } : undefined;
  if (!['used', 'left', 'limit', 'number', 'waiting', 'reading'].includes(facet)) return undefined;
  return partnerInRules(metric, facet, use) ?? (others === undefined ? undefined : partnerAmong(metric, facet, others));
}

/** What rules divide it by. */
function partnerInRules(metric: string, facet: Facet, use: MetricHints['use']): LimitPartner | undefined {
  const divided = use?.dividedBy[0];
  if (divided === undefined || (!divided.rest && divided.metric === metric)) return undefined;
  if (divided.rest) return { metric: divided.metric, how: 'rest' };
  return { metric: divided.metric, how: facet === 'left' ? 'total' : facet === 'limit' ? 'used' : 'limit' };
}

/** One of the metrics that are there with the same stem and a partner's word. */
function partnerAmong(metric: string, facet: Facet, others: ReadonlySet<string>): LimitPartner | undefined {
  const stem = stemOf(metric);
  if (stem === '') return undefined;
  const near = [...others].filter((other) => other !== metric && stemOf(other) === stem);
  const plain = facet === 'number' || facet === 'waiting' ? 'used' : facet;
  for (const [pattern, how] of howOf[plain] ?? []) {
    const found = near.find((other) => pattern.test(other));
    if (found !== undefined) return { metric: found, how };
  }
  const bare =
    facet === 'limit' ? near.find((other) => !howOf['used']?.some(([pattern]) => pattern.test(other))) : undefined;
  return bare === undefined ? undefined : { metric: bare, how: 'used' };
}
