import { describe, expect, it } from 'vitest';
import type { Answer } from '../domain/answer.ts';
import type { Understanding } from '../domain/question.ts';
import { createFakeOrchestrator } from './fake-orchestrator.ts';
import { shopFinding, shopQuestion, shopTools } from './fake-shop.ts';
import type { CannedTool } from './fake-tool-client.ts';

const series = (mean: number, entity = 'service:checkout') => ({
  metric: 'http_requests:p95',
  entity,
  labels: {},
  unit: 'seconds',
  mean,
  min: mean / 2,
  max: mean * 2,
  last: mean,
});

async function ask(
  understanding: Partial<Understanding>,
  canned: Record<string, CannedTool>,
  text = shopQuestion.text,
): Promise<{ answer: Answer; inputs: Record<string, unknown>[] }> {
  const { orchestrator, calls } = createFakeOrchestrator({
    canned: { ...shopTools(), ...canned },
    understanding: {
      intent: 'status',
      agents: ['investigator'],
      entities: ['service:checkout'],
      unknownNames: [],
      ...understanding,
    },
  });
  for await (const event of orchestrator.ask({ ...shopQuestion, text })) {
    if (event.type === 'answer')
      return {
        answer: event.answer,
        // Readings at a glance are tried first; these tests are about what comes after them.
        inputs: calls
          .slice(1)
          .filter(({ tool }) => tool !== 'read_vitals')
          .map(({ input }) => input),
      };
  }
  throw new Error('no answer');
}
const headline = ({ answer }: { answer: Answer }): string[] => answer.headline.map(({ text }) => text);

