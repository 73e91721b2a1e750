import { expect, it } from 'vitest';
import type { Sample, Series } from '../../domain/signal.ts';
import { readableSeries } from './readable-series.ts';

const raw = (
  metric: string,
  labels: Record<string, string>,
  growth: number,
  type: Series['type'] = 'counter',
): Series => ({
  metric,
  type,
  entity: 'service:cart',
  labels,
  samples: Array.from({ length: 5 }, (_, step): Sample => [step * 1_000, type === 'counter' ? step * growth : growth]),
});
const last = (all: readonly Series[]): [string, number][] =>
  all.map(({ metric, samples }) => [metric, samples.at(-1)![1]]);

it('works out the percentile that is asked for, of a histogram, or takes it from a summary that has it', () => {
  // Of 100 calls a second 80 take up to 0.1 s, 90 up to 0.2 s, all up to 0.4 s.
  const histogram = [
    raw('request_seconds_bucket', { le: '0.1' }, 80),
    raw('request_seconds_bucket', { le: '0.2' }, 90),
    raw('request_seconds_bucket', { le: '0.4' }, 100),
    raw('request_seconds_bucket', { le: '+Inf' }, 100),
    raw('request_seconds_sum', {}, 12),
    raw('request_seconds_count', {}, 100),
  ];
  const of = (form: string): [string, number][] => last(readableSeries(histogram, form, ['latency']));
  expect(of('p50')).toEqual([['request_seconds:p50', 0.0625]]);
  expect(of('p90')[0]?.[1]).toBeCloseTo(0.2);
  expect(of('p95')[0]?.[1]).toBeCloseTo(0.3);
  expect(of('p99')[0]?.[1]).toBeCloseTo(0.38);
  expect(of('auto').map(([metric]) => metric)).toContain('request_seconds:p95');
  const summary = ['0.5', '0.9', '0.99'].map((quantile) =>
    raw('request_seconds', { quantile }, Number(quantile), 'gauge'),
  );
  expect(last(readableSeries(summary, 'p99', ['latency']))).toEqual([['request_seconds:p99', 0.99]]);
  expect(last(readableSeries(summary, 'p90', ['latency']))).toEqual([['request_seconds:p90', 0.9]]);
});

it('gives only what is left below a limit where that is asked for', () => {
  const memory = ['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes', 'process_resident_memory_bytes'].map(
    (metric) => raw(metric, {}, 5e8, 'gauge'),
  );
  expect(last(readableSeries(memory, 'left', ['memory']))).toEqual([['node_memory_MemAvailable_bytes:left', 5e8]]);
});
