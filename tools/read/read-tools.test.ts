import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Outcome } from '../../domain/outcome.ts';
import type { Series } from '../../domain/signal.ts';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { createTools } from '../catalogue.ts';
import { openEvidenceStore } from '../evidence-store.ts';
import { createFakeToolbox, fakeSession } from '../fake-toolbox.ts';
import type { KnowledgeSearch } from '../knowledge-search.ts';
import { createDataSources, loadersOf } from '../sources/data-sources.ts';
import { createExampleData, exampleWindow } from '../sources/example-data.ts';
import type { Sources } from '../sources/source.ts';

const window = exampleWindow;
const checkout = 'service:checkout';
const gateway = 'service:gateway';

function connect(
  sources: Sources = createDataSources(loadersOf(createExampleData()), 'example'),
  knowledge?: KnowledgeSearch,
) {
  const clock = createFakeClock(window.to);
  const evidence = openEvidenceStore({ clock }, ':memory:');
  const tools = createTools({ sources, evidence, clock, ...(knowledge === undefined ? {} : { knowledge }) });
  const { toolbox } = createFakeToolbox(tools, { clock, evidence });
  const client = toolbox.clientFor(fakeSession({ principal: { id: 'ann', kind: 'person', roles: ['responder'] } }));
  const ok = async (name: string, input: Record<string, unknown>) => {
    const outcome = await client.call(name, input);
    if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
    return { ...outcome, data: z.record(z.string(), z.unknown()).parse(outcome.data) };
  };
  return { client, ok, evidence };
}
const idOf = (outcome: Outcome): string => (outcome.status === 'ok' ? (outcome.evidence?.id ?? '') : '');

