import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { diagnosis } from '../../domain/diagnosis.ts';
import { simulateIncident } from '../../detection/diagnosis/simulate-incident.ts';
import { window } from '../../domain/time.ts';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { openEvidenceStore } from '../evidence-store.ts';
import { createFakeToolbox, fakeSession } from '../fake-toolbox.ts';
import type { KnowledgeForesight, KnowledgeHit, KnowledgeSearch } from '../knowledge-search.ts';
import { createDataSources, loadersOf } from '../sources/data-sources.ts';
import type { Sources } from '../sources/source.ts';
import { createFindAnomalies } from './find-anomalies.ts';
import { createRankCauses } from './rank-causes.ts';
import { createFindSimilarIncidents, createSearchKnowledge } from './search-knowledge.ts';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

const past: KnowledgeHit = {
  id: '1.0',
  kind: 'incident',
  title: 'Orders were slow',
  text: 'A lock was held.',
  source: 'i1:1-4',
  score: 1,
  why: ['holds orders'],
  incident: {
    culprit: 'database:orders',
    faultKind: 'lock',
    ruledOut: ['the network: no loss'],
    whatHelped: ['cancel the migration'],
    verifiedBy: 'ana',
    from: '2030-01-01T00:00:00Z',
  },
};
const said: KnowledgeForesight = {
  causeClass: 'internal',
  confidence: 0.5,
  learntFrom: 4,
  firstSteps: ['Look at locks.'],
  mechanisms: [],
  like: [{ id: 'i1', title: 'Orders were slow', entity: 'database:orders', faultKind: 'lock', likeness: 0.8 }],
};
const knowledge: KnowledgeSearch = {
  name: 'knowledge',
  search: () => Promise.resolve([past]),
  foresee: () => Promise.resolve(said),
};
const topologyOf = (...ids: string[]): Sources => ({
  topology: {
    name: 'topology',
    read: () =>
      Promise.resolve({
        status: 'ok',
        items: [{ entities: ids.map((id) => ({ id, kind: 'database' as const, name: id })), edges: [] }],
        truncated: false,
        notes: [],
      }),
  },
});

function open(sources: Sources, at = '2030-02-01T00:00:00Z') {
  const clock = createFakeClock(at);
  const evidence = openEvidenceStore({ clock }, ':memory:');
  const deps = { sources, evidence, clock, knowledge };
  const tools = [
    createSearchKnowledge(deps),
    createFindSimilarIncidents(deps),
    createFindAnomalies(deps),
    createRankCauses(deps),
  ];
  const box = createFakeToolbox(tools, { clock, evidence });
  closers.push(box.close);
  const client = box.toolbox.clientFor(fakeSession());
  return async (name: string, input: Record<string, unknown>) => {
    const outcome = await client.call(name, input);
    if (outcome.status !== 'ok' || outcome.evidence === undefined) throw new Error(JSON.stringify(outcome));
    return { data: outcome.data, evidence: outcome.evidence };
  };
}

const hits = z.object({ hits: z.array(z.object({ incident: z.object({ whatHelped: z.array(z.string()) }) })) });

describe('past incidents as a tool', () => {
  it('suggests what helped only where the culprit is here', async () => {
    const here = await open(topologyOf('database:orders'))('find_similar_incidents', { text: 'orders slow' });
    expect(hits.parse(here.data).hits[0]?.incident.whatHelped).toEqual(['cancel the migration']);
    const elsewhere = await open(topologyOf('database:other'))('find_similar_incidents', { text: 'orders slow' });
    expect(hits.parse(elsewhere.data).hits[0]?.incident.whatHelped).toEqual([]);
    const unknown = await open({})('find_similar_incidents', { text: 'orders slow' });
    expect(hits.parse(unknown.data).hits[0]?.incident.whatHelped).toEqual([]);
  });

  it('foresees with past incidents only, and says why each hit is there', async () => {
    const call = open({});
    expect((await call('find_similar_incidents', { text: 'orders slow' })).data).toMatchObject({ foresight: said });
    const all = await call('search_knowledge', { text: 'orders slow' });
    expect(all.data).not.toHaveProperty('foresight');
    expect(all.data).toMatchObject({ hits: [{ why: ['holds orders'] }] });
  });

  it('leaves what evidence carries alone when the past speaks otherwise', async () => {
    const incident = simulateIncident('pool-exhaustion', 2);
    const { series, logs, changes, topology } = incident;
    const source = createDataSources(
      loadersOf({ metrics: series, logs, spans: [], changes, resources: [], topology, advisories: [] }),
      'incident',
    );
    const call = open(source, incident.observed.to);
    const whole = { from: incident.baseline.from, to: incident.observed.to };
    const anomalies = await call('find_anomalies', { window: whole });
    const { baseline, observed } = z.object({ baseline: window, observed: window }).parse(anomalies.data);
    const spans = { window: observed, baseline };
    const before = await call('find_similar_incidents', { text: 'orders slow' });
    const rank = async (...ids: string[]) =>
      z.object({ diagnosis }).parse((await call('rank_causes', { ...spans, focus: [], evidence: ids })).data).diagnosis
        .hypotheses[0];
    const plain = await rank(anomalies.evidence.id);
    expect(plain).toBeDefined();
    expect(await rank(anomalies.evidence.id, before.evidence.id)).toEqual(plain);
  });
});
