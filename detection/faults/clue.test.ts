import { expect, it } from 'vitest';
import type { Finding } from '../../domain/finding.ts';
import { fitsPattern } from './clue.ts';

it('takes the fall of what is left for a rise of use', () => {
  const finding = (direction: Finding['direction'], aspect: string): Finding => ({
    id: 'fi_1',
    kind: 'anomaly',
    entity: 'database:orders',
    signal: { type: 'metric', role: 'memory', name: 'FreeableMemory' },
    statement: 'it moved',
    direction,
    severity: 0.5,
    evidence: [],
    data: { aspect },
  });
  const isRise = (direction: Finding['direction'], aspect: string): boolean =>
    fitsPattern(finding(direction, aspect), '+memory', 'memory-leak');
  expect([isRise('down', 'left'), isRise('up', 'left'), isRise('up', 'level'), isRise('down', 'level')]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
