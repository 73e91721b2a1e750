import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { diagnosis } from '../../domain/diagnosis.ts';
import { window as windowSchema } from '../../domain/time.ts';
import { simulateIncident } from '../../detection/diagnosis/simulate-incident.ts';
import type { Incident } from '../../detection/diagnosis/simulate-incident.ts';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { createFakeToolbox, fakeSession } from '../fake-toolbox.ts';
import { openEvidenceStore } from '../evidence-store.ts';
import { createDataSources, loadersOf } from '../sources/data-sources.ts';
import type { Sources } from '../sources/source.ts';
import type { ToolClient } from '../client.ts';
import { createCertifyCause } from './certify-cause.ts';
import { createCheckResources } from './check-resources.ts';
import { createCompareWithBaseline } from './compare-with-baseline.ts';
import { createFindAnomalies } from './find-anomalies.ts';
import { createFindLogPatterns } from './find-log-patterns.ts';
import { createForecastMetric } from './forecast-metric.ts';
import { createListChanges } from './list-changes.ts';
import { createRankCauses } from './rank-causes.ts';
import { createWalkTopology } from './walk-topology.ts';

const findings = z.object({ baseline: windowSchema, observed: windowSchema, onset: z.string().optional() });
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

function open(incident: Incident, sources: Sources = sourcesOf(incident)): ToolClient {
  const clock = createFakeClock(incident.observed.to);
  const evidence = openEvidenceStore({ clock }, ':memory:');
  const deps = { sources, evidence, clock };
  const tools = [
    createFindAnomalies(deps),
    createFindLogPatterns(deps),
    createCompareWithBaseline(deps),
    createListChanges(deps),
    createWalkTopology(deps),
    createRankCauses(deps),
    createCertifyCause(deps),
    createCheckResources(deps),
    createForecastMetric(deps),
  ];
  const box = createFakeToolbox(tools, { clock, evidence });
  closers.push(box.close);
  return box.toolbox.clientFor(fakeSession());
}

async function ok(client: ToolClient, name: string, input: Record<string, unknown>) {
  const outcome = await client.call(name, input);
  if (outcome.status !== 'ok') throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  return outcome;
}

function sourcesOf(incident: Incident): Sources {
  const { series, logs, changes, topology } = incident;
  const pod = {
    kind: 'Pod',
    name: 'wares-6d4cf56db6-abcde',
    namespace: 'shop',
    object: {
      status: { containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } } }] },
    },
  };
  return createDataSources(
    loadersOf({ metrics: series, logs, spans: [], changes, resources: [pod], topology, advisories: [] }),
    'incident',
  );
}

describe('from evidence to a cause', () => {
  it('finds, ranks and certifies a pool that was made too small, and every claim cites evidence that exists', async () => {
    const incident = simulateIncident('pool-exhaustion', 2);
    const client = open(incident);
    const window = { from: incident.baseline.from, to: incident.observed.to };
    const anomalies = await ok(client, 'find_anomalies', { window });
    const { baseline, observed, onset } = findings.parse(anomalies.data);
    expect(Math.abs(Date.parse(onset ?? '') - incident.truth.onsetMs)).toBeLessThanOrEqual(3_000);
    const rest = await Promise.all([
      ok(client, 'find_log_patterns', { window: observed, baseline }),
      ok(client, 'list_changes', { window }),
      ok(client, 'walk_topology', { window }),
    ]);
    const evidence = [anomalies, ...rest].flatMap((one) => one.evidence?.id ?? []);
    const ranked = await ok(client, 'rank_causes', { window: observed, baseline, focus: [], evidence });
    const { diagnosis: result } = z.object({ diagnosis }).parse(ranked.data);
    expect(result.hypotheses[0]).toMatchObject({
      entity: incident.truth.entity,
      faultKind: 'pool-exhaustion',
      change: 'culprit',
      certificate: { grade: 'proven' },
    });
    expect(result.hypotheses[0]?.evidence.length).toBeGreaterThan(0);
    for (const id of result.hypotheses.flatMap((one) => one.evidence)) expect(evidence).toContain(id);
    expect(result.gaps.map(({ missing }) => missing)).toEqual(['traces: nothing was found or asked for']);

    const asked = { window: observed, baseline, focus: [], evidence };
    const hunch = await ok(client, 'certify_cause', {
      ...asked,
      entity: 'service:bystander',
      faultKind: 'memory-leak',
    });
    expect(hunch.data).toMatchObject({ certificate: { grade: 'unproven', statistical: { holds: 'no' } } });
    expect(
      await client.call('certify_cause', { ...asked, entity: 'service:wares', faultKind: 'gremlins' }),
    ).toMatchObject({ status: 'failed', code: 'INPUT_INVALID' });
  });

  it('says that evidence is unknown instead of guessing', async () => {
    const incident = simulateIncident('none', 1);
    const client = open(incident);
    const { baseline, observed } = incident;
    expect(
      await client.call('rank_causes', { window: observed, baseline, focus: [], evidence: ['ev_0000000000000000'] }),
    ).toMatchObject({ status: 'no-data' });
  });

  it('compares, forecasts and checks, each with a digest that fits', async () => {
    const incident = simulateIncident('memory-leak', 1);
    const client = open(incident);
    const { baseline, observed, truth } = incident;
    const compared = await ok(client, 'compare_with_baseline', {
      window: observed,
      baseline,
      roles: ['memory'],
      entities: [truth.entity],
    });
    expect(compared.data).toMatchObject({ rows: [{ entity: truth.entity, role: 'memory', departs: true }] });
    const forecast = await ok(client, 'forecast_metric', {
      metric: 'process_resident_memory_bytes',
      entities: [truth.entity],
      window: observed,
      horizonMs: 60_000,
      threshold: 300e6,
    });
    expect(forecast.digest).toContain('reaches the threshold');
    const checked = await ok(client, 'check_resources', {});
    expect(checked.data).toMatchObject({ findings: [{ kind: 'failed-check', entity: 'service:wares' }] });
    for (const one of [compared, forecast, checked]) expect(one.digest.length).toBeLessThan(600);
  });

  it('says where it did not look when nothing is connected', async () => {
    const client = open(simulateIncident('none', 2), {});
    for (const name of ['find_anomalies', 'find_log_patterns', 'compare_with_baseline', 'check_resources']) {
      expect(await client.call(name, {})).toMatchObject({ status: 'no-data' });
    }
  });
});
