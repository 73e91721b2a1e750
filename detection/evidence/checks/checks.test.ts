import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../domain/signal.ts';
import { checkResources } from './check-resources.ts';
import { resourceChecks } from './checks.ts';
import { anObject, aPod } from './fake-cluster-objects.ts';

describe('resource checks', () => {
  it('explain their rule and what refutes them, each by a name of its own', () => {
    expect(new Set(resourceChecks.map(({ name }) => name)).size).toBe(resourceChecks.length);
    for (const { rule, refutedBy } of resourceChecks)
      expect(Math.min(rule.length, refutedBy.length)).toBeGreaterThan(20);
  });

  it('name the node that most of what is slow runs on, and lost packets only where masses are sent again', () => {
    const alert = (about: string, kind: string, name: string, current: number): Resource =>
      anObject('Alert', `${about}-${name}`, {
        about,
        kind,
        from: '2026-03-01T10:00:00.000Z',
        measures: [{ name, normal: 1, current }],
      });
    const here = aPod('cart', { spec: { nodeName: 'node-b' } });
    const late = checkResources([
      here,
      alert('cart', 'Service', 'latency p90', 900),
      alert('node-b', 'Node', 'tcp retransmission', 1.2),
    ]);
    expect(late.find(({ signal }) => signal.name === 'delay')?.entity).toBe('node:node-b');
    const lost = checkResources([
      here,
      alert('cart', 'Service', 'latency p90', 900),
      alert('node-b', 'Node', 'tcp retransmission', 9),
    ]);
    expect(lost.some(({ signal }) => signal.name === 'delay')).toBe(false);
  });

  it('never throw on odd objects', () => {
    const odd = [
      'Pod',
      'Service',
      'Deployment',
      'Node',
      'Event',
      'ConfigMap',
      'Ingress',
      'PersistentVolumeClaim',
      'Alert',
    ].flatMap((kind) => [
      { kind, name: '', object: {} },
      { kind, name: 'x', object: { spec: null, status: [], metadata: 7, data: { a: 'routes: [' } } },
    ]);
    expect(() => checkResources(odd)).not.toThrow();
  });
});
