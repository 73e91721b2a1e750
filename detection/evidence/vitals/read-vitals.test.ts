import { describe, expect, it } from 'vitest';
import type { Series } from '../../../domain/signal.ts';
import { readVitals } from './read-vitals.ts';
import { relevanceOf, stemsOf } from './relevance-of.ts';

const now = 1_790_000_000_000;
const made = (
  metric: string,
  values: number[],
  labels: Record<string, string> = {},
  type: Series['type'] = 'gauge',
): Series => ({
  metric,
  type,
  entity: 'database:orders',
  labels,
  samples: values.map((value, index): [number, number] => [now - (values.length - 1 - index) * 60_000, value]),
});
const read = (...all: Series[]) => readVitals(all, now);

describe('readVitals', () => {
  it('adds up a use that its limit does not tell apart', () => {
    const [connections] = read(
      made('pg_stat_activity_count', [20, 30], { datname: 'orders', state: 'active' }),
      made('pg_stat_activity_count', [7, 7], { datname: 'orders', state: 'idle' }),
      made('pg_settings_max_connections', [40, 40]),
    );
    expect(connections).toMatchObject({
      subject: 'connections',
      value: 37,
      limit: 40,
      share: 0.925,
      tone: 'notable',
      known: true,
    });
  });

  it('keeps disks apart, the fullest first, and reads what is left as used', () => {
    const told = read(
      made('node_filesystem_avail_bytes', [50e9], { device: '/dev/a', mountpoint: '/' }),
      made('node_filesystem_size_bytes', [100e9], { device: '/dev/a', mountpoint: '/' }),
      made('node_filesystem_avail_bytes', [0], { device: '/dev/b', mountpoint: '/data' }),
      made('node_filesystem_size_bytes', [10e9], { device: '/dev/b', mountpoint: '/data' }),
    );
    expect(told.map(({ labels, share, tone }) => [labels['mountpoint'], share, tone])).toEqual([
      ['/data', 1, 'bad'],
      ['/', 0.5, 'plain'],
    ]);
  });

  it('says what is down before all else, and how far an end is', () => {
    const told = read(
      made('pg_up', [1, 0]),
      made('probe_ssl_earliest_cert_expiry', [now / 1_000 + 2 * 86_400]),
      made('pg_stat_database_deadlocks', [3, 3], { datname: 'orders' }, 'counter'),
    );
    expect(told[0]).toMatchObject({ facet: 'up', tone: 'bad', value: 0 });
    expect(told.find(({ facet }) => facet === 'moment')).toMatchObject({ value: 2 * 86_400, tone: 'bad' });
    expect(told.find(({ facet }) => facet === 'errors')).toMatchObject({ value: 0, tone: 'plain' });
  });

  it('tells a thing that is down from a habit that is off', () => {
    expect(read(made('node_timex_sync_status', [0]))[0]).toMatchObject({
      facet: 'up',
      tone: 'notable',
      answers: false,
    });
    expect(read(made('redis_up', [0]))[0]).toMatchObject({ facet: 'up', tone: 'bad', answers: true });
  });

  it('leaves out a pair that cannot be, and makes hits and misses one share', () => {
    const told = read(
      made('pg_stat_activity_count', [900]),
      made('pg_settings_max_connections', [10]),
      made('redis_keyspace_hits_total', [0, 300], {}, 'counter'),
      made('redis_keyspace_misses_total', [0, 100], {}, 'counter'),
    );
    expect(told.map(({ facet, value }) => [facet, value])).toEqual([['hit-share', 0.75]]);
  });

  it('is empty of nothing', () => {
    expect(readVitals([], now)).toEqual([]);
  });
});

describe('relevanceOf', () => {
  it('prefers the reading whose subject is asked for', () => {
    const told = read(
      made('pg_stat_activity_count', [37]),
      made('pg_settings_max_connections', [40]),
      made('pg_up', [1]),
    );
    const asked = stemsOf('how many connections are free?');
    expect(told.map((one) => [one.subject, relevanceOf(one, asked)])).toEqual([
      ['connections', 0.75],
      ['the server answers', 0],
    ]);
  });
});
