import { describe, expect, it } from 'vitest';
import type { Diagnosis, Grade, Hypothesis } from '../../domain/diagnosis.ts';
import { applyPrior, type Prior } from './apply-prior.ts';

const condition = { holds: 'yes' as const, reason: 'r', evidence: [] };
const hypothesis = (entity: string, score: number, grade: Grade = 'supported', culprit = true): Hypothesis => ({
  id: `hy_${entity}`,
  entity,
  faultKind: 'lock',
  mechanism: 'm',
  culprit,
  score,
  confidence: score,
  findingsFor: [],
  findingsAgainst: [],
  evidence: [],
  certificate: { structural: condition, temporal: condition, statistical: condition, paths: [], grade },
});
const diagnosis = (...hypotheses: Hypothesis[]): Diagnosis => ({
  verdict: 'cause',
  window: { from: '2030-01-01T00:00:00Z', to: '2030-01-01T01:00:00Z' },
  symptoms: [],
  hypotheses,
  ruledOut: [],
  gaps: [],
  blastRadius: [],
  timeline: [],
  confidence: hypotheses[0]?.confidence ?? 0,
});
const prior = (more: Partial<Prior> = {}): Prior => ({
  like: [{ entity: 'service:b', faultKind: 'lock', likeness: 1 }],
  causeClass: 'internal',
  confidence: 0.9,
  ...more,
});
const order = (found: Diagnosis): string[] => found.hypotheses.map(({ entity }) => entity);
const [a, b] = [hypothesis('service:a', 0.8), hypothesis('service:b', 0.795)];

describe('the prior of past incidents', () => {
  it('decides between level hypotheses and changes no score, grade or certificate', () => {
    const found = applyPrior(diagnosis(a, b), prior());
    expect(order(found)).toEqual(['service:b', 'service:a']);
    expect(found.hypotheses).toEqual([b, a]);
    expect(found.confidence).toBe(b.confidence);
  });

  it('is overruled by evidence: a clear lead, a better grade, a proof', () => {
    expect(order(applyPrior(diagnosis(hypothesis('service:a', 0.85), b), prior()))[0]).toBe('service:a');
    expect(order(applyPrior(diagnosis(hypothesis('service:a', 0.8, 'proven'), b), prior()))[0]).toBe('service:a');
    const proven = [hypothesis('service:a', 0.8, 'proven'), hypothesis('service:b', 0.799, 'proven')];
    expect(order(applyPrior(diagnosis(...proven), prior()))[0]).toBe('service:a');
  });

  it('needs incidents that are like this one, and names nothing where nothing was named', () => {
    const elsewhere = prior({ like: [{ entity: 'service:z', faultKind: 'leak', likeness: 1 }], confidence: 0 });
    expect(order(applyPrior(diagnosis(a, b), elsewhere))[0]).toBe('service:a');
    const abstained = { ...diagnosis(a, b), verdict: 'abstain' as const };
    expect(applyPrior(abstained, prior())).toBe(abstained);
  });

  it('brings the verdict of the hypothesis that it puts first', () => {
    const outside = hypothesis('external:isp', 0.797, 'supported', false);
    const found = applyPrior(diagnosis(a, outside), prior({ like: [], causeClass: 'external' }));
    expect(found).toMatchObject({ verdict: 'external', confidence: 0.797 });
  });
});
