import { describe, expect, it } from 'vitest';
import { namedMetric, roleMention } from './metrics.ts';
import { tokenise } from './tokens.ts';

describe('roleMention', () => {
  it.each([
    ['@e requests are slow', 'latency', true],
    ['p99 of @e', 'latency', false],
    ['@e 503s', 'errors', true],
    ['error rate of @e', 'errors', false],
    ['rps on @e', 'traffic', false],
    ['@e is down', 'availability', true],
    ['@e leaking', 'memory', true],
    ['cache hit ratio', 'cache', false],
    ['backlog of @e', 'queue', false],
    ['@e jobs piling up', 'queue', true],
    ['connections of @e', 'pool', false],
    ['open file descriptors', 'file-handles', false],
    ['@e crashlooping', 'restarts', true],
    ['which database is slowest', 'database-latency', false],
    ['which service is slowest', 'latency', false],
  ])('hears in "%s" the role %s', (line, metric, complaint) => {
    expect(roleMention(line)).toEqual({ metric, complaint });
  });

  it.each(['@e slowed down things', 'drill down into @e', 'what is up with @e'])(
    'does not hear an outage in "%s"',
    (line) => {
      expect(roleMention(line)?.metric).not.toBe('availability');
    },
  );
});

describe('namedMetric', () => {
  const metrics = ['oven_heat_total', 'oven_heat_loss_ratio', 'batch_wait_seconds'];

  it.each([
    ['plot oven_heat_total', 'oven_heat_total'],
    ['plot oven heat loss today', 'oven_heat_loss_ratio'],
    ['batch wait of the oven', 'batch_wait_seconds'],
  ])('finds in "%s" the metric %s', (text, metric) => {
    expect(namedMetric(tokenise(text), metrics)?.metric).toBe(metric);
  });

  it('does not take one word of a name for the metric', () => {
    expect(namedMetric(tokenise('is the oven fine, and the batch'), metrics)).toBeUndefined();
  });
});
