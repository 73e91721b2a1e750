import { expect, it } from 'vitest';
import type { Finding } from '../domain/finding.ts';
import { symptomsOf } from './symptoms.ts';

const finding = (id: string, role: Finding['signal']['role'], changes: Partial<Finding>): Finding => ({
  id,
  kind: 'anomaly',
  entity: 'service:cart',
  signal: { type: 'metric', role, name: id },
  statement: id,
  direction: 'up',
  severity: 0.8,
  evidence: [],
  ...changes,
});

it('takes for a symptom what people feel, in the direction that hurts', () => {
  const found = symptomsOf([
    finding('slower', 'latency', {}),
    finding('faster', 'latency', { direction: 'down', data: { aspect: 'mean' } }),
    finding('down', 'availability', { direction: 'down', data: { aspect: 'up' } }),
    finding('up again', 'availability', { direction: 'up', severity: 0.1, data: { aspect: 'up' } }),
    finding('slots left', 'queue', { direction: 'down', data: { aspect: 'left' } }),
    finding('shorter', 'queue', { direction: 'down', data: { aspect: 'level' } }),
    finding('busier', 'cpu', {}),
    finding('as ever', 'errors', { data: { ordinary: true } }),
  ]);
  expect(found.map(({ id }) => id)).toEqual(['slower', 'down', 'slots left']);
});
