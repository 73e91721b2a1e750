import {
  alarmWords,
  errorWords,
  eventVerbs,
  leftWords,
  limitWords,
  memoryWords,
  queueWords,
  upWords,
  usedWords,
  waitingWords,
} from './facet-words.ts';
import { badWords, goodWords } from './good-direction.ts';
import type { FacetClues, FacetRule } from './facet-rule.ts';
import { isPlural } from './facet-rule.ts';
import type { Facet } from './metric-knowledge.ts';

const times = new Set(['seconds', 'milliseconds', 'microseconds', 'nanoseconds', 'minutes', 'hours', 'days']);
const sizes = new Set(['bytes', 'KiB', 'MiB', 'GiB']);
const shares = new Set(['ratio', 'percent']);
const isTime = ({ unit = '' }: FacetClues): boolean => times.has(unit);
const isSize = ({ unit = '' }: FacetClues): boolean => sizes.has(unit);
const isShare = ({ unit = '' }: FacetClues): boolean => shares.has(unit);
const endsIn = ({ last }: FacetClues, wanted: readonly string[]): boolean => wanted.includes(last);
/** Rules compare it with 0 or 1. */
const isFlag = ({ hints, unit }: FacetClues): boolean =>
  unit === 'bool' || (hints.use?.equals ?? []).some((value) => value === 0 || value === 1);
/** Its HELP says whether something is so. */
const tellsWhether = ({ hints }: FacetClues): boolean =>
  /\b(whether|1 if|1 for|1 =|= 1|boolean|is up|was successful)\b/i.test(hints.help ?? '');
/** `messages ready` are so many; `config ready` is so or not. What rules hold against 0 or 1 by such a word is a flag of each. */
const isOfMany = (clues: FacetClues): boolean =>
  isPlural(clues.words.at(-2) ?? '') &&
  !(isFlag(clues) && ['health', 'healthy', 'up', 'alive', 'active'].includes(clues.last));
/** A divisor of another level is its limit. */
const isDivisor = ({ hints: { use } }: FacetClues): boolean => use?.divides !== undefined && !use.counted;

const quantityWords: readonly (readonly [Facet, readonly string[]])[] = [
  ['used', [...usedWords, 'current', 'open', 'active']],
  ['left', leftWords],
  ['limit', [...limitWords, 'nominal', 'slaves']],
];

/** Of words that say how much, the last in the name: `capacity_raw_free` is what is left. */
function quantityOf({ words }: FacetClues): Facet | undefined {
  for (let index = words.length - 1; index >= 0; index -= 1) {
    const found = quantityWords.find(([, wanted]) => wanted.includes(words[index] ?? ''));
    if (found !== undefined) return found[0];
  }
  return undefined;
}

const statesWords = ['state', 'status', 'states', 'phase', 'ordinal', 'result', 'mode', 'scoreboard'];
const sureUp = [
  'up',
  'ok',
  'ruok',
  'alive',
  'success',
  'successful',
  'healthy',
  'unsealed',
  'leader',
  'primary',
  'health',
];
const sureAlarm = ['fault', 'halted', 'readonly', 'mismatch', 'pressured'];
const members = ['replicas', 'nodes', 'instances', 'pods', 'members', 'brokers', 'workers', 'hosts', 'servers'];

