import { describe, expect, it } from 'vitest';
import type { LabTruth } from '../../lab-process.ts';
import type { Prediction } from '../../suite.ts';
import { labCases } from './lab-cases.ts';
import { scoreLab } from './score-lab.ts';

const predictionOf = (name: string, verdict: string, entity: string, fault: string): Prediction => ({
  case: name,
  line: { verdict, confidence: 0.9, grade: 'proven', ranking: [{ entity, fault }], detected_after_s: 4 },
  elapsedMs: 1,
  calls: 1,
  tokens: 0,
  dollars: 0,
});
const truthOf = (kind: string, entity: string | null, culprit: boolean): LabTruth => ({
  id: 'x',
  kind,
  entity,
  entities: entity === null ? [] : [entity],
  onset: '2026-01-01T00:00:00Z',
  culprit,
});

describe('lab suite', () => {
  it('counts entity and fault first, and nobody blamed where nobody is to blame', () => {
    const report = scoreLab(
      [
        predictionOf('1', 'cause', 'service:a', 'cache-loss'),
        predictionOf('2', 'cause', 'service:b', 'cpu-saturation'),
        predictionOf('3', 'external', 'external:x', 'provider-outage'),
        predictionOf('4', 'cause', 'service:a', 'cpu-saturation'),
      ],
      new Map([
        ['1', truthOf('cache-wipe', 'a', true)],
        ['2', truthOf('event-loop-block', 'b', true)],
        ['3', truthOf('provider-outage', null, false)],
        ['4', truthOf('none', null, false)],
      ]),
    );
    expect(Object.fromEntries(report.scores.map((row) => [row.metric, row.score]))).toMatchObject({
      'entity and fault first': 0.5,
      'entity first': 1,
      'nobody blamed without a culprit': 0.5,
    });
    expect(report.failures.map((failure) => failure.case)).toEqual(['2', '4']);
  });

  it('runs every fault at least twice and twenty runs without a culprit over five seeds', () => {
    const cases = labCases([11, 12, 13, 14, 15], []);
    const counts = new Map<string, number>();
    for (const one of cases) counts.set(one.fault, (counts.get(one.fault) ?? 0) + 1);
    expect([...counts.values()].every((count) => count >= 2)).toBe(true);
    expect(counts.size).toBe(19);
    expect(
      ['traffic-surge', 'noisy-neighbour', 'provider-outage', 'none'].reduce(
        (sum, fault) => sum + (counts.get(fault) ?? 0),
        0,
      ),
    ).toBe(20);
  });
});