describe('read tools over the example shop', () => {
  it('list_services lists entities by id and finds one by a part of its name', async () => {
    const { ok, client } = connect();
    const all = await ok('list_services', { window });
    expect(all.data).toMatchObject({ truncated: false, entities: [{ id: checkout }, { id: gateway }] });
    expect(all.digest).toContain('2 service: checkout, gateway');
    expect((await ok('list_services', { window, name: 'CHECK' })).data).toMatchObject({ entities: [{ id: checkout }] });
    expect(await client.call('list_services', { window, name: 'nothing' })).toMatchObject({ status: 'no-data' });
  });

  it('describe_entity names neighbours, metrics with roles and changes without diffs', async () => {
    const { ok, client } = connect();
    const { data, evidence } = await ok('describe_entity', { entity: checkout, window });
    expect(data).toMatchObject({
      entity: { id: checkout },
      dependsOn: [],
      dependents: [{ from: gateway }],
      changes: [{ id: 'change-1' }],
    });
    expect(data['metrics']).toEqual(
      expect.arrayContaining([expect.objectContaining({ metric: 'http_requests_total', role: 'traffic' })]),
    );
    expect(JSON.stringify(data)).not.toContain('diff');
    expect(evidence?.tainted).toBe(true);
    expect(await client.call('describe_entity', { entity: 'service:nobody', window })).toMatchObject({
      status: 'no-data',
    });
  });

  it('query_metrics gives counters as rates, raw series as they are, and says what is there instead', async () => {
    const { ok, client, evidence } = connect();
    const rates = await ok('query_metrics', { entities: [gateway], metrics: ['http_requests_total'], window });
    expect(rates.data['series']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ metric: 'http_requests_total:rate', mean: 10, unit: 'per-second' }),
      ]),
    );
    expect(rates.digest).toMatch(/mean 10 \(10 to 10\)/);
    const raw = await ok('query_metrics', { entities: [gateway], metrics: ['http_*'], window, statistic: 'raw' });
    expect(raw.data).toMatchObject({ total: 1, series: [{ metric: 'http_requests_total', last: 450, count: 10 }] });
    expect(evidence.page(idOf(raw), 0, 10).total).toBe(1);
    const largest = await ok('query_metrics', { roles: ['traffic', 'memory', 'cpu'], window, order: 'largest' });
    const { series } = z.object({ series: z.array(z.object({ mean: z.number() })) }).parse(largest.data);
    const means = series.map(({ mean }) => mean);
    expect(means.length).toBeGreaterThan(1);
    expect(means).toEqual(means.toSorted((left, right) => right - left));
    const called = (entity: string, value: number): Series => ({
      metric: 'http_client_request_seconds',
      type: 'gauge',
      entity,
      labels: { peer: 'billing' },
      samples: [1, 2].map((step): [number, number] => [Date.parse(window.from) + step * 1_000, value]),
    });
    const byCallers = connect(
      createDataSources(loadersOf({ ...createExampleData(), metrics: [called(gateway, 1), called(checkout, 3)] }), 'x'),
    );
    const slowest = await byCallers.ok('query_metrics', { roles: ['latency'], window, order: 'largest' });
    expect(slowest.data).toMatchObject({ series: [{ mean: 3 }, { mean: 1 }] });
    const byRole = await ok('query_metrics', { entities: [checkout], roles: ['memory'], window });
    expect(byRole.data).toMatchObject({ total: 1, series: [{ entity: checkout }] });
    expect(await client.call('query_metrics', { entities: [checkout], roles: ['queue'], window })).toMatchObject({
      status: 'no-data',
    });
    expect(await client.call('query_metrics', { metrics: ['unheard_of'], window })).toMatchObject({
      status: 'no-data',
    });
  });

  it('query_expression says so where the source has no language, and hands the expression over where it has', async () => {
    const sources = createDataSources(loadersOf(createExampleData()), 'example');
    expect(await connect(sources).client.call('query_expression', { expression: 'up', window })).toMatchObject({
      status: 'no-data',
    });
    const metrics = {
      ...sources.metrics,
      expression: async (text: string) => ({
        status: 'ok' as const,
        items: createExampleData().metrics,
        truncated: false,
        notes: [text],
      }),
    };
    const { ok } = connect({ ...sources, metrics });
    expect((await ok('query_expression', { expression: 'sum(up)', window })).data).toMatchObject({
      total: 3,
      notes: ['sum(up)'],
    });
  });

  it('search_logs counts by level, quotes the first error and is tainted', async () => {
    const { ok, client } = connect();
    const found = await ok('search_logs', { window });
    expect(found.data).toMatchObject({ total: 3, byLevel: { error: 1, info: 1, warn: 1 } });
    expect(found.digest).toContain('database is locked');
    expect(found.evidence?.tainted).toBe(true);
    expect((await ok('search_logs', { window, minLevel: 'error' })).data).toMatchObject({ total: 1 });
    expect(await client.call('search_logs', { window, text: 'no such words' })).toMatchObject({ status: 'no-data' });
  });

  it('search_traces gives spans slowest first, and its evidence feeds walk_topology', async () => {
    const { ok } = connect({ traces: createDataSources(loadersOf(createExampleData()), 'example').traces });
    const found = await ok('search_traces', { window });
    expect(found.data).toMatchObject({ total: 6, traces: 2, findings: [] });
    const durations = z
      .array(z.object({ durationMs: z.number() }))
      .parse(found.data['spans'])
      .map(({ durationMs }) => durationMs);
    expect(durations).toEqual(durations.toSorted((left, right) => right - left));
    const walked = await ok('walk_topology', { window, evidence: [idOf(found)] });
    expect(walked.data).toMatchObject({
      topology: { edges: [expect.objectContaining({ from: gateway, to: checkout, kind: 'calls' })] },
    });
  });

  it('list_changes leaves diffs out but reads them; show_diff shows one', async () => {
    const { ok, client, evidence } = connect();
    const found = await ok('list_changes', { window });
    expect(found.data).toMatchObject({ changes: [{ id: 'change-1' }, { id: 'change-2' }] });
    expect(JSON.stringify(found.data['changes'])).not.toContain('+b');
    expect(JSON.stringify(evidence.raw(idOf(found)))).toContain('+b');
    const shown = await ok('show_diff', { change: 'change-1' });
    expect(shown.data).toMatchObject({ change: { diff: '-a\n+b' }, truncated: false });
    expect(shown.digest).toContain('+1 -1 lines');
    expect(await client.call('show_diff', { change: 'nothing' })).toMatchObject({ status: 'no-data' });
  });

  it('walk_topology follows the direction asked for', async () => {
    const { ok, client } = connect();
    expect((await ok('walk_topology', { entities: [checkout], direction: 'upstream', window })).data).toMatchObject({
      hops: { [checkout]: 0, [gateway]: 1 },
    });
    expect((await ok('walk_topology', { entities: [checkout], direction: 'downstream', window })).data['hops']).toEqual(
      { [checkout]: 0 },
    );
    expect(await client.call('walk_topology', { entities: ['service:nobody'], window })).toMatchObject({
      status: 'no-data',
    });
  });

  it('walk_topology reads peers off metric labels where no source knows the topology', async () => {
    const data = createExampleData();
    const [first] = data.metrics;
    const calls = { ...first!, entity: gateway, metric: 'http_client_requests_total', labels: { peer: 'checkout' } };
    const { metrics } = createDataSources(loadersOf({ ...data, metrics: [...data.metrics, calls] }), 'example');
    const { data: walked } = await connect({ metrics }).ok('walk_topology', { window });
    expect(walked).toMatchObject({
      topology: { edges: [{ from: gateway, to: checkout, kind: 'calls', source: 'metrics' }] },
    });
  });

  it('find_blast_radius lists dependents and says who is seen to be hit', async () => {
    const { ok } = connect();
    const logs = await ok('list_changes', { window });
    const found = await ok('find_blast_radius', { entity: checkout, window });
    expect(found.data['affected']).toEqual([{ entity: gateway, hops: 1, path: [checkout, gateway] }]);
    const seen = await ok('find_blast_radius', { entity: checkout, window, evidence: [idOf(logs)] });
    expect(seen.data['affected']).toEqual([{ entity: gateway, hops: 1, path: [checkout, gateway], seen: false }]);
  });

  it('get_evidence pages through a raw result and stores nothing anew', async () => {
    const { ok, client } = connect();
    const found = await ok('search_logs', { window });
    const page = await ok('get_evidence', { id: idOf(found), limit: 2 });
    expect(page.data).toMatchObject({ total: 3, offset: 0, next: 2, items: [{ level: 'info' }, { level: 'error' }] });
    expect(idOf(page)).toBe(idOf(found));
    expect((await ok('get_evidence', { id: idOf(found), offset: 2 })).data).not.toHaveProperty('next');
    expect(await client.call('get_evidence', { id: 'ev_0000000000000000' })).toMatchObject({ status: 'no-data' });
  });

  it('report_resource_use reports memory beside traffic', async () => {
    const { ok } = connect();
    const { data } = await ok('report_resource_use', { window });
    expect(data['uses']).toEqual([
      expect.objectContaining({
        entity: checkout,
        memoryBytes: expect.objectContaining({ max: 1e8 + 9 }),
        requestsPerSecond: 1,
      }),
    ]);
  });

  it('searches knowledge with the asker’s labels', async () => {
    const asked: unknown[] = [];
    const knowledge: KnowledgeSearch = {
      name: 'notes',
      search: async (request) => {
        asked.push(request);
        return request.kinds.includes('runbook')
          ? [
              {
                id: 'r1',
                kind: 'runbook',
                title: 'Checkout is slow',
                text: 'Look at the lock.',
                source: 'runbooks/checkout.md',
                score: 1,
              },
            ]
          : [];
      },
    };
    const { ok, client } = connect({}, knowledge);
    const found = await ok('search_runbooks', { text: 'slow', entities: [checkout] });
    expect(found.data).toMatchObject({ hits: [{ id: 'r1' }] });
    expect(found.evidence).toMatchObject({ tainted: true, kind: 'knowledge' });
    expect(asked).toEqual([{ text: 'slow', kinds: ['runbook'], entities: [checkout], limit: 8, labels: [] }]);
    expect(await client.call('find_similar_incidents', { text: 'slow' })).toMatchObject({ status: 'no-data' });
  });

  it('refuses a window that ends before it begins, and names the members it knows', async () => {
    const { client } = connect();
    const outcome = await client.call('search_logs', { window: { from: window.to, to: window.from } });
    expect(outcome).toMatchObject({ status: 'failed', code: 'INPUT_INVALID' });
    expect(outcome.status === 'failed' && outcome.message).toContain('`from` must lie before `to`');
  });
});

