import { describe, expect, it } from 'vitest';
import { diagnosis as diagnosisSchema } from '../../../domain/diagnosis.ts';
import type { Edge, Topology } from '../../../domain/entity.ts';
import { alertKindOf } from './alert-kind.ts';
import { diagnoseStorm, type Storm } from './diagnose-storm.ts';
import type { StormAlert } from './storm-alert.ts';

const edge = (from: string, to: string, kind: Edge['kind']): Edge => ({
  from,
  to,
  kind,
  source: 'test',
  confidence: 1,
});
const pods = ['pod:web-0', 'pod:web-1', 'pod:cart-0', 'pod:cart-1', 'pod:stock-0', 'pod:stock-1'];
const topology: Topology = {
  entities: [],
  edges: [
    ...pods.map((pod) => edge(`service:${pod.slice(4, -2)}`, pod, 'owns')),
    ...pods.map((pod, index) => edge(pod, `node:n${index % 2}`, 'runs-on')),
    edge('pod:web-0', 'pod:cart-0', 'calls'),
    edge('pod:web-1', 'pod:cart-1', 'calls'),
    edge('pod:cart-0', 'pod:stock-0', 'calls'),
    edge('pod:cart-1', 'pod:stock-1', 'calls'),
  ],
};
const metric = (entity: string, name: string): StormAlert => ({ entity, source: 'metric', name, direction: 'up' });
const window = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T11:00:00.000Z' };

/** Every incident has the door's latency and the cart's memory; nothing else is usual. */
const history = Array.from({ length: 40 }, () => [
  metric('pod:web-0', 'latency_p95'),
  metric('pod:web-1', 'latency_p95'),
  metric('pod:cart-0', 'memory_usage'),
]);
const storm = (alerts: StormAlert[], more: Partial<Storm> = {}): Storm => ({
  alerts,
  history,
  topology,
  window,
  ...more,
});
const usual = history[0]!;

describe('diagnoseStorm', () => {
  it('looks past what fires in every incident to what is rare here', () => {
    const found = diagnoseStorm(storm([...usual, metric('pod:stock-1', 'cpu_usage'), metric('pod:stock-1', 'qps')]));
    expect(found.hypotheses[0]).toMatchObject({ entity: 'pod:stock-1', faultKind: 'cpu-saturation' });
    expect(diagnosisSchema.safeParse(found).success).toBe(true);
  });

  it('never proves anything from alerts, and says nothing is healthy while some fire', () => {
    const found = diagnoseStorm(storm(usual));
    expect(found.hypotheses.every(({ certificate }) => certificate.grade !== 'proven')).toBe(true);
    expect(['cause', 'abstain']).toContain(found.verdict);
    expect(diagnoseStorm(storm([])).verdict).toBe('healthy');
  });

  it('blames the service when all its instances show the same, the instance when one does', () => {
    const both = ['pod:stock-0', 'pod:stock-1'].flatMap((pod) => [metric(pod, 'errors'), metric(pod, 'cpu_usage')]);
    expect(diagnoseStorm(storm(both)).hypotheses[0]?.entity).toBe('service:stock');
    const one = [metric('pod:stock-0', 'errors'), metric('pod:stock-0', 'cpu_usage')];
    expect(diagnoseStorm(storm(one)).hypotheses[0]?.entity).toBe('pod:stock-0');
  });

  it('blames the machine when what runs on it shows the same, whosever it is', () => {
    const here = ['pod:web-0', 'pod:cart-0', 'pod:stock-0'].map((pod) => metric(pod, 'disk_io_time'));
    const found = diagnoseStorm(storm([...here, metric('node:n0', 'disk_usage')]));
    expect(found.hypotheses[0]).toMatchObject({ entity: 'node:n0', faultKind: 'disk-full' });
  });

  it('ranks without a history and without a topology, and abstains where nothing stands out', () => {
    const alerts = pods.map((pod) => metric(pod, 'latency_p95'));
    const found = diagnoseStorm(storm(alerts, { history: [], topology: { entities: [], edges: [] } }));
    expect(found.hypotheses).toHaveLength(6);
    expect(found.verdict).toBe('abstain');
  });

  it('gives the same bytes for the same storm, and shows no markup of a hostile name', () => {
    const alerts = [metric('pod:web-0', '<script>alert(1)</script>'.repeat(500))];
    const [first, second] = [diagnoseStorm(storm(alerts)), diagnoseStorm(storm(alerts))];
    expect(JSON.stringify(first)).toBe(JSON.stringify(second));
    expect(first.hypotheses[0]?.mechanism).not.toMatch(/[<>]/);
  });
});

describe('alertKindOf', () => {
  it('reads metric names, rule names and statuses alike', () => {
    const kind = (name: string): string => alertKindOf({ entity: 'x', source: 'metric', name });
    expect(
      [
        'container_memory_rss',
        'HighCPUUsage',
        'KubePodCrashLooping',
        'node_filesystem_avail',
        'IstioSuccessRateLow',
      ].map(kind),
    ).toEqual(['memory', 'cpu', 'process', 'disk', 'errors']);
    expect(alertKindOf({ entity: 'x', source: 'trace', name: 'GET', status: '5xx' })).toBe('errors');
  });
});
