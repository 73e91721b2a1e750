import { describe, expect, it } from 'vitest';
import type { Finding } from '../../domain/finding.ts';
import type { Sample, Series } from '../../domain/signal.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import { minePatterns } from '../evidence/logs/mine-patterns.ts';
import { detectAnomalies } from '../evidence/signals/detect-anomalies.ts';
import { orient } from '../evidence/signals/orient.ts';
import { diagnose } from './diagnose.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';

const start = Date.UTC(2026, 5, 1, 10);
const second = 1_000;
const at = (s: number): string => isoOf(start + s * second);
const windows = { baseline: { from: at(0), to: at(300) }, observed: { from: at(300), to: at(600) } };

/** Mean latency of a service: `levelAt` in seconds, five calls a second, a sample every five seconds. */
function latencyOf(service: string, levelAt: (s: number) => number, peer?: string): Series[] {
  const samples = { sum: [] as Sample[], count: [] as Sample[] };
  let sum = 0;
  for (let s = 0; s < 600; s += 5) {
    sum += 25 * levelAt(s) * (1 + 0.02 * ((s * 7) % 5));
    samples.sum.push([start + s * second, sum]);
    samples.count.push([start + s * second, 5 * s]);
  }
  const name = peer === undefined ? 'http_request_duration_seconds' : 'http_client_request_duration_seconds';
  const labels: Record<string, string> = peer === undefined ? {} : { peer };
  return (['sum', 'count'] as const).map((part) => ({
    metric: `${name}_${part}`,
    type: 'histogram',
    entity: `service:${service}`,
    labels,
    samples: samples[part],
  }));
}

const slowBetween =
  (from: number, to: number, most = 0.9) =>
  (s: number): number =>
    s >= from && s < to ? most : 0.05;

const untilOf = (found: readonly Finding[], entity: string): (string | undefined)[] =>
  found.filter((one) => one.entity === entity && one.severity > 0.5).map(({ until }) => until);

describe('what has ended', () => {
  it('says until when a departure lasted, and nothing where it goes on or comes and goes', () => {
    const found = detectAnomalies(
      [
        ...latencyOf('past', slowBetween(330, 450)),
        ...latencyOf('now', slowBetween(330, 900)),
        ...latencyOf('flapping', (s) => (s >= 330 && s % 60 < 30 ? 0.9 : 0.05)),
      ],
      windows,
    );
    expect(untilOf(found, 'service:past')).toEqual([at(455)]);
    expect(untilOf(found, 'service:now')).toEqual([undefined]);
    expect(untilOf(found, 'service:flapping').filter((one) => one !== undefined)).toEqual([]);
  });

  it('says it of log lines, in their own rhythm', () => {
    const lines = (entity: string, seconds: readonly number[]) =>
      seconds.map((s) => ({
        at: at(s),
        entity,
        level: 'error' as const,
        message: `cannot reach the boiler of ${entity}`,
      }));
    const steady = Array.from({ length: 60 }, (_, index) => index * 10);
    const found = minePatterns(
      [
        ...lines('service:past', [310, 320, 330, 340, 350]),
        ...lines('service:now', [310, 400, 480, 560]),
        ...lines('service:once', [320]),
        ...steady.map((s) => ({ at: at(s), entity: 'service:quiet', level: 'info' as const, message: 'served' })),
      ].sort((left, right) => (left.at < right.at ? -1 : 1)),
      windows,
    );
    const until = Object.fromEntries(found.map((one) => [one.entity, one.until]));
    expect(until).toEqual({ 'service:past': at(350), 'service:now': undefined, 'service:once': undefined });
  });

  const down = (entity: string, onset: number, until?: number): Finding => ({
    id: `fi_${entity}`,
    kind: 'anomaly',
    entity,
    signal: { type: 'metric', role: 'availability', name: 'up' },
    statement: `${entity} did not answer`,
    direction: 'gone',
    onset: at(onset),
    ...(until === undefined ? {} : { until: at(until) }),
    severity: until === undefined ? 0.6 : 0.95,
    evidence: [],
  });
  const seen = { present: true };
  const inputOf = (findings: Finding[]): DiagnosisInput => ({
    window: windows.observed,
    baseline: windows.baseline,
    focus: [],
    findings,
    topology: { entities: [], edges: [] },
    coverage: { metrics: seen, logs: seen, traces: seen, changes: seen, resources: seen, topology: seen },
  });

  it('never puts a fault that is over before one that goes on, however loud it was, and tells it in the past', () => {
    const { hypotheses } = diagnose(inputOf([down('service:loud', 310, 400), down('service:quiet', 450)]));
    expect(hypotheses[0]).toMatchObject({ entity: 'service:quiet', state: 'active' });
    const loud = hypotheses.find(({ entity }) => entity === 'service:loud');
    expect(loud).toMatchObject({ state: 'over', until: at(400) });
    expect(loud?.mechanism).not.toContain('does not answer');
  });

  it('names a fault that is over where nothing goes on', () => {
    const { hypotheses, timeline } = diagnose(inputOf([down('service:loud', 310, 400)]));
    expect(hypotheses[0]).toMatchObject({ entity: 'service:loud', state: 'over', until: at(400) });
    expect(timeline.map((entry) => [entry.at, entry.text])).toEqual([
      [at(310), 'service:loud did not answer'],
      [at(400), 'loud is back to normal in what was told of it'],
    ]);
  });

  it('calls nothing well for want of data', () => {
    const unseen = { present: false };
    const coverage = {
      metrics: unseen,
      logs: unseen,
      traces: unseen,
      changes: seen,
      resources: unseen,
      topology: seen,
    };
    expect(diagnose({ ...inputOf([]), coverage }).verdict).toBe('abstain');
    expect(diagnose(inputOf([])).verdict).toBe('healthy');
  });

  it('takes no incident for the usual: what got better at once is no onset, and no baseline', () => {
    const bad = (s: number): number => (s < 120 ? 1.2 : 0.05);
    const series = [
      ...latencyOf('edge', (s) => (s >= 500 ? 0.4 : bad(s))),
      ...latencyOf('cart', (s) => (s >= 500 ? 0.4 : bad(s))),
      ...latencyOf('mail', bad),
      // Better for all, and slower on the way for one: as after a restart.
      ...latencyOf('edge', (s) => (s < 120 ? 0.01 : 0.3), 'mail'),
    ];
    const { onset, baseline } = orient(series, windows.observed);
    expect(Date.parse(onset ?? '')).toBeGreaterThanOrEqual(Date.parse(at(495)));
    expect(Date.parse(baseline.from)).toBeGreaterThanOrEqual(Date.parse(at(120)));
  });

  it('leaves what lies between baseline and window out of both', () => {
    const found = detectAnomalies(
      latencyOf('cart', (s) => (s >= 200 && s < 400 ? 3 : s >= 500 ? 0.5 : 0.05)),
      {
        baseline: { from: at(0), to: at(200) },
        observed: { from: at(400), to: at(600) },
      },
    );
    expect(found[0]).toMatchObject({ entity: 'service:cart', onset: at(500) });
    expect(found[0]?.effect?.observed).toBeLessThan(1);
  });
});
