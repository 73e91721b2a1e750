import { errorWords, eventVerbs } from './facet-words.ts';
import type { Facet } from './metric-knowledge.ts';
import type { FacetClues, FacetRule } from './facet-rule.ts';
import { levelFacets } from './level-facets.ts';

const times = new Set(['seconds', 'milliseconds', 'microseconds', 'nanoseconds', 'minutes', 'hours', 'days']);
const readings = new Set(['celsius', 'fahrenheit', 'volts', 'amperes', 'watts', 'joules', 'hertz', 'rpm', 'decibels']);

/** Of all metrics, first. */
const anyFacets: readonly FacetRule[] = [
  ['monitoring', ({ has }) => has('scrape', 'scrapes', 'scraped', 'promhttp', 'collecttime')],
  ['monitoring', ({ words: [first = ''] }) => ['alerts', 'exporter', 'prometheus', 'alertmanager'].includes(first)],
  ['monitoring', ({ words, has }) => words.indexOf('exporter') === 1 && !has('queue', 'send', 'sent', 'spans')],
  ['monitoring', ({ has }) => has('collector') && has('success', 'duration')],
  ['info', ({ type, last }) => type === 'info' || last === 'version'],
  ['moment', ({ unit }) => unit === 'timestamp'],
  ['alarm', ({ has }) => has('alarm')],
  ['state', ({ unit, has, last }) => readings.has(unit ?? '') && (has('fault') || ['state', 'status'].includes(last))],
  ['limit', ({ unit, has }) => readings.has(unit ?? '') && has('max', 'min', 'crit', 'nominal', 'limit')],
  ['reading', ({ unit, hints }) => readings.has(unit ?? '') && hints.use?.divides === undefined],
  ['reading', ({ has, last }) => has('humidity', 'fan', 'wattage') && !['state', 'status', 'fault'].includes(last)],
  ['inner', ({ has, unit }) => has('gc', 'garbagecollector') && unit !== 'bytes'],
  ['restarts', ({ has }) => has('restarts', 'restart', 'crashes', 'reboots') && !has('time')],
  ['hit-share', ({ has, unit }) => has('hit', 'hits') && (['ratio', 'percent'].includes(unit ?? '') || has('rate'))],
  ['hits', ({ has }) => has('hits', 'hit')],
  ['misses', ({ has }) => has('misses', 'miss')],
  ['lag', ({ has }) => has('lag', 'behind', 'lagging') || (has('replication', 'replica') && has('delay'))],
  ['lag', ({ has, unit }) => has('offset', 'drift', 'skew') && times.has(unit ?? '')],
  ['age', ({ has, unit, last }) => has('age', 'oldest') && (times.has(unit ?? '') || last === 'age')],
  ['age', ({ has, last }) => has('uptime') || (has('up') && last === 'time')],
];

/** Of what is counted, and of distributions. */
const flowFacets: readonly FacetRule[] = [
  [
    'duration',
    ({ type, unit, has }) => type !== 'counter' && (times.has(unit ?? '') || has('latency', 'delay', 'duration')),
  ],
  ['errors', ({ has }) => has(...errorWords) || (has('timed', 'out') && has('timed'))],
  ['time-spent', ({ unit, last }) => times.has(unit ?? '') || last === 'time'],
  ['errors', ({ has }) => has('dead', 'discards', 'warnings', 'warning')],
  ['flow', () => true],
];

/** What a metric tells, by its name, type, unit and how it is used; `unknown` where nothing says it. Cost linear in the name. */
export function facetOf(clues: FacetClues): Facet {
  const counted = ['counter', 'histogram', 'summary'].includes(clues.type);
  const rules = [...anyFacets, ...(counted ? flowFacets : levelFacets)];
  return rules.find(([, when]) => when(clues))?.[0] ?? 'unknown';
}

/** Names of events that are counted, where no `_total` says so. */
export function isEventWord(word: string): boolean {
  return eventVerbs.includes(word) || errorWords.includes(word);
}
