import { describe, expect, it } from 'vitest';
import type { Topology } from '../../domain/entity.ts';
import type { Series } from '../../domain/signal.ts';
import { createFakeClock, isoOf } from '../../infra/runtime/clock.ts';
import { createDataSources, loadersOf } from './data-sources.ts';
import { withJoinedNames } from './join-names.ts';
import { factsOf } from './name-facts.ts';

const now = Date.UTC(2026, 2, 1, 12);
const window = { from: isoOf(now - 60_000), to: isoOf(now) };
const one = (metric: string, labels: Record<string, string>, entity = `service:${labels['job'] ?? ''}`): Series => ({
  metric,
  type: 'gauge',
  entity,
  labels,
  samples: [[now - 30_000, 1]],
});
const series = [
  one('up', { job: 'shop-app', instance: '127.0.0.1:5000' }),
  one('up', { job: 'postgres-exporter', instance: '127.0.0.1:9187' }),
  one('up', { job: 'redis', instance: '127.0.0.1:9121' }),
  one('up', { job: 'blackbox', instance: 'http://127.0.0.1:5000/health' }),
  one('probe_success', { job: 'blackbox', instance: 'http://127.0.0.1:5000/health' }),
  one('pg_settings_max_connections', { job: 'postgres-exporter', server: '127.0.0.1:5432' }),
  one('process_resident_memory_bytes', { job: 'postgres-exporter' }),
  one('ALERTS', { instance: '127.0.0.1:5000' }, 'other:unknown'),
];
const topology: Topology = {
  entities: ['service:nginx', 'endpoint:localhost:5000', 'service:postgresql', 'endpoint:127.0.0.1:6379'].map((id) => ({
    id,
    kind: id.startsWith('endpoint') ? ('endpoint' as const) : ('service' as const),
    name: id.slice(id.indexOf(':') + 1),
  })),
  edges: [
    { from: 'service:nginx', to: 'endpoint:localhost:5000', kind: 'calls', source: 'logs', confidence: 0.8 },
    { from: 'endpoint:localhost:5000', to: 'endpoint:127.0.0.1:6379', kind: 'calls', source: 'logs', confidence: 0.8 },
  ],
};
const log = { at: isoOf(now - 1_000), entity: 'service:postgresql', level: 'error' as const, message: 'x' };
const recorded = (held: Series[]) =>
  createDataSources(
    loadersOf({ metrics: held, logs: [log], spans: [], changes: [], resources: [], advisories: [], topology }),
    'recorded',
  );
const sources = (aliases: Record<string, string[]> = {}) =>
  withJoinedNames(recorded(series), aliases, createFakeClock(now));

async function ownersOf(entities: string[], aliases?: Record<string, string[]>): Promise<string[]> {
  const result = await sources(aliases).metrics!.query({ metrics: [], entities, window, stepMs: 0, maxSeries: 100 });
  return result.status === 'ok' ? result.items.map(({ metric, entity }) => `${metric} ${entity}`).sort() : [];
}

