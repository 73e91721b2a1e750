import { describe, expect, it } from 'vitest';
import type { Change } from '../../../domain/signal.ts';
import { linkChanges } from './link-changes.ts';

const commit = (id: string, minute: number, file: string): Change => ({
  id,
  at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
  kind: 'commit',
  title: id,
  files: [file],
});
const deploy = (service: string, minute: number, ref: string): Change => ({
  id: `d-${service}-${minute}`,
  at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
  kind: 'deploy',
  entity: `service:${service}`,
  title: service,
  ref,
});

describe('linkChanges', () => {
  const reaches = linkChanges([
    commit('own', 1, 'services/order/handler.go'),
    commit('library', 2, 'pkg/db/pool.go'),
    commit('named', 3, 'services/order/other.go'),
    commit('late', 30, 'services/order/late.go'),
    deploy('orderservice', 10, 'named'),
    deploy('cart', 12, 'elsewhere'),
  ]);

  it('lets a deploy carry what its service got since the last one', () => {
    expect(reaches.get('named')).toEqual([
      { entity: 'service:orderservice', at: '2026-01-01T00:10:00Z', via: 'deploy' },
    ]);
    expect(reaches.get('own')).toEqual([{ entity: 'service:orderservice', at: '2026-01-01T00:10:00Z', via: 'path' }]);
  });

  it('builds a shared library into whatever is deployed next', () => {
    expect(reaches.get('library')?.map(({ entity, via }) => [entity, via])).toEqual([
      ['service:orderservice', 'shared'],
      ['service:cart', 'shared'],
    ]);
  });

  it('holds that a commit does nothing before a deploy carries it', () => {
    expect(reaches.get('late')).toEqual([]);
  });
});
