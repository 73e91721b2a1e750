import { describe, expect, it } from 'vitest';
import type { Series } from '../../domain/signal.ts';
import { createFakeClock, isoOf } from '../../infra/runtime/clock.ts';
import { createRandom } from '../../infra/runtime/random.ts';
import { openEvidenceStore } from '../evidence-store.ts';
import { createFakeToolbox, fakeSession } from '../fake-toolbox.ts';
import { createDataSources, loadersOf } from '../sources/data-sources.ts';
import { createCompareWithBaseline } from './compare-with-baseline.ts';
import { createForecastMetric } from './forecast-metric.ts';
import { createPredictFailure } from './predict-failure.ts';

const now = Date.UTC(2026, 4, 4, 12);

/** A volume of 100 MB that fills by 0.2 MB each `stepMs`, and a pool in use; `length` samples until now. */
function client(length: number, stepMs: number) {
  const random = createRandom(5);
  const series = (metric: string, at: (step: number) => number): Series => ({
    entity: 'service:store',
    metric,
    type: 'gauge',
    labels: {},
    samples: Array.from({ length }, (_, step): [number, number] => [now - (length - step) * stepMs, at(step)]),
  });
  const data = {
    metrics: [
      series('volume_used_bytes', (step) => 2e7 + step * 2e5 + 1e4 * random.next()),
      series('volume_capacity_bytes', () => 1e8),
      series('db_pool_connections_in_use', () => 20 + random.next()),
      series('db_pool_connections_max', () => 50),
      series('request_latency_seconds', (step) => (step > 0.7 * length ? 0.4 : 0.05) + 0.01 * random.next()),
    ],
    logs: [],
    spans: [],
    changes: [],
    resources: [],
    advisories: [],
    topology: { entities: [], edges: [] },
  };
  const clock = createFakeClock(now);
  const deps = { sources: createDataSources(loadersOf(data), 'made'), clock };
  const tools = [createForecastMetric(deps), createPredictFailure(deps), createCompareWithBaseline(deps)];
  const evidence = openEvidenceStore({ clock }, ':memory:');
  return createFakeToolbox(tools, { clock, evidence }).toolbox.clientFor(fakeSession());
}

describe('what is known of a system that is watched since a few minutes', () => {
  it('forecasts when a volume is full without being told its size, with an interval', async () => {
    const outcome = await client(240, 10_000).call('forecast_metric', { metric: 'volume_used_bytes' });
    expect(outcome.status === 'ok' && outcome.digest).toMatch(
      /volume fill of service:store: now 6\d.* %, then .* %\), full in (2\d|3\d) min/,
    );
    expect(outcome).toMatchObject({ data: { forecasts: [{ full: true, unit: 'ratio' }, { measure: 'volume use' }] } });
  }, 30_000);

  it('says that a threshold is not reached, and that half a day is needed to plan capacity', async () => {
    const byRole = await client(240, 10_000).call('forecast_metric', { role: 'disk' });
    expect(byRole).toMatchObject({ status: 'ok', data: { forecasts: [{ full: true }, { measure: 'volume use' }] } });
    expect(await client(240, 10_000).call('forecast_metric', { role: 'queue' })).toMatchObject({
      status: 'no-data',
      hint: expect.stringContaining('measures queue'),
    });
    const far = await client(240, 10_000).call('forecast_metric', {
      metric: 'volume_used_bytes',
      threshold: 1e12,
      horizonMs: 86_400_000,
    });
    expect(far.status === 'ok' && far.digest).toMatch(
      /reaches the threshold not in that time; no capacity is planned from under half a day/,
    );
  }, 30_000);

  it('plans capacity for days ahead from a day of history', async () => {
    const outcome = await client(1_500, 60_000).call('forecast_metric', {
      metric: 'volume_used_bytes',
      window: { from: isoOf(now - 1_500 * 60_000), to: isoOf(now) },
      horizonMs: 7 * 86_400_000,
    });
    expect(outcome.status === 'ok' && outcome.digest).toMatch(/needs .* within 7 d/);
  }, 60_000);

  it('judges by what there is of the usual three hours, and compares the last third with the rest', async () => {
    const failure = await client(700, 1_000).call('predict_failure', {});
    expect(failure).toMatchObject({ status: 'ok', data: { services: [{ entity: 'service:store' }] } });
    const young = await client(90, 1_000).call('predict_failure', {});
    expect(young).toMatchObject({ status: 'no-data', hint: expect.stringMatching(/^Under 2 min of history are held/) });
    const compared = await client(300, 1_000).call('compare_with_baseline', { roles: ['latency'] });
    expect(compared.status === 'ok' && compared.digest).toMatch(/^1 of 1 measures depart/);
    expect(compared).toMatchObject({ data: { baseline: { from: isoOf(now - 300_000) } } });
  }, 30_000);
});
