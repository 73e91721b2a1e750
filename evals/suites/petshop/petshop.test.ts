import { describe, expect, it } from 'vitest';
import type { Span } from '../../../domain/signal.ts';
import { sampleTraces } from '../nezha/sample-traces.ts';
import { kindOfNode, serviceBehind } from './node-kinds.ts';
import { parseCsv } from './parse-csv.ts';

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

  it('keep traces of rare calls when sampling', () => {
    const trace = (id: number, entity: string): Span[] => [
      {
        traceId: String(id),
        spanId: '1',
        entity,
        name: 'x',
        kind: 'server',
        startMs: id,
        durationMs: 1,
        status: 'unset',
        attributes: {},
      },
    ];
    const kept = sampleTraces(
      Array.from({ length: 100 }, (_, id) => trace(id, id === 50 ? 'pod:rare' : 'pod:common')),
      10,
      3,
    );
    expect(kept.length).toBeGreaterThan(3);
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(kept.some(([span]) => span?.entity === 'pod:rare')).toBe(true);
  });
});
