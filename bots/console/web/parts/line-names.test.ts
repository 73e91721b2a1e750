import { describe, expect, it } from 'vitest';
import { lineNames } from './line-names.ts';

const line = (entity: string, metric: string, labels: Record<string, string> = {}) => ({
  metric,
  entity,
  labels,
  samples: [],
});

describe('lineNames', () => {
  it('names lines by what tells them apart, and nothing else', () => {
    const both = { route: '/pay' };
    expect(lineNames([line('service:a', 'latency', both), line('service:b', 'latency', both)])).toEqual(['a', 'b']);
    expect(
      lineNames([
        line('service:a', 'request_seconds:mean', { peer: 'b' }),
        line('service:a', 'request_seconds:p95', { peer: 'c' }),
      ]),
    ).toEqual(['mean b', 'p95 c']);
    expect(lineNames([line('service:a', 'db_pool_waiting'), line('service:a', 'db_pool_in_use')])).toEqual([
      'waiting',
      'in_use',
    ]);
  });

  it('names a lone line by its entity, and keeps a name that is the start of another', () => {
    expect(lineNames([line('service:a', 'cpu')])).toEqual(['a']);
    expect(lineNames([line('service:a', 'cpu'), line('service:a', 'cpu_wait')])).toEqual(['cpu', 'cpu_wait']);
    expect(lineNames([])).toEqual([]);
  });
});
