import { describe, expect, it } from 'vitest';
import type { Series } from '../../../domain/signal.ts';
import { classifyMetric } from './classify-metric.ts';
import { createSubjects } from './subject-of.ts';

const seriesOf = (metric: string, entity: string): Series => ({
  metric,
  type: 'gauge',
  entity,
  labels: {},
  samples: [[0, 1]],
});

describe('createSubjects', () => {
  const known = (name: string): string | undefined => (name === 'orders-db' ? 'database:orders-db' : undefined);
  const told = (metric: string, entity: string): string =>
    createSubjects([], known)(seriesOf(metric, entity), classifyMetric(metric));

  it('gives what an exporter says of its target to the target, where there is one of that name', () => {
    expect(told('pg_stat_activity_count', 'service:orders-db-exporter')).toBe('database:orders-db');
    expect(told('pg_stat_activity_count', 'service:other-exporter')).toBe('service:other-exporter');
  });

  it('leaves to the exporter what it says of itself', () => {
    expect(told('process_resident_memory_bytes', 'service:orders-db-exporter')).toBe('service:orders-db-exporter');
  });
});