describe('read tools with nothing connected', () => {
  it('says where it looked and what to connect, for every tool', async () => {
    const { client } = connect({});
    const minimal: Record<string, Record<string, unknown>> = {
      describe_entity: { entity: checkout },
      find_blast_radius: { entity: checkout },
      show_diff: { change: 'x' },
      get_evidence: { id: 'ev_0000000000000000' },
      query_expression: { expression: 'up' },
    };
    const names = [
      'list_services',
      'query_metrics',
      'search_logs',
      'search_traces',
      'list_changes',
      'walk_topology',
      'find_advisories',
      'report_resource_use',
      ...Object.keys(minimal),
    ];
    for (const name of names) {
      const outcome = await client.call(name, minimal[name] ?? {});
      expect({ name, ...outcome }).toMatchObject({ name, status: 'no-data', hint: expect.stringMatching(/\w/) });
    }
    for (const name of ['search_runbooks', 'search_knowledge', 'find_similar_incidents']) {
      expect({ name, ...(await client.call(name, { text: 'x' })) }).toMatchObject({ name, status: 'no-data' });
    }
  });

  it('has digests of a few hundred bytes, descriptions and object schemas for every tool', async () => {
    for (const tool of await connect({}).client.list()) {
      expect(tool.name).toMatch(/^[a-z]+(_[a-z]+)+$/);
      expect(tool.description.length).toBeGreaterThan(60);
      expect(tool).toMatchObject({ inputSchema: { type: 'object' }, outputSchema: { type: 'object' } });
    }
  });
});
