import { describe, expect, it } from 'vitest';
import { detectAnomalies } from '../evidence/signals/detect-anomalies.ts';
import { certify } from './certify.ts';
import { gradeOf } from './certify-candidate.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { simulateIncident } from './simulate-incident.ts';

const seen = { present: true };
const incident = simulateIncident('network-latency', 4);
const { baseline, observed, series, topology, truth } = incident;
const input: DiagnosisInput = {
  window: observed,
  baseline,
  focus: [],
  findings: detectAnomalies(series, { baseline, observed }).map((one) => ({
    ...one,
    evidence: ['ev_00000000000000aa'],
  })),
  topology,
  coverage: { metrics: seen, logs: seen, traces: seen, changes: seen, resources: seen, topology: seen },
};
const accuse = (faultKind: string, entity = truth.entity ?? '', given = input) => certify({ entity, faultKind }, given);

describe('certify', () => {
  it('proves the true cause: path, order and effect, each citing evidence', () => {
    const certificate = accuse('network-latency');
    expect(certificate.grade).toBe('proven');
    for (const condition of [certificate.structural, certificate.temporal, certificate.statistical]) {
      expect(condition).toMatchObject({ holds: 'yes', evidence: ['ev_00000000000000aa'] });
    }
    for (const path of certificate.paths) expect(path[0]?.entity).toBe(truth.entity);
  });

  it('does not prove another kind at the right place, nor the right kind at a bystander, nor a kind that does not exist', () => {
    expect(accuse('memory-leak').grade).toBe('unproven');
    expect(accuse('network-latency', 'service:bystander').grade).toBe('unproven');
    expect(accuse('gremlins').structural).toMatchObject({ holds: 'unknown' });
  });

  it('cannot prove by structure what no topology and no call joins', () => {
    const lone = input.findings.map((one) =>
      one.peer === truth.entity && one.kind === 'edge-shift' ? one : { ...one, peer: undefined },
    );
    const findings = lone.map(({ peer, ...rest }) => (peer === undefined ? rest : { ...rest, peer }));
    const certificate = accuse('network-latency', truth.entity, {
      ...input,
      findings,
      topology: { entities: [], edges: [] },
    });
    expect(certificate.grade === 'proven' && certificate.structural.holds !== 'yes').toBe(false);
  });
});

describe('gradeOf', () => {
  const proven = { confidence: 0.9, lead: 1, risk: 0.02 };
  const condition = (holds: 'yes' | 'no' | 'unknown') => ({ holds, reason: '', evidence: [] });
  const all = (
    ...[structural, temporal, statistical, observed = 'yes', borne = 'yes']: ('yes' | 'no' | 'unknown')[]
  ) => ({
    structural: condition(structural ?? 'yes'),
    temporal: condition(temporal ?? 'yes'),
    statistical: condition(statistical ?? 'yes'),
    observed: condition(observed),
    borne: condition(borne),
  });
  const sure = { confidence: 0.95, lead: 2 };
  it.each([
    [all(), sure, 'proven'],
    [all(), { ...sure, lead: 0.2 }, 'supported'],
    [all(), { ...sure, confidence: 0.8 }, 'supported'],
    [all('yes', 'yes', 'yes', 'no'), sure, 'supported'],
    [all('yes', 'yes', 'yes', 'yes', 'no'), sure, 'supported'],
    [all('yes', 'unknown', 'yes'), sure, 'supported'],
    [all('yes', 'no', 'yes'), sure, 'suspected'],
    [all('no', 'no', 'yes'), sure, 'unproven'],
    [all(), { confidence: 0.3, lead: 2 }, 'suspected'],
  ] as const)('grades %#', (conditions, standing, grade) => {
    expect(gradeOf(conditions, standing, proven)).toBe(grade);
  });
});
