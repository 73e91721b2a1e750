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
  const holds = (...list: ('yes' | 'no' | 'unknown')[]) =>
    list.map((one) => ({ holds: one, reason: '', evidence: [] }));
  it.each([
    [holds('yes', 'yes', 'yes'), { score: 0.9, margin: 0.5 }, 'proven'],
    [holds('yes', 'yes', 'yes'), { score: 0.9, margin: 0.02 }, 'supported'],
    [holds('yes', 'unknown', 'yes'), { score: 0.9, margin: 0.5 }, 'supported'],
    [holds('yes', 'no', 'yes'), { score: 0.9, margin: 0.5 }, 'suspected'],
    [holds('no', 'no', 'yes'), { score: 0.9, margin: 0.5 }, 'unproven'],
    [holds('yes', 'yes', 'yes'), { score: 0.1, margin: 0.1 }, 'unproven'],
  ] as const)('grades %#', (conditions, standing, grade) => {
    expect(gradeOf(conditions, standing)).toBe(grade);
  });
});
