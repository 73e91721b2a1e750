import { describe, expect, it } from 'vitest';
import type { Span } from '../../../domain/signal.ts';
import { sampleTraces } from '../nezha/sample-traces.ts';
import { kindOfNode, serviceBehind } from './node-kinds.ts';
import { parseCsv } from '../parse-csv.ts';

describe('adapters of petshop and nezha', () => {
  it('parse quoted fields, doubled quotes and line breaks within', () => {
    expect([...parseCsv('a,b\r\n"x ""y"", z",\n\n"two\nlines",1')]).toEqual([
      ['a', 'b'],
      ['x "y", z', ''],
      ['two\nlines', '1'],
    ]);
  });

  it('know what a node of a service graph is and which service stands behind a load balancer', () => {
    expect(kindOfNode('orders_AWS::DynamoDB::Table')).toBe('database');
    expect(kindOfNode('host.example_remote')).toBe('endpoint');
    expect(serviceBehind('stack-order.eu-1.elb.amazonaws.com_remote', ['web', 'myorders_AWS::ECS::Fargate'])).toBe(
      'myorders_AWS::ECS::Fargate',
    );
    expect(serviceBehind('other.example_remote', ['web'])).toBeUndefined();
  });

  it('sample traces evenly, whole, and never more than asked for', () => {
    const trace = (id: number): Span[] =>
      [1, 2].map((span) => ({
        traceId: String(id),
        spanId: String(span),
        entity: 'pod:a',
        name: 'x',
        kind: 'server',
        startMs: id,
        durationMs: 1,
        status: 'unset',
        attributes: {},
      }));
    const all = Array.from({ length: 100 }, (_, id) => trace(id));
    const kept = sampleTraces(all, 20);
    expect(kept.every((one) => one.length === 2)).toBe(true);
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(kept.length).toBeGreaterThanOrEqual(9);
    expect(kept.filter(([span]) => (span?.startMs ?? 0) < 50).length).toBeGreaterThanOrEqual(4);
    expect(sampleTraces(all, 1_000)).toHaveLength(100);
  });
});
