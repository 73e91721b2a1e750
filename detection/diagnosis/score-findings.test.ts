import { describe, expect, it } from 'vitest';
import { simulateIncident } from './simulate-incident.ts';
import { derivedOf, detectAnomalies } from '../evidence/signals/detect-anomalies.ts';
import { scoreFindings } from '../models/streams/score-findings.ts';

const { series, truth, observed } = simulateIncident('bad-deploy-errors', 2, { steps: 90 });
const derived = derivedOf(series);
const onset = new Date(truth.onsetMs).toISOString();
const start = new Date(series[0]!.samples[0]![0]).toISOString();
const findings = detectAnomalies(
  series,
  { baseline: { from: start, to: onset }, observed: { from: onset, to: observed.to } },
  { derived },
);

describe('scoreFindings', () => {
  it('adds the score of the series that a finding is about, high for a fault, and changes nothing else', () => {
    const scored = scoreFindings(findings, derived, truth.onsetMs);
    expect(scored.map(({ id, severity, statement }) => [id, severity, statement])).toEqual(
      findings.map(({ id, severity, statement }) => [id, severity, statement]),
    );
    const errors = scored.filter(({ signal, severity }) => signal.role === 'errors' && severity >= 0.6);
    expect(errors.length).toBeGreaterThan(0);
    for (const { data } of errors) expect(Number(data?.['score'])).toBeGreaterThan(0.99);
  });
  it('leaves a finding alone whose series has little before the span', () => {
    const few = scoreFindings(findings, derived, Date.parse(start) + 10_000);
    expect(few.every(({ data }) => data?.['score'] === undefined)).toBe(true);
  });
});
