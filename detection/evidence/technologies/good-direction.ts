import type { Facet } from './metric-knowledge.ts';

const byFacet: Partial<Record<Facet, 'up' | 'down'>> = {
  up: 'up',
  left: 'up',
  spare: 'up',
  hits: 'up',
  'hit-share': 'up',
  alarm: 'down',
  errors: 'down',
  restarts: 'down',
  duration: 'down',
  fill: 'down',
  used: 'down',
  waiting: 'down',
  lag: 'down',
  age: 'down',
  misses: 'down',
};

/** Words of what is counted that say more is worse, and that more is better. */
export const badWords = new Set(
  'failed failing failure failures error errors offline unhealthy unavailable unreachable lost dead blocked missing degraded corrupted stuck zombie zombies stale dropped rejected refused throttled deadlock deadlocks unsynchronized uncorrectable correctable reallocated outstanding violations conflicts bad down invalid expired halted stopped suspect slow partitions incidents bloat tombstones duplicate unroutable unassigned underreplicated oversized inactive unknown disconnected'.split(
    ' ',
  ),
);
export const goodWords = new Set(
  'healthy alive online available ready live running active up registered synced successful success connected'.split(
    ' ',
  ),
);

/** Which way is good for a facet of a subject; undefined where neither is. */
export function goodOf(facet: Facet, subject: string): 'up' | 'down' | undefined {
  const known = byFacet[facet];
  if (known !== undefined || !['number', 'flow'].includes(facet)) return known;
  const words = subject.toLowerCase().split(' ');
  if (words.some((word) => badWords.has(word)) || /\bnot\b/.test(subject)) return 'down';
  return facet === 'number' && words.some((word) => goodWords.has(word)) ? 'up' : undefined;
}
