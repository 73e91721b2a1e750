import { describe, expect, it } from 'vitest';
import type { Series } from '../../domain/signal.ts';
import { createFakeClock, isoOf } from '../../infra/runtime/clock.ts';
import { createRandom } from '../../infra/runtime/random.ts';
import { openEvidenceStore } from '../evidence-store.ts';
import { createFakeToolbox, fakeSession } from '../fake-toolbox.ts';
import type { KnowledgeHit } from '../knowledge-search.ts';
import { createDataSources, loadersOf } from '../sources/data-sources.ts';
import { createPredictFailure } from './predict-failure.ts';

const minute = 60_000;
const from = Date.UTC(2026, 4, 4, 9);
const window = { from: isoOf(from), to: isoOf(from + 180 * minute) };

/** Three hours of a pool that leaks and of one that does not. */
function pools(): Series[] {
  const random = createRandom(3);
  const series = (entity: string, metric: string, at: (t: number) => number): Series => ({
    entity,
    metric,
    type: 'gauge',
    labels: {},
    samples: Array.from({ length: 180 }, (_, t): [number, number] => [from + t * minute, at(t)]),
  });
  return ['service:leaky', 'service:calm'].flatMap((entity) => [
    series(
      entity,
      'db_pool_connections_in_use',
      (t) => (entity === 'service:leaky' && t > 60 ? 10 + (t - 60) * 0.3 : 10) + random.next(),
    ),
    series(entity, 'db_pool_connections_max', () => 50),
  ]);
}

function connect(hits: readonly KnowledgeHit[] = []) {
  const clock = createFakeClock(window.to);
  const evidence = openEvidenceStore({ clock }, ':memory:');
  const data = {
    metrics: pools(),
    logs: [],
    spans: [],
    changes: [],
    resources: [],
    advisories: [],
    topology: { entities: [], edges: [] },
  };
  const sources = createDataSources(loadersOf(data), 'made');
  const knowledge = { name: 'made', search: () => Promise.resolve([...hits]) };
  const tool = createPredictFailure({ sources, clock, knowledge });
  return createFakeToolbox([tool], { clock, evidence }).toolbox.clientFor(fakeSession());
}

describe('predict_failure', () => {
  it('puts the service that runs out of connections first, with the time of the limit', async () => {
    const outcome = await connect().call('predict_failure', { window });
    expect(outcome).toMatchObject({
      status: 'ok',
      data: {
        services: [
          { entity: 'service:leaky', limits: [{ measure: 'pool fill' }] },
          { entity: 'service:calm', limits: [] },
        ],
      },
    });
    expect(outcome.status === 'ok' && outcome.digest).toMatch(
      /leaky: \d+ % to fail within 45 min, time left .*pool fill reaches its limit in \d+ min/,
    );
  }, 30_000);

  it('tells how long incidents like an open one took', async () => {
    const hits = Array.from({ length: 6 }, (_, i): KnowledgeHit => ({
      id: `i${i}`,
      kind: 'incident',
      title: 'pool',
      text: 'pool',
      source: 'made',
      score: 1,
      incident: {
        culprit: 'service:leaky',
        faultKind: 'pool-exhaustion',
        ruledOut: [],
        whatHelped: [],
        verifiedBy: 'ann',
        from: isoOf(0),
        to: isoOf((40 + i) * minute),
      },
    }));
    const asked = { window, entities: ['service:leaky'], openSince: isoOf(from + 170 * minute) };
    const outcome = await connect(hits).call('predict_failure', asked);
    expect(outcome).toMatchObject({ status: 'ok', data: { resolve: { learntFrom: 6 } } });
    expect(outcome.status === 'ok' && outcome.digest).toMatch(/another 3\d min/);
  }, 30_000);

  it('says so when it knows too little', async () => {
    const earlier = { from: isoOf(from - 600 * minute), to: isoOf(from + 5 * minute) };
    expect(await connect().call('predict_failure', { window: earlier })).toMatchObject({ status: 'no-data' });
  });
});
