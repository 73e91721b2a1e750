import { describe, expect, it } from 'vitest';
import type { Finding } from '../../domain/finding.ts';
import { makeFinding } from '../evidence/signals/make-finding.ts';
import { diagnose } from './diagnose.ts';
import type { Coverage, DiagnosisInput } from './diagnosis-input.ts';

const slow = (entity: string): Finding =>
  makeFinding({
    kind: 'anomaly',
    entity,
    signal: { type: 'metric', role: 'latency', name: 'duration' },
    statement: `${entity} answers slower`,
    direction: 'up',
    onset: '2026-01-01T00:05:00.000Z',
    effect: { baseline: 0.01, observed: 0.2, size: 9 },
    severity: 0.6,
    data: { aspect: 'self-time' },
  });

function inputOf(missing: readonly (keyof Coverage)[]): DiagnosisInput {
  const one = (signal: keyof Coverage) => ({ present: !missing.includes(signal) });
  return {
    window: { from: '2026-01-01T00:04:00.000Z', to: '2026-01-01T00:10:00.000Z' },
    baseline: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:04:00.000Z' },
    focus: [],
    findings: [slow('service:orders')],
    topology: {
      entities: ['service:web', 'service:orders'].map((id) => ({ id, kind: 'service', name: id.slice(8) })),
      edges: [{ from: 'service:web', to: 'service:orders', kind: 'calls', source: 'declared', confidence: 1 }],
    },
    coverage: {
      metrics: one('metrics'),
      logs: one('logs'),
      traces: one('traces'),
      changes: one('changes'),
      resources: one('resources'),
      topology: one('topology'),
    },
  };
}

describe('what limits a diagnosis most', () => {
  it('is a signal that was not seen, with what it would tell', () => {
    const { limitedBy } = diagnose(inputOf(['logs', 'traces', 'resources']));
    expect(limitedBy?.signal).toBe('logs');
    expect(limitedBy?.sentence).toMatch(/^What limits this most: logs were not seen; they would show whether .+orders/);
    expect(limitedBy?.between[0]).toContain('service:orders');
  });

  it('is never a signal that was seen and never named for a healthy system', () => {
    expect(diagnose(inputOf(['changes'])).limitedBy?.signal).toBe('changes');
    expect(diagnose({ ...inputOf(['logs', 'traces']), findings: [] }).limitedBy).toBeUndefined();
  });
});
