import { describe, expect, it } from 'vitest';
import type { OwnOpening } from '../../real/real-lines.ts';
import type { RealTruth } from '../../real/rig.ts';
import { stacks } from '../../real/stacks.ts';
import type { Prediction } from '../../suite.ts';
import { scoreReal } from './score-real.ts';

const truthOf = (culprit: boolean): RealTruth => ({
  stack: 'shop',
  break: 'x',
  seed: 1,
  told: 'something was done',
  culprit,
  entities: culprit ? ['postgres', 'https://shop*'] : [],
  faults: culprit ? ['database-lock'] : [],
  layer: culprit ? 'store' : 'none',
  onset: '2026-01-01T00:00:00Z',
});
const said = (verdict: string, entity: string, fault: string, culprit = true) => ({
  verdict,
  confidence: 0.9,
  grade: 'proven',
  headline: 'it is so',
  ranking: [{ entity, fault, culprit }],
});
const predictionOf = (name: string, line: Record<string, unknown>): Prediction => ({
  case: name,
  line,
  elapsedMs: 1,
  calls: 1,
  tokens: 0,
  dollars: 0,
});

describe('real suite', () => {
  it('takes any right name with a right kind, and nobody where nobody is to blame', () => {
    const own: OwnOpening[] = [{ by: 'watch', afterS: 12, ...said('cause', 'service:postgres', 'database-lock') }];
    const report = scoreReal(
      [
        predictionOf('a', said('cause', 'database:Postgres', 'database-lock')),
        predictionOf('b', said('cause', 'service:https://shop.example/x', 'disk-full')),
        predictionOf('c', said('abstain', 'service:postgres', 'database-lock')),
        predictionOf('d', said('external', 'external:visitors', 'traffic-surge', false)),
        predictionOf('e', said('cause', 'service:redis', 'memory-leak')),
      ],
      new Map([
        ['a', { truth: truthOf(true), own }],
        ['b', { truth: truthOf(true), own: [] }],
        ['c', { truth: truthOf(true), own: [] }],
        ['d', { truth: truthOf(false), own: [] }],
        ['e', { truth: truthOf(false), own: [] }],
      ]),
    );
    expect(Object.fromEntries(report.scores.map(({ metric, score }) => [metric, score]))).toMatchObject({
      'thing and fault first': 1 / 3,
      'thing first': 2 / 3,
      'thing and fault in three': 2 / 3,
      'nobody blamed where nobody is': 0.5,
      'opened by itself within 60 s': 1 / 3,
      'opened by itself, thing and fault right at first': 1 / 3,
    });
    expect(report.failures.map((failure) => failure.case)).toEqual(['b', 'c', 'e']);
  });

  it('has stacks whose breaks have names of their own, and a third of them outside the code', () => {
    for (const { breaks } of stacks) expect(new Set(breaks.map(({ name }) => name)).size).toBe(breaks.length);
    const culprits = stacks.flatMap(({ breaks }) => breaks.filter(({ culprit }) => culprit));
    expect(culprits.filter(({ layer }) => layer !== 'code').length / culprits.length).toBeGreaterThan(1 / 3);
    expect(culprits.every(({ entities, faults }) => entities.length > 0 && faults.length > 0)).toBe(true);
  });
});
