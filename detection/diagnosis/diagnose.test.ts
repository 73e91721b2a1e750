import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import { diagnosis } from '../../domain/diagnosis.ts';
import { finding } from '../../domain/finding.ts';
import { minePatterns } from '../evidence/logs/mine-patterns.ts';
import { detectAnomalies } from '../evidence/signals/detect-anomalies.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { diagnose } from './diagnose.ts';
import { createGrammarLoader } from '../evidence/changes/parse/grammars.ts';
import { readChanges } from '../evidence/changes/read-changes.ts';
import type { Incident } from './simulate-incident.ts';
import { simulateIncident } from './simulate-incident.ts';
import { simulatedFaults } from './simulated-shop.ts';

const seen = { present: true };
const grammars = await createGrammarLoader().load(['typescript']);
const external = ['traffic-surge', 'provider-outage'];

function inputOf(incident: Incident): DiagnosisInput {
  const { baseline, observed, series, logs, changes, topology } = incident;
  const windows = { baseline, observed };
  return {
    window: observed,
    baseline,
    focus: [],
    findings: [...detectAnomalies(series, windows), ...minePatterns(logs, windows), ...readChanges(changes, grammars)],
    topology,
    coverage: {
      metrics: seen,
      logs: seen,
      traces: { present: false },
      changes: seen,
      resources: { present: false },
      topology: seen,
    },
  };
}

const told = ({ verdict, hypotheses }: Diagnosis): string =>
  `${verdict}: ${hypotheses
    .slice(0, 3)
    .map(({ entity, faultKind, score }) => `${entity} ${faultKind} ${score}`)
    .join(', ')}`;

describe('diagnose on simulated incidents', () => {
  for (const fault of simulatedFaults.filter((one) => one !== 'none')) {
    it(`finds ${fault}, at one-second and at fifteen-second scrapes`, () => {
      for (const [seed, options] of [
        [1, {}],
        [2, {}],
        [3, {}],
        [4, { stepS: 15, steps: 120 }],
        [5, { stepS: 15, steps: 60 }],
      ] as const) {
        const incident = simulateIncident(fault, seed, options);
        const result = diagnose(inputOf(incident));
        const top = result.hypotheses[0];
        expect([seed, result.verdict, top?.entity, top?.faultKind]).toEqual([
          seed,
          external.includes(fault) ? 'external' : 'cause',
          incident.truth.entity,
          fault,
        ]);
        expect(
          Math.abs(Date.parse(result.onset ?? '') - incident.truth.onsetMs) /
            (options === undefined ? 1 : 'stepS' in options ? options.stepS : 1),
        ).toBeLessThanOrEqual(6_000);
      }
    });
  }

  it('blames nobody when nothing is wrong', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const result = diagnose(inputOf(simulateIncident('none', seed, seed % 2 === 0 ? { stepS: 15, steps: 80 } : {})));
      expect(`${seed} ${told(result)}`).toBe(`${seed} healthy: `);
      expect(result.hypotheses).toEqual([]);
    }
  });

  it('is deterministic, fits its schema, and cites only findings that it was given', () => {
    const input = inputOf(simulateIncident('network-latency', 7));
    const result = diagnose(input);
    expect(JSON.stringify(diagnose(structuredClone(input)))).toBe(JSON.stringify(result));
    expect(diagnosis.safeParse(result).success).toBe(true);
    for (const one of input.findings) expect(finding.safeParse(one).success).toBe(true);
    const known = new Set(input.findings.map(({ id }) => id));
    for (const hypothesis of result.hypotheses) expect(hypothesis.findingsFor.every((id) => known.has(id))).toBe(true);
  });

  it('keeps its verdict when the findings come in another order', () => {
    const input = inputOf(simulateIncident('pool-exhaustion', 8));
    const turned = diagnose({ ...input, findings: [...input.findings].reverse() });
    expect(turned.hypotheses[0]).toMatchObject({
      entity: diagnose(input).hypotheses[0]?.entity,
      faultKind: 'pool-exhaustion',
    });
  });

  it('keeps its verdict when an unrelated healthy service joins', () => {
    const incident = simulateIncident('cpu-saturation', 9);
    const extra = simulateIncident('none', 9)
      .series.filter(({ entity }) => entity === 'service:bystander')
      .map((one) => ({ ...one, entity: 'service:newcomer' }));
    const shift = Date.parse(incident.baseline.from) - (extra[0]?.samples[0]?.[0] ?? 0);
    const moved = extra.map((one) => ({
      ...one,
      samples: one.samples.map(([at, value]): [number, number] => [at + shift, value]),
    }));
    const before = diagnose(inputOf(incident)).hypotheses[0];
    const after = diagnose(inputOf({ ...incident, series: [...incident.series, ...moved] })).hypotheses[0];
    expect(after).toEqual(before);
  });

  it('rules innocent changes out with a reason and blames the one that fits', () => {
    const result = diagnose(inputOf(simulateIncident('pool-exhaustion', 3)));
    expect(result.hypotheses[0]?.change).toBe('culprit');
    expect(result.ruledOut.filter(({ change }) => change?.startsWith('decoy')).map(({ reason }) => reason)).toEqual([
      'what runs is the same before and after',
      'the mechanism is seen at wares, not at door',
    ]);
  });

  it('gives a proven certificate with a path from the cause to the door', () => {
    const result = diagnose(inputOf(simulateIncident('network-latency', 2)));
    const certificate = result.hypotheses[0]?.certificate;
    expect(certificate?.grade).toBe('proven');
    expect(certificate?.paths.some((path) => path.at(-1)?.entity === 'service:door')).toBe(true);
    expect(result.blastRadius).toContain('service:door');
  });

  it('says what it could not see, and answers without anything', () => {
    const nothing = { present: false };
    const result = diagnose({
      window: { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:10:00Z' },
      baseline: { from: '2025-12-31T23:50:00Z', to: '2026-01-01T00:00:00Z' },
      focus: ['service:a'],
      findings: [],
      topology: { entities: [], edges: [] },
      coverage: {
        metrics: nothing,
        logs: nothing,
        traces: nothing,
        changes: nothing,
        resources: nothing,
        topology: nothing,
      },
    });
    expect(result.verdict).toBe('abstain');
    expect(result.confidence).toBeLessThan(0.5);
    expect(result.gaps[0]?.missing).toBe('metrics');
  });
});
