import { describe, expect, it } from 'vitest';
import type { Series } from '../../../domain/signal.ts';
import { presentFacts } from './present-facts.ts';

const now = Date.UTC(2026, 5, 1, 10);
const minute = 60_000;
/** A sample a minute, `valueAt` by minutes before now. */
const made = (metric: string, minutes: number, valueAt: (ago: number) => number): Series => ({
  metric,
  type: 'gauge',
  entity: 'database:orders',
  labels: {},
  samples: Array.from({ length: minutes + 1 }, (_, index): [number, number] => [
    now - (minutes - index) * minute,
    valueAt(minutes - index),
  ]),
});

describe('presentFacts', () => {
  it('tells what is down now, since when as far as samples reach', () => {
    const [fact] = presentFacts([made('pg_up', 24, (ago) => (ago < 10 ? 0 : 1))], now);
    expect(fact).toMatchObject({
      entity: 'database:orders',
      direction: 'down',
      signal: { role: 'availability' },
      data: { present: true },
    });
    expect(fact?.severity).toBeGreaterThan(0.7);
    expect(Math.abs(Date.parse(fact?.onset ?? '') - (now - 9 * minute))).toBeLessThanOrEqual(2 * minute);
    expect(presentFacts([made('pg_up', 10, () => 0)], now)[0]?.severity).toBeGreaterThan(0.5);
  });

  it('tells a limit that is reached, with use and limit', () => {
    const [fact] = presentFacts(
      [
        made('pg_stat_activity_count', 20, (ago) => (ago < 5 ? 39 : 12)),
        made('pg_settings_max_connections', 20, () => 40),
      ],
      now,
    );
    expect(fact?.statement).toContain('98 % of its limit now (39 of 40)');
    expect(fact?.data).toMatchObject({ aspect: 'saturation' });
  });

  it('makes nothing of what has always been so, of what is well, and of what no longer comes', () => {
    const old = presentFacts([made('pg_up', 120, () => 0)], now);
    expect(old[0]).toMatchObject({ data: { always: true } });
    expect(old[0]?.severity).toBeLessThan(0.3);
    expect(presentFacts([made('pg_up', 20, () => 1)], now)).toEqual([]);
    const silent = made('pg_up', 60, () => 0);
    expect(presentFacts([{ ...silent, samples: silent.samples.slice(0, 20) }], now)).toEqual([]);
  });
});
