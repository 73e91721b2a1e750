import { describe, expect, it } from 'vitest';
import type { Finding } from '../../domain/finding.ts';
import { faultKindOf } from '../faults/fault-catalogue.ts';
import { makeFinding } from '../evidence/signals/make-finding.ts';
import type { SeenClue } from './candidates.ts';
import { independentSignals, isHearsay, observedMechanism } from './observed.ts';

const shown = (entity: string, role: Finding['signal']['role'], more: Partial<Finding> = {}): Finding =>
  makeFinding({
    kind: 'anomaly',
    entity,
    signal: { type: 'metric', role, name: role },
    statement: `${role} of ${entity}`,
    direction: 'up',
    severity: 0.8,
    ...more,
  });

function candidate(kind: string, entity: string, ...findings: Finding[]) {
  const fault = faultKindOf(kind)!;
  const seen: SeenClue[] = [
    { clue: { where: 'self', shows: [], weight: 0.6, says: '', required: true }, findings, mass: 0.5 },
  ];
  return { entity, fault, seen };
}

describe('observedMechanism', () => {
  it('takes a lock that the database shows, not the slowness of those who wait', () => {
    expect(
      observedMechanism(candidate('database-lock', 'database:store', shown('database:store', 'lock'))),
    ).toHaveLength(1);
    const victim = shown('service:shop', 'latency', { peer: 'database:store' });
    expect(observedMechanism(candidate('database-lock', 'database:store', victim))).toEqual([]);
  });

  it('takes no fall of what reaches a party for its own doing', () => {
    const fall = shown('service:shop', 'traffic', { direction: 'down' });
    expect(observedMechanism(candidate('consumer-stalled', 'service:shop', fall))).toEqual([]);
  });

  it('takes a line that names the kind at the accused, not one that speaks of a peer', () => {
    const line = (hintOf: string): Finding =>
      shown('service:shop', 'logs', { kind: 'log-pattern', faultKind: 'out-of-memory', data: { hintOf } });
    expect(observedMechanism(candidate('out-of-memory', 'service:shop', line('self')))).toHaveLength(1);
    expect(observedMechanism(candidate('out-of-memory', 'service:shop', line('peer')))).toEqual([]);
  });
});

describe('isHearsay', () => {
  const wait = shown('service:a', 'latency', { peer: 'service:c' });
  it('is what one single other party says of its waiting', () => {
    expect(isHearsay(candidate('slow-service', 'service:c', wait))).toBe(true);
  });

  it('ends with a second party or with anything that the accused shows', () => {
    const second = shown('service:b', 'latency', { peer: 'service:c' });
    expect(isHearsay(candidate('slow-service', 'service:c', wait, second))).toBe(false);
    expect(isHearsay(candidate('slow-service', 'service:c', wait, shown('service:c', 'cpu')))).toBe(false);
  });
});

describe('independentSignals', () => {
  it('counts one role at two parties twice, two findings of one role at one party once, a failed check as two', () => {
    expect(independentSignals([shown('service:a', 'latency'), shown('service:b', 'latency')])).toBe(2);
    expect(independentSignals([shown('service:a', 'latency'), shown('service:a', 'latency')])).toBe(1);
    expect(independentSignals([shown('service:a', 'config', { kind: 'failed-check' })])).toBe(2);
  });
});
