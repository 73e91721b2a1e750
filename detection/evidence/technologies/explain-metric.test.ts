import { describe, expect, it } from 'vitest';
import { explainMetric } from './explain-metric.ts';
import { metricsOfRules } from './uses-of-rules.ts';

describe('explainMetric', () => {
  it.each([
    ['acme_jobs_done_total', 'counter', 'jobs', 'flow'],
    ['acme_upload_failures_total', 'counter', 'failures', 'errors'],
    ['acme_call_duration_seconds_bucket', 'histogram', 'seconds', 'duration'],
    ['acme_last_backup_timestamp_seconds', 'gauge', 'timestamp', 'moment'],
    ['acme_disk_used_percent', 'gauge', 'percent', 'fill'],
    ['acme_disk_free_bytes', 'gauge', 'bytes', 'left'],
    ['acme_tasks_pending', 'gauge', 'tasks', 'waiting'],
    ['acme_replication_lag_seconds', 'gauge', 'seconds', 'lag'],
    ['acme_up', 'gauge', 'bool', 'up'],
    ['acme_build_info', 'info', undefined, 'info'],
    ['acme_board_temperature_celsius', 'gauge', 'celsius', 'reading'],
    ['acme_refused_packets', 'counter', 'packets', 'errors'],
    ['acme_scrape_duration_seconds', 'gauge', 'seconds', 'monitoring'],
    ['acme_blob', 'gauge', undefined, 'unknown'],
  ])('infers %s as a %s in %s: %s', (metric, type, unit, facet) => {
    const told = explainMetric(metric);
    expect(told).toMatchObject({ type, facet, source: 'name', technology: 'acme' });
    expect(told.unit ?? undefined).toBe(facet === 'unknown' ? told.unit : unit);
  });

  it('believes the metadata of the source before the name', () => {
    const told = explainMetric('acme_things', { type: 'counter', help: 'Total time spent on things in milliseconds.' });
    expect(told).toMatchObject({ type: 'counter', unit: 'milliseconds', facet: 'time-spent', source: 'metadata' });
  });

  it('learns from rules: what is counted, what a level is divided by, which side alarms, and who is named', () => {
    const uses = metricsOfRules([
      { expr: 'rate(acme_work[5m]) < 1' },
      { expr: 'acme_slots_used / acme_slots > 0.9 and acme_slots > 0', texts: ['Pool {{ $labels.queue }} is full'] },
      { expr: 'time() - acme_synced > 60' },
    ]);
    const told = (metric: string) => explainMetric(metric, uses.get(metric));
    expect(told('acme_work')).toMatchObject({ type: 'counter', good: 'up', source: 'use' });
    expect(told('acme_slots_used')).toMatchObject({
      facet: 'used',
      limit: { metric: 'acme_slots', how: 'limit' },
      good: 'down',
      owner: { kind: 'queue' },
    });
    expect(told('acme_synced')).toMatchObject({ unit: 'timestamp', limit: { how: 'now' } });
  });

  it('finds the partner of a use among the metrics that are there', () => {
    const others = new Set(['acme_pool_in_use', 'acme_pool_max', 'acme_other_max']);
    expect(explainMetric('acme_pool_in_use', { others }).limit).toEqual({ metric: 'acme_pool_max', how: 'limit' });
  });

  it('reads a hostile name in time and claims nothing', () => {
    expect(explainMetric('a_'.repeat(100_000)).metric.length).toBe(200_000);
  });
});