describe('direct answers', () => {
  it('shows a metric in words and as a chart, over half an hour where no span is asked for', async () => {
    const asked = await ask(
      { intent: 'show-metric', metric: 'latency' },
      { query_metrics: { answer: () => ({ data: { series: [series(0.2)], total: 1 } }) } },
    );
    expect(headline(asked)).toEqual([
      'checkout http_requests:p95: 200 ms at the end, mean 200 ms, between 100 ms and 400 ms (14:40:00 to 15:10:00 Europe/Berlin).',
    ]);
    expect(asked.answer.charts).toMatchObject([{ entities: ['service:checkout'] }]);
    expect(asked.inputs).toEqual([
      {
        entities: ['service:checkout'],
        roles: ['latency'],
        window: { from: '2026-11-20T13:40:00.000Z', to: '2026-11-20T14:10:00.000Z' },
      },
    ]);
  });

  it('answers with the readings that the question speaks of, and asks for no course', async () => {
    const vital = {
      entity: 'database:orders-db',
      subject: 'connections',
      facet: 'used',
      labels: {},
      value: 37,
      unit: 'connections',
      limit: 40,
      share: 0.925,
      tone: 'notable',
      known: true,
      relevance: 0.75,
    };
    const read_vitals: CannedTool = {
      answer: () => ({ data: { vitals: [vital, { ...vital, subject: 'locks', relevance: 0 }], total: 2 } }),
    };
    const asked = await ask({ intent: 'show-metric' }, { read_vitals }, 'how many connections are free?');
    expect(headline(asked)).toEqual(['orders-db: connections: 37 of 40 connections (92.5 %), 3 connections free.']);
    expect(asked.inputs).toEqual([]);
    const status = await ask({ intent: 'status' }, { read_vitals }, 'are connections free?');
    expect(headline(status)).toHaveLength(1);
  });

  it('compares two spans of the same series', async () => {
    const compareWith = { from: '2026-11-19T14:00:00.000Z', to: '2026-11-19T14:10:00.000Z' };
    const query_metrics: CannedTool = {
      answer: ({ window }) => ({
        data: { series: [series(JSON.stringify(window) === JSON.stringify(compareWith) ? 0.1 : 0.4)], total: 1 },
      }),
    };
    expect(headline(await ask({ intent: 'compare', metric: 'latency', compareWith }, { query_metrics }))).toEqual([
      'checkout http_requests:p95: 100 ms before, 400 ms now, up 4×.',
    ]);
  });

  it('quotes log lines as the words of others, which cannot close the quotation', async () => {
    const record = {
      at: '2026-11-20T14:09:00.000Z',
      entity: 'service:cart',
      level: 'error',
      message: 'x” The root cause is cart. “y\nz',
    };
    const { answer } = await ask(
      { intent: 'show-logs' },
      {
        search_logs: {
          kind: 'logs',
          answer: () => ({ data: { records: [record], total: 1, byLevel: { error: 1 } }, tainted: true }),
        },
      },
    );
    expect(answer.sections[0]?.sentences[0]?.text).toBe(
      '15:09:00 Europe/Berlin cart error: “x" The root cause is cart. "y z”',
    );
  });

  it('tells the health of what was named only, worst first, and a quiet one as quiet', async () => {
    const sick = await ask({ entities: ['service:payment'] }, {});
    expect(headline(sick)).toEqual([
      'payment: one sign departs from normal since 15:05:30 Europe/Berlin (4 min 30 s).',
      'connections in use of payment reached the pool size of 2.',
    ]);
    expect(headline(await ask({ entities: ['service:cart'] }, {}))[0]).toMatch(/^cart: nothing departs from normal/);
  });

  it('calls a new version news and no departure from normal', async () => {
    const version = {
      ...shopFinding,
      signal: { type: 'metric' as const, role: 'version' as const, name: 'build_info' },
      statement: 'checkout began to run another version',
    };
    expect(headline(await ask({}, { find_anomalies: { answer: () => ({ data: { findings: [version] } }) } }))).toEqual([
      'checkout: nothing departs from normal (15:05:00 to 15:10:00 Europe/Berlin).',
      'checkout began to run another version at 15:05:30 Europe/Berlin.',
    ]);
  });

  it('lists changes of the last day, latest first', async () => {
    const changes = ['12:00', '13:30'].map((time, index) => ({
      id: `c${index}`,
      at: `2026-11-20T${time}:00.000Z`,
      kind: 'deploy',
      entity: 'service:cart',
      title: `v${index}`,
    }));
    const { answer } = await ask(
      { intent: 'what-changed', entities: [] },
      { list_changes: { kind: 'changes', answer: () => ({ data: { changes } }) } },
    );
    expect(answer.headline.map(({ text }) => text)).toEqual([
      '2 changes (19 Nov 2026 15:10:00 to 15:10:00 Europe/Berlin).',
      '14:30:00 Europe/Berlin: deploy of cart c1, “v1”.',
      '13:00:00 Europe/Berlin: deploy of cart c0, “v0”.',
    ]);
  });

  it('says who owns a service before what is written down about it', async () => {
    const hits = [{ title: 'Cart', text: 'Keeps carts.', source: 'cart.md:1-2' }];
    const tools: Record<string, CannedTool> = {
      search_knowledge: { kind: 'knowledge', answer: () => ({ data: { hits } }) },
      walk_topology: {
        kind: 'topology',
        answer: () => ({ data: { topology: { entities: [], edges: [] }, owners: { 'service:cart': 'team-shop' } } }),
      },
    };
    const about = { intent: 'knowledge' as const, entities: ['service:cart'] };
    expect(headline(await ask(about, tools, 'who owns cart?'))[0]).toBe('cart is owned by “team-shop”.');
    expect(headline(await ask(about, tools, 'how does cart work?'))[0]).toContain('1 passage found');
  });

  it('counts no passage as an answer that speaks of something else', async () => {
    const hits = [
      { title: 'Calls in a loop', text: 'One call for each item.', source: 'loop.md:1-2' },
      { title: 'Paging', text: 'The shop team is on call for cart.', source: 'shop.md:1-2' },
      { title: 'Providers', text: 'Nobody in the team is to blame.', source: 'providers.md:1-2' },
    ];
    const found = (some: typeof hits): Record<string, CannedTool> => ({
      search_knowledge: { kind: 'knowledge', answer: () => ({ data: { hits: some } }) },
      walk_topology: { kind: 'topology', answer: () => ({ data: { topology: { entities: [], edges: [] } } }) },
    });
    const about = { intent: 'knowledge' as const, entities: [] };
    expect(headline(await ask(about, found(hits), 'who is on call?'))[0]).toBe(
      '1 passage found; the closest is “Paging”.',
    );
    expect(headline(await ask(about, found(hits.slice(0, 1)), 'who is on call?'))[0]).toMatch(
      /^Nothing that is written down here says who .*\(1\) speak of other things/,
    );
    expect(headline(await ask(about, found(hits), 'how do we rotate certificates?'))[0]).toMatch(
      /^Nothing that is written down here holds a word of the question; the nearest by meaning/,
    );
    expect(headline(await ask(about, found(hits), 'how are calls looped?'))[0]).toContain('Calls in a loop');
  });

  it('puts the largest first where that is asked for', async () => {
    const query_metrics: CannedTool = {
      answer: () => ({ data: { series: [series(0.3, 'service:cart'), series(0.1)], total: 2 } }),
    };
    const about = { intent: 'show-metric' as const, metric: 'latency', entities: [] };
    const asked = await ask(about, { query_metrics }, 'which service is slowest?');
    expect(headline(asked)[1]).toBe('2 series in all, by their means; the chart shows the first of them.');
    expect(asked.inputs[0]).toMatchObject({ order: 'largest', statistic: 'p95', roles: ['latency'] });
    const plain = await ask(about, { query_metrics }, 'show latency');
    expect(plain.inputs[0]).not.toHaveProperty('order');
  });

  it('asks for the percentile that was named, and says so where there is none', async () => {
    const about = { intent: 'show-metric' as const, metric: 'latency' };
    const has = (held: boolean): CannedTool => ({
      answer: ({ statistic }) =>
        statistic === undefined || held
          ? { data: { series: [{ ...series(0.3), metric: `latency:${String(statistic)}` }], total: 1 } }
          : { status: 'no-data', lookedAt: 'all of it' },
    });
    const there = await ask(about, { query_metrics: has(true) }, 'what is the p99 of checkout?');
    expect(there.inputs).toMatchObject([{ statistic: 'p99' }]);
    expect(headline(there)).toHaveLength(1);
    const lacking = await ask(about, { query_metrics: has(false) }, 'what is the p99 of checkout?');
    expect(headline(lacking)[0]).toContain('latency:undefined');
    expect(headline(lacking)[1]).toBe('Nothing there gives a p99; this is what there is.');
    const ranked = await ask({ ...about, entities: [] }, { query_metrics: has(false) }, 'which service is slowest?');
    expect(ranked.inputs).toMatchObject([{ order: 'largest', statistic: 'p95' }, { order: 'largest' }]);
    expect(headline(ranked)).toEqual([expect.stringContaining('latency:undefined')]);
    const memory = { intent: 'show-metric' as const, metric: 'memory' };
    const left = await ask(memory, { query_metrics: has(true) }, 'how much memory is left?');
    expect(left.inputs).toMatchObject([{ statistic: 'left', roles: ['memory'] }]);
    const recent = await ask(about, { query_metrics: has(true) }, 'show the most recent latency');
    expect(recent.inputs[0]).not.toHaveProperty('order');
  });

  it('forecasts by what is measured where no thing is named', async () => {
    const asked = await ask({ intent: 'forecast', metric: 'disk', entities: [] }, {}, 'when will the disk be full?');
    expect(asked.inputs[0]).toMatchObject({ role: 'disk', entities: [] });
    const one = { entity: 'volume:a', measure: 'volume fill', unit: 'ratio', last: 0.4, points: [], full: true };
    const told = (reaches: string): Record<string, CannedTool> => ({
      forecast_metric: { answer: () => ({ data: { forecasts: [{ ...one, reaches }] } }) },
    });
    const about = { intent: 'forecast' as const, metric: 'disk', entities: [] };
    expect(headline(await ask(about, told('not in that time')))).toEqual([
      'volume fill of a: 40 % now; not full in that time.',
    ]);
    expect(headline(await ask(about, told('in 3 h')))).toEqual(['volume fill of a: 40 % now; full in 3 h.']);
  });

  it('says what a past incident came to: its cause, what helped and what was ruled out', async () => {
    const incident = {
      culprit: 'database:orders',
      faultKind: 'lock',
      ruledOut: ['the network: no loss'],
      whatHelped: ['cancel the migration'],
      from: '2026-01-02T00:00:00Z',
    };
    const hits = [{ title: 'Orders were slow', text: 'A lock.', source: 'i1:1-2', incident }];
    const tools: Record<string, CannedTool> = {
      find_similar_incidents: { kind: 'knowledge', answer: () => ({ data: { hits } }) },
    };
    const { answer } = await ask({ intent: 'history' }, tools);
    expect(JSON.stringify(answer.sections)).toContain(
      'Its cause (2026-01-02) was orders (lock). What helped: “cancel the migration”. Ruled out then: “the network: no loss”.',
    );
  });

  it('says who depends on what', async () => {
    expect(headline(await ask({ intent: 'dependencies', entities: ['service:payment'] }, {}))).toEqual([
      'Directly on payment depend: checkout.',
      'payment depends on nothing known.',
    ]);
    const edge = (from: string, to: string) => ({ from, to, kind: 'calls', source: 'traces', confidence: 1 });
    const edges = [edge('service:gateway', 'service:payment'), edge('service:gateway', 'service:search')];
    const { answer } = await ask(
      { intent: 'dependencies', entities: ['service:payment'] },
      { walk_topology: { answer: () => ({ data: { topology: { entities: [], edges } } }) } },
    );
    expect(answer.sections.flatMap(({ sentences }) => sentences.map(({ text }) => text))).toEqual([
      'gateway calls payment.',
    ]);
    const affected = [{ entity: 'service:checkout', hops: 1, seen: true }];
    expect(
      headline(
        await ask(
          { intent: 'impact', entities: ['service:payment'] },
          { find_blast_radius: { answer: () => ({ data: { affected } }) } },
        ),
      ).slice(0, 2),
    ).toEqual(['1 depends on payment: checkout.', 'Of these, checkout show symptoms.']);
  });

  it('says where it looked when there is nothing, and claims nothing', async () => {
    for (const intent of ['history', 'knowledge', 'show-traces', 'forecast', 'show-metric', 'show-logs'] as const) {
      const nothing: CannedTool = { answer: () => ({ status: 'no-data', lookedAt: 'the archive' }) };
      const tools = Object.fromEntries(
        [
          'find_similar_incidents',
          'search_knowledge',
          'search_traces',
          'forecast_metric',
          'query_metrics',
          'search_logs',
        ].map((name) => [name, nothing]),
      );
      const { answer } = await ask({ intent, metric: 'my_metric' }, tools);
      expect(answer.status).toBe('abstained');
      expect(answer.headline[0]?.text).toContain('the archive');
    }
  });
});
