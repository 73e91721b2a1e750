import type { Evidence, EvidenceId, EvidenceKind } from '../../domain/evidence.ts';
import type { Window } from '../../domain/time.ts';
import { contentHash } from '../../infra/runtime/canonical-json.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { createRandom } from '../../infra/runtime/random.ts';
import { cast, fakeChanges, fakeLogs, fakeSeries, fakeTopology } from './fake-incident-signals.ts';

/** What was seen of the fake incident: evidence records, the raw result of each, and their ids by what they show. */
export interface FakeEvidence {
  evidence: Evidence[];
  raw: ReadonlyMap<EvidenceId, unknown>;
  ids: Record<'latency' | 'pool' | 'errors' | 'logs' | 'changes' | 'edges' | 'database', EvidenceId>;
}

/** Metrics, logs, changes and topology around an onset, in a half hour that ends at `now`. */
export function createFakeEvidence(window: Window, onset: number): FakeEvidence {
  const times = { onset, end: msOf(window.to) };
  const random = createRandom('fake-incident');
  const raw = new Map<EvidenceId, unknown>();
  const evidence: Evidence[] = [];

  const keep = (
    [kind, tool]: [EvidenceKind, string],
    entities: string[],
    digest: string,
    result: unknown,
  ): EvidenceId => {
    const body = JSON.stringify(result);
    const id = `ev_${contentHash({ kind, tool, digest, body }).slice(0, 16)}`;
    const tainted = kind === 'logs' || kind === 'changes';
    const query = { entities, window };
    evidence.push({
      id,
      kind,
      tool,
      source: 'collector',
      query,
      window,
      entities,
      digest,
      handle: `blob:${id}`,
      size: body.length,
      tainted,
    });
    raw.set(id, result);
    return id;
  };
  const series = (metric: string, entity: string, unit: string, [before, after, noise]: [number, number, number]) =>
    fakeSeries({ metric, entity, type: 'gauge', unit, before, after, noise }, times, random);

  const latency = keep(
    ['metrics', 'find_anomalies'],
    [cast.checkout, cast.payment],
    'p95 latency: checkout 0.18 s to 1.9 s, payment 0.09 s to 1.7 s',
    [
      series('http_request_duration_p95', cast.checkout, 's', [0.18, 1.9, 0.22]),
      series('http_request_duration_p95', cast.payment, 's', [0.09, 1.7, 0.24]),
      series('http_request_duration_p95', cast.inventory, 's', [0.05, 0.05, 0.2]),
    ],
  );
  const pool = keep(
    ['metrics', 'query_metrics'],
    [cast.payment],
    'payment pool "ledger": waiting 0 to 17, in use 4 of 4',
    [
      series('db_pool_waiting', cast.payment, 'connections', [0.2, 17, 0.3]),
      series('db_pool_in_use', cast.payment, 'connections', [9, 4, 0.05]),
    ],
  );
  const errors = keep(['metrics', 'query_metrics'], [cast.checkout], 'checkout errors: 0.1/s to 2.4/s', [
    fakeSeries(
      {
        metric: 'http_requests_failed_total',
        entity: cast.checkout,
        type: 'counter',
        unit: 'requests',
        before: 0.1,
        after: 2.4,
        noise: 0.4,
      },
      times,
      random,
    ),
  ]);
  const logs = keep(
    ['logs', 'find_log_patterns'],
    [cast.payment],
    'payment: new pattern "pool ledger exhausted: in_use=<n> max=<n> waiting=<n>", 106 lines',
    fakeLogs(times.onset),
  );
  const changes = keep(
    ['changes', 'list_changes'],
    [cast.payment, cast.recommendation, cast.search],
    '3 changes; chg-4812 lowers payment ledger.pool.max from 40 to 4',
    fakeChanges(times.onset),
  );
  const edges = keep(
    ['topology', 'walk_topology'],
    [cast.checkout],
    '14 entities, 16 edges; gateway > checkout > payment > ledger',
    fakeTopology(),
  );
  const database = keep(
    ['metrics', 'compare_with_baseline'],
    [cast.ledger],
    'ledger: query time 3 ms, unchanged; sessions 40 to 4',
    [series('db_query_duration_p95', cast.ledger, 's', [0.003, 0.003, 0.2])],
  );

  return { evidence, raw, ids: { latency, pool, errors, logs, changes, edges, database } };
}
