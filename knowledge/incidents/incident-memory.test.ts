import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import { openKnowledge } from '../knowledge.ts';
import type { VerifiedIncident } from './incident-memory.ts';

const deps = { clock: createFakeClock(0), logger: silentLogger, metrics: createMetrics() };
const open = (readOnlyIncidents = false) => openKnowledge(deps, { folder: ':memory:', sources: [], readOnlyIncidents });
const past = (id: string, more: Partial<VerifiedIncident> = {}): VerifiedIncident => ({
  id,
  title: 'Orders were slow',
  symptoms: ['latency of orders rose', 'pool of connections was exhausted'],
  entities: ['service:orders', 'database:orders'],
  cause: { entity: 'database:orders', faultKind: 'lock', mechanism: 'a migration held a lock', causeClass: 'internal' },
  ruledOut: [{ what: 'the network', why: 'no loss was seen' }],
  whatHelped: ['cancel the migration'],
  verifiedBy: 'ana',
  from: '2030-01-01T00:00:00Z',
  labels: [],
  ...more,
});
const query = {
  text: 'orders slow, connection pool exhausted',
  entities: ['service:orders'],
  labels: [],
  existing: new Set(['database:orders']),
  limit: 3,
};

describe('incident memory', () => {
  it('finds a like incident with what was ruled out and what helped', async () => {
    const knowledge = open();
    await knowledge.incidents.remember(past('i1'));
    const other = { title: 'Certificate expired', symptoms: ['handshakes failed'], entities: ['gateway:edge'] };
    await knowledge.incidents.remember(past('i2', other));
    const [first] = await knowledge.incidents.similar(query);
    expect(first).toMatchObject({
      incident: past('i1'),
      shared: ['service:orders'],
      suggestions: ['cancel the migration'],
    });
    const hits = await knowledge.search.search({
      text: 'migration lock',
      kinds: ['incident'],
      entities: [],
      limit: 3,
      labels: [],
    });
    expect(hits[0]?.text).toContain('no loss was seen');
    await knowledge.close();
  });

  it('suggests nothing for a culprit that does not exist here', async () => {
    const knowledge = open();
    await knowledge.incidents.remember(past('i1'));
    const [first] = await knowledge.incidents.similar({ ...query, existing: new Set() });
    expect(first?.suggestions).toEqual([]);
    await knowledge.close();
  });

  it('leaves out what a later account supersedes, and what the asker may not see', async () => {
    const knowledge = open();
    await knowledge.incidents.remember(past('i1'));
    await knowledge.incidents.remember(past('i2', { supersedes: 'i1' }));
    await knowledge.incidents.remember(past('i3', { labels: ['security'] }));
    expect((await knowledge.incidents.similar(query)).map(({ incident }) => incident.id)).toEqual(['i2']);
    expect(knowledge.incidents.get('i1')).toMatchObject({ title: 'Orders were slow', supersededBy: 'i2' });
    await knowledge.close();
  });

  it('remembers nothing unverified, and nothing at all in an evaluation', async () => {
    const knowledge = open(true);
    expect(await knowledge.incidents.remember(past('i1'))).toBe(false);
    expect(await knowledge.incidents.similar(query)).toEqual([]);
    await expect(knowledge.incidents.remember(past('i2', { verifiedBy: '' }))).rejects.toThrow('verified');
    await knowledge.close();
  });

  it('foresees by what is like it, and is the less sure the fewer it learnt from', async () => {
    const knowledge = open();
    expect(await knowledge.incidents.foresee({ text: 'orders slow', entities: [], labels: [] })).toBeUndefined();
    await knowledge.incidents.remember(past('i1'));
    const found = await knowledge.incidents.foresee({ ...query, entities: ['service:orders'] });
    expect(found).toMatchObject({ causeClass: 'internal', learntFrom: 1 });
    expect(found?.confidence).toBeLessThan(0.25);
    expect(found?.like[0]).toMatchObject({ id: 'i1', entity: 'database:orders', faultKind: 'lock' });
    await knowledge.incidents.remember(past('i3', { labels: ['security'] }));
    expect((await knowledge.incidents.foresee({ ...query }))?.learntFrom).toBe(1);
    await knowledge.close();
  });

  it('prefers the incident with the mechanism that the text names', async () => {
    const knowledge = open();
    const cause = (mechanism: string) => ({ entity: 'service:a', faultKind: 'x', mechanism });
    const same = { symptoms: ['requests failed'], entities: [], title: 'Requests failed' };
    await knowledge.incidents.remember(past('a', { ...same, cause: cause('a certificate expired') }));
    await knowledge.incidents.remember(past('b', { ...same, cause: cause('a fiber was cut') }));
    const text = 'requests failed: fibre cut, congestion';
    const [first] = await knowledge.incidents.similar({ ...query, text, entities: [] });
    expect(first?.incident.id).toBe('b');
    await knowledge.close();
  });

  it('predicts the class of cause from a text, with its confidence', async () => {
    const knowledge = open();
    expect(knowledge.incidents.predictCause('anything', []).confidence).toBe(0);
    for (let index = 0; index < 4; index += 1) {
      await knowledge.incidents.remember(past(`a${index}`, { symptoms: ['a bad release broke checkout'] }));
      const cause = { entity: 'external:isp', faultKind: 'link', mechanism: 'fibre was cut', causeClass: 'external' };
      await knowledge.incidents.remember(past(`b${index}`, { symptoms: ['packets lost, a fiber was cut'], cause }));
    }
    const found = knowledge.incidents.predictCause('packet loss: the provider reports a fiber cut', []);
    expect(found).toMatchObject({ causeClass: 'external', mechanisms: ['link cut'] });
    expect(found.confidence).toBeGreaterThan(0.5);
    expect(found.firstSteps[0]).toContain('Reroute');
    await knowledge.close();
  });
});
