import { describe, expect, it } from 'vitest';
import type { EntityId } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Change } from '../../domain/signal.ts';
import { readChanges } from '../evidence/changes/read-changes.ts';
import { createBoard } from './board.ts';
import type { Candidate } from './candidates.ts';
import { candidateOf } from './candidates.ts';
import { gradeChange } from './change-match.ts';
import { timingOf } from './change-timing.ts';
import { faultKindOf } from '../faults/fault-catalogue.ts';
import { matchChanges } from './match-changes.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();
const entity: EntityId = 'service:tariff';
const starved: Finding = {
  id: 'f1',
  kind: 'log-pattern',
  entity,
  signal: { type: 'log', role: 'errors', name: 'pattern' },
  statement: 'new errors',
  excerpt: 'timed out acquiring a connection from the pool for quote_lines',
  direction: 'new',
  onset: at(30),
  severity: 0.7,
  faultKind: 'pool-exhaustion',
  evidence: [],
  data: { level: 'error' },
};
const setting = (id: string, minute: number, lines: string[]): Change => ({
  id,
  at: at(minute),
  kind: 'config',
  entity,
  title: 'chore: tidy',
  files: ['values.yaml'],
  diff: ['--- a/values.yaml', '+++ b/values.yaml', '@@ -1 +1 @@', ...lines].join('\n'),
});
const smallerPool = ['-  poolSize: 40', '+  poolSize: 4'];

function matched(changes: Change[], more: Finding[] = []): Candidate {
  const board = createBoard({
    window: { from: at(30), to: at(60) },
    baseline: { from: at(0), to: at(30) },
    focus: [],
    findings: [starved, ...more, ...readChanges(changes)],
    topology: { entities: [], edges: [] },
    coverage: {
      metrics: { present: true },
      logs: { present: true },
      traces: { present: false },
      changes: { present: true },
      resources: { present: false },
      topology: { present: false },
    },
  });
  const candidate = candidateOf(board, entity, faultKindOf('pool-exhaustion')!)!;
  matchChanges(board, [candidate]);
  return candidate;
}

describe('matchChanges', () => {
  it('blames what a change does where it brings what is seen, and tells of which parts that is made', () => {
    const { changeMatch } = matched([
      setting('small', 28, smallerPool),
      setting('other', 29, ['-  label: a', '+  label: b']),
    ]);
    expect(changeMatch?.change.data?.['change']).toBe('small');
    expect(changeMatch?.features.effect).toBeGreaterThan(0.7);
    expect(changeMatch?.features).toMatchObject({ timing: 1, place: 1 });
    expect(gradeChange(changeMatch!, 'proven')).toBe('proven');
    expect(gradeChange(changeMatch!, 'suspected')).toBe('suspected');
  });

  it.each([
    ['came after the onset', setting('late', 50, smallerPool)],
    ['moved the other way', setting('large', 28, ['-  poolSize: 4', '+  poolSize: 40'])],
    ['does nothing', setting('same', 28, ['-  # a pool', '+  # the pool of quote_lines'])],
    ['lies elsewhere', { ...setting('far', 28, smallerPool), entity: 'service:other' as const }],
  ])('blames no change that %s', (_name, one) => {
    expect(matched([one]).change).toBeUndefined();
  });

  it('does not prove one of two that fit alike', () => {
    const { changeMatch } = matched([setting('one', 27, smallerPool), setting('two', 28, smallerPool)]);
    expect(gradeChange(changeMatch!, 'proven')).not.toBe('proven');
  });

  it('does not prove a change that something else explains as well', () => {
    const provider: Finding = {
      ...starved,
      id: 'f2',
      kind: 'anomaly',
      peer: 'external:bank.example',
      signal: { type: 'metric', role: 'errors', name: 'client_errors' },
      direction: 'up',
      severity: 0.9,
      excerpt: '',
      data: {},
    };
    const { changeMatch } = matched([setting('small', 28, smallerPool)], [provider]);
    expect(gradeChange(changeMatch!, 'proven')).not.toBe('proven');
  });
});

describe('timingOf', () => {
  const minute = 60_000;
  it('counts against what ran long without effect, less where effects pile up, and rules out what came after', () => {
    const timing = (ahead: number, effect?: string): number =>
      timingOf({ changeMs: 0, onsetMs: ahead * minute, toleranceMs: minute }, effect);
    expect(timing(-5)).toBe(0);
    expect(timing(5)).toBe(1);
    expect(timing(600)).toBeLessThan(0.5);
    expect(timing(600, 'growth-added')).toBeGreaterThan(0.8);
  });
});
