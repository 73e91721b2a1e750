import { describe, expect, it } from 'vitest';
import type { Change } from '../../../domain/signal.ts';
import { readChange, readChanges } from './read-changes.ts';

const change = (more: Partial<Change> & { removed?: string[]; added?: string[]; file?: string }): Change => {
  const { removed = [], added = [], file = 'src/a.ts', ...rest } = more;
  const diff =
    removed.length + added.length === 0
      ? undefined
      : [
          `--- a/${file}`,
          `+++ b/${file}`,
          '@@ -1 +1 @@',
          ...removed.map((line) => `-${line}`),
          ...added.map((line) => `+${line}`),
        ].join('\n');
  return {
    id: 'c1',
    at: '2026-01-01T00:00:00Z',
    kind: 'deploy',
    entity: 'service:a',
    title: 'Deploy a 1.2.3',
    ...(diff === undefined ? {} : { diff, files: [file] }),
    ...rest,
  };
};

describe('readChange', () => {
  it.each([
    [
      'a smaller pool',
      { removed: ['  poolSize: 20'], added: ['  poolSize: 2'], file: 'deploy/values.yaml' },
      'pool-exhaustion',
    ],
    [
      'more retries',
      { removed: ['    attempts: 2'], added: ['    attempts: 10'], file: 'deploy/values.yaml' },
      'retry-storm',
    ],
    [
      'a cache that expires at once',
      { removed: ['  ttlSeconds: 20'], added: ['  ttlSeconds: 0'], file: 'deploy/values.yaml' },
      'cache-loss',
    ],
    [
      'a dropped index',
      { added: ['DROP INDEX IF EXISTS orders_by_day;'], file: 'migrations/0042_tidy.sql' },
      'missing-index',
    ],
    [
      'reads one by one',
      { removed: ['  return loadMany(ids);'], added: ['  for (const id of ids) found.push(await load(id));'] },
      'n-plus-one',
    ],
    [
      'a map that only grows',
      { removed: ['  return build(request);'], added: ['  sessions.set(request.id, build(request));'] },
      'memory-leak',
    ],
    [
      'a deep read that may fail',
      { removed: ['  return reply;'], added: ['  return reply.pricing.tax.rate.toFixed(2);'] },
      'bad-deploy-errors',
    ],
    [
      'a consumer that pauses',
      { removed: ['  prefetch: 10'], added: ['  prefetch: 0'], file: 'deploy/values.yaml' },
      'consumer-stalled',
    ],
  ])('reads %s as %s', (_name, parts, faultKind) => {
    const { hints } = readChange(change(parts));
    expect(hints[faultKind] ?? 0).toBeGreaterThanOrEqual(0.6);
  });

  it.each([
    ['tests only', { added: ['  expect(pool.size).toBe(3);'], file: 'src/pool.test.ts' }],
    ['documents only', { added: ['Reads are retried twice.'], file: 'README.md' }],
    ['types only', { removed: ['export interface Ctx {'], added: ['export interface Context {'] }],
    ['patch versions', { removed: ['    "luxon": "3.6.1",'], added: ['    "luxon": "3.7.0",'], file: 'package.json' }],
    ['a log level', { removed: ['  auditLevel: debug'], added: ['  auditLevel: info'], file: 'deploy/values.yaml' }],
    ['a banner flag', { kind: 'flag' as const, title: 'winter-banner enabled for 20 %' }],
  ])('sees that %s can bring no fault', (_name, parts) => {
    const reading = readChange(change(parts));
    expect(reading.hints).toEqual({});
    expect(reading.innocent).toBeTypeOf('string');
  });

  it('gives findings in order of time, whatever the order of the feed', () => {
    const later = change({ id: 'c2', at: '2026-01-01T00:05:00Z' });
    expect(readChanges([later, change({})]).map(({ data }) => data?.['change'])).toEqual(['c1', 'c2']);
  });
});