/** Of levels, in order; the first that fits. Conventions of client libraries and exporters, and the USE method; no product's names. */
export const levelFacets: readonly FacetRule[] = [
  ['waiting', (clues) => !isTime(clues) && clues.has(...waitingWords)],
  [
    'alarm',
    (clues) =>
      (clues.has('is') || tellsWhether(clues) || clues.last === 'bool') &&
      clues.has(...alarmWords, ...errorWords, 'back'),
  ],
  ['setting', ({ words }) => words.slice(-2).some((word) => ['threshold', 'interval', 'timeout'].includes(word))],
  ['setting', ({ has, last }) => has('settings', 'setting') && !has(...limitWords) && last !== 'connections'],
  ['setting', ({ has }) => has('config') && !has('reload', 'success', 'successful', ...limitWords)],
  ['setting', ({ last }) => ['factor', 'hash', 'weight', 'priority'].includes(last)],
  [
    'up',
    ({ words }) =>
      /^(reload|sync|run|update|backup)$/.test(words.at(-2) ?? '') && (words.at(-1) ?? '').startsWith('success'),
  ],
  ['number', ({ has }) => has('score', 'quality')],
  ['limit', (clues) => isDivisor(clues) && !isShare(clues) && quantityOf(clues) !== 'used'],
  [
    'waiting',
    (clues) =>
      clues.has(...queueWords) &&
      endsIn(clues, ['size', 'length', 'depth', 'queue', 'messages', 'ready', 'queuesize', 'backlog']),
  ],
  [
    'state',
    ({ words, has }) =>
      words.slice(-2).some((word) => statesWords.includes(word)) && !has('down') && !isPlural(words.at(-1) ?? ''),
  ],
  ['state', ({ last }) => statesWords.includes(last)],
  ['state', (clues) => clues.has('is')],
  ['spare', (clues) => isShare(clues) && clues.has(...leftWords, 'charge')],
  ['setting', (clues) => isShare(clues) && clues.has('allocation')],
  ['fill', isShare],
  ['left', (clues) => isTime(clues) && clues.has('left', 'remaining', 'until')],
  [
    'fill',
    (clues) => !isTime(clues) && clues.has('utilization', 'utilisation', 'load', 'saturation') && !clues.has('current'),
  ],
  ['fill', ({ humped, has }) => humped && has('usage') && has('cpu')],
  ['up', (clues) => endsIn(clues, ['available', 'active', 'free']) && isFlag(clues) && !isOfMany(clues)],
  ['left', (clues) => quantityOf(clues) === 'left' && !isTime(clues) && !clues.has(...members)],
  ['limit', (clues) => quantityOf(clues) === 'limit' && !isTime(clues)],
  [
    'limit',
    (clues) =>
      (clues.ending === 'total' || clues.has('total', 'size')) &&
      (isSize(clues) || clues.has('inodes', 'capacity', ...memoryWords)) &&
      !clues.has('used', 'heap', 'db', 'index', 'table', 'real', 'relation'),
  ],
  ['up', (clues) => !isTime(clues) && clues.has('success') && clues.has('probe', 'check')],
  ['up', (clues) => !isTime(clues) && !isOfMany(clues) && endsIn(clues, sureUp)],
  [
    'up',
    (clues) =>
      !isOfMany(clues) && endsIn(clues, upWords) && (isFlag(clues) || tellsWhether(clues) || clues.last === 'ready'),
  ],
  ['alarm', (clues) => !isOfMany(clues) && endsIn(clues, alarmWords) && (isFlag(clues) || tellsWhether(clues))],
  ['alarm', (clues) => endsIn(clues, sureAlarm)],
  ['up', tellsWhether],
  [
    'duration',
    (clues) => isTime(clues) || clues.has('latency', 'duration', 'elapsed') || endsIn(clues, ['time', 'duration']),
  ],
  ['used', ({ has }) => has(...usedWords, 'fds', 'descriptors')],
  ['used', (clues) => clues.has(...memoryWords) && (isSize(clues) || endsIn(clues, memoryWords))],
  ['used', (clues) => endsIn(clues, ['cpu', 'storage', 'disk'])],
  ['used', (clues) => quantityOf(clues) === 'used' && (clues.hints.use?.dividedBy.length ?? 0) > 0],
  ['flow', ({ has }) => has('rps', 'qps', 'tps', 'iops', 'throughput', 'speed', 'per')],
  [
    'errors',
    ({ has }) =>
      has('errors', 'error', 'failures', 'exceptions', 'oom', 'evicted', 'timeouts', 'rejected', 'refused', 'dropped'),
  ],
  ['flow', (clues) => clues.has('network', 'traffic') && (isSize(clues) || clues.has(...eventVerbs))],
  ['number', (clues) => isSize(clues) || clues.ending === 'count' || clues.words.some(isCountable)],
  ['number', (clues) => endsIn(clues, ['size', 'length', 'count', 'depth', 'number', 'num', 'population'])],
  ['up', (clues) => isFlag(clues) && (clues.hints.use?.alarms.length ?? 0) === 0],
];

function isCountable(word: string): boolean {
  return badWords.has(word) || goodWords.has(word) || isPlural(word);
}
