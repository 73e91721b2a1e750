import { describe, expect, it } from 'vitest';
import type { Change } from '../../../domain/signal.ts';
import { createGrammarLoader } from './parse/grammars.ts';
import type { ChangeReading } from './read-changes.ts';
import { grammarsFor, readChange, readChanges } from './read-changes.ts';

const change = (more: Partial<Change> & { removed?: string[]; added?: string[]; file?: string }): Change => {
  const { removed = [], added = [], file = 'src/a.ts', ...rest } = more;
  const lines = [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)];
  return {
    id: 'c1',
    at: '2026-01-01T00:00:00Z',
    kind: 'deploy',
    entity: 'service:a',
    title: 'Deploy a 1.2.3',
    ...(lines.length === 0
      ? {}
      : { diff: [`--- a/${file}`, `+++ b/${file}`, '@@ -1 +1 @@', ...lines].join('\n'), files: [file] }),
    ...rest,
  };
};
const loader = createGrammarLoader();
const read = async (one: Change): Promise<ChangeReading> => readChange(one, await loader.load(grammarsFor([one])));

describe('readChange', () => {
  it.each([
    [
      'a smaller pool',
      { removed: ['  poolSize: 20'], added: ['  poolSize: 2'], file: 'deploy/values.yaml' },
      'pool-lowered',
    ],
    [
      'a renamed and smaller pool',
      { removed: ['  max: 8'], added: ['  poolMax: 1'], file: 'values.yaml' },
      'pool-lowered',
    ],
    [
      'more retries',
      { removed: ['    attempts: 2'], added: ['    attempts: 10'], file: 'values.yaml' },
      'retries-raised',
    ],
    [
      'a cache that expires at once',
      { removed: ['  ttlSeconds: 20'], added: ['  ttlSeconds: 0'], file: 'values.yaml' },
      'cache-lowered',
    ],
    [
      'a dropped index',
      { added: ['DROP INDEX IF EXISTS orders_by_day;'], file: 'migrations/0042_tidy.sql' },
      'index-dropped',
    ],
    [
      'reads one by one',
      { removed: ['  return loadMany(ids);'], added: ['  for (const id of ids) found.push(await load(id));'] },
      'call-in-loop',
    ],
    [
      'a deep read that may fail',
      { removed: ['  return reply;'], added: ['  return reply.pricing.tax.rate.toFixed(2);'] },
      'access-added',
    ],
    ['a lock that is gone', { removed: ['	m.mu.Lock()', '	defer m.mu.Unlock()'], file: 'a.go' }, 'lock-dropped'],
    [
      'a memory limit',
      {
        removed: ['    limits:', '      memory: 512Mi'],
        added: ['    limits:', '      memory: 64Mi'],
        file: 'k8s/a.yaml',
      },
      'memory-lowered',
    ],
    [
      'a size in Terraform',
      {
        removed: ['resource "db" "a" {', '  max_connections = 200', '}'],
        added: ['resource "db" "a" {', '  max_connections = 20', '}'],
        file: 'db.tf',
      },
      'pool-lowered',
    ],
    ['a base image', { removed: ['FROM node:20'], added: ['FROM node:24'], file: 'Dockerfile' }, 'image-changed'],
    ['an address', { removed: ['DB_HOST=main.db'], added: ['DB_HOST=main.internal'], file: '.env' }, 'address-changed'],
    [
      'a major version',
      { removed: ['	example.org/lib v1.2.3'], added: ['	example.org/lib v2.0.0'], file: 'go.mod' },
      'dependency-moved',
    ],
    ['louder logs', { removed: ['  level: info'], added: ['  level: debug'], file: 'config/logging.yaml' }, undefined],
  ])('reads %s', async (_name, parts, effect) => {
    const { effects, innocent } = await read(change(parts));
    expect(innocent).toBeUndefined();
    if (effect !== undefined) expect(effects.map((one) => one.effect)).toContain(effect);
  });

  it.each([
    ['tests only', { added: ['  expect(pool.size).toBe(3);'], file: 'src/pool.test.ts' }],
    ['documents only', { added: ['Reads are retried twice.'], file: 'README.md' }],
    ['types only', { removed: ['export interface Ctx {'], added: ['export interface Context {'] }],
    ['a wording', { removed: ["  late: 'too late now',"], added: ["  late: 'that was too late',"] }],
    ['a line of logging', { removed: ['	log.Debug("x")'], added: ['	log.Info("x", n)'], file: 'src/a.go' }],
    ['a quieter log', { removed: ['  auditLevel: debug'], added: ['  auditLevel: info'], file: 'deploy/values.yaml' }],
  ])('sees that %s do nothing', async (_name, parts) => {
    const { effects, innocent } = await read(change(parts));
    expect(effects).toEqual([]);
    expect(innocent).toBeTypeOf('string');
  });

  it('is told nothing by titles and names of files', async () => {
    const kind = { removed: ['  limit: 50'], added: ['  limit: 5'] };
    const plain = await read(change({ ...kind, file: 'a.yaml' }));
    const named = await read(
      change({ ...kind, file: 'dashboards/alerts.yaml', title: 'chore: wording of the banner, no risk' }),
    );
    expect(named.effects.map(({ effect, sure }) => [effect, sure])).toEqual(
      plain.effects.map(({ effect, sure }) => [effect, sure]),
    );
  });

  it('says which languages were read by lines only', async () => {
    const { byLines, effects } = await read(
      change({ removed: ['val limit = 5'], added: ['val limit = 6'], file: 'A.scala' }),
    );
    expect(byLines).toEqual(['scala']);
    expect(effects).not.toEqual([]);
  });

  it('gives findings in order of time, whatever the order of the feed', () => {
    const later = change({ id: 'c2', at: '2026-01-01T00:05:00Z' });
    expect(readChanges([later, change({})]).map(({ data }) => data?.['change'])).toEqual(['c1', 'c2']);
  });
});