describe('joined names', () => {
  it('gives what an exporter measures to its target, what it is to itself, and what names nobody to who listens there', async () => {
    expect(await ownersOf([])).toEqual([
      'ALERTS service:shop-app',
      'pg_settings_max_connections service:postgres',
      'probe_success service:shop-app',
      'process_resident_memory_bytes service:postgres-exporter',
      'up service:blackbox',
      'up service:postgres-exporter',
      'up service:redis',
      'up service:shop-app',
    ]);
    expect(await ownersOf(['service:postgres'])).toEqual(['pg_settings_max_connections service:postgres']);
  });

  it('joins log files, addresses and ports of known software in logs and topology, with the former names as aliases', async () => {
    const logs = await sources().logs!.search({ entities: ['service:postgres'], window, limit: 10 });
    expect(logs.status === 'ok' && logs.items.map(({ entity }) => entity)).toEqual(['service:postgres']);
    const read = await sources().topology!.read(window);
    const [joined] = read.status === 'ok' ? read.items : [];
    expect(joined?.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'service:nginx service:shop-app',
      'service:shop-app service:redis',
    ]);
    expect(joined?.entities.find(({ id }) => id === 'service:postgres')?.aliases).toContain('service:postgresql');
  });

  it('gives what a host exporter measures to the host, by its name, and finds it again by that', async () => {
    const host = { job: 'node', instance: '10.0.0.5:9100' };
    const held = [one('node_uname_info', { ...host, nodename: 'web1' }), one('node_load1', host)];
    const request = { metrics: ['node_load1'], entities: ['host:web1'], window, stepMs: 0, maxSeries: 9 };
    const result = await withJoinedNames(recorded(held), {}, createFakeClock(now)).metrics!.query(request);
    expect(result.status === 'ok' && result.items.map(({ entity }) => entity)).toEqual(['host:web1']);
  });

  it('names the other end that series and complaints give by address', async () => {
    const call = one('access_log_http_client_requests_total', {
      job: 'nginx',
      upstream: 'localhost:5000',
      status: '502',
    });
    const text = 'dial tcp 127.0.0.1:6379: connect: connection refused';
    const complaint = { ...log, entity: 'service:shop-app', message: text };
    const held = createDataSources(
      loadersOf({
        metrics: [...series, call],
        logs: [complaint],
        spans: [],
        changes: [],
        resources: [],
        advisories: [],
        topology,
      }),
      'recorded',
    );
    const named = withJoinedNames(held, {}, createFakeClock(now));
    const calls = await named.metrics!.query({ metrics: [call.metric], entities: [], window, stepMs: 0, maxSeries: 9 });
    expect(calls.status === 'ok' && calls.items[0]?.labels['peer_service']).toBe('shop-app');
    const logs = await named.logs!.search({ entities: [], window, limit: 9 });
    expect(logs.status === 'ok' && logs.items[0]?.fields?.['peer_service']).toBe('redis');
  });

  it('takes a database for its server, and spellings of a name for one', async () => {
    const span = {
      traceId: 't',
      spanId: 's',
      entity: 'service:Shop_App',
      name: 'q',
      kind: 'client' as const,
      startMs: now - 1_000,
      durationMs: 1,
      status: 'ok' as const,
      attributes: { 'db.system': 'postgresql', 'db.name': 'shop', 'server.address': '127.0.0.1' },
    };
    const seen: Topology = {
      entities: ['service:Shop_App', 'database:shop'].map((id) => ({ id, kind: 'service' as const, name: id })),
      edges: [{ from: 'service:Shop_App', to: 'database:shop', kind: 'reads', source: 'spans', confidence: 1 }],
    };
    const held = createDataSources(
      loadersOf({
        metrics: series,
        logs: [],
        spans: [span],
        changes: [],
        resources: [],
        advisories: [],
        topology: seen,
      }),
      'recorded',
    );
    const read = await withJoinedNames(held, {}, createFakeClock(now)).topology!.read(window);
    expect(read.status === 'ok' && read.items[0]?.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'service:shop-app service:postgres',
    ]);
  });

  it('takes a person at his word, and leaves apart what may be two things', async () => {
    expect(await ownersOf(['service:cache'], { cache: ['redis'] })).toEqual(['up service:cache']);
    const twice = [...series, one('up', { job: 'other', instance: '127.0.0.1:5000' })];
    const apart = withJoinedNames(recorded(twice), {}, createFakeClock(now));
    const read = await apart.topology!.read(window);
    expect(read.status === 'ok' && read.items[0]?.edges[0]?.to).toBe('endpoint:localhost:5000');
  });

  it('tells why', () => {
    expect(factsOf(series).map(({ id, also, reason }) => `${id} = ${also}: ${reason}`)).toContain(
      "service:postgres = 127.0.0.1:5432: its exporter's target",
    );
  });
});
