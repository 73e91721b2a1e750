import { describe, expect, it } from 'vitest';
import type { Change, Series } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { judgeRollouts } from './judge-rollouts.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const minute = 60_000;
const at = isoOf(start + 10 * minute);
const topology = {
  entities: [],
  edges: [
    { from: 'service:web', to: 'service:order', kind: 'calls' as const, source: 'test', confidence: 1 },
    { from: 'service:order', to: 'service:price', kind: 'calls' as const, source: 'test', confidence: 1 },
    { from: 'service:web', to: 'service:ads', kind: 'calls' as const, source: 'test', confidence: 1 },
  ],
};

const rollout = (service: string, servingMinute?: number): Change => ({
  id: `r-${service}`,
  at: isoOf(start + 5 * minute),
  kind: 'rollout',
  entity: `service:${service}`,
  title: service,
  labels: {
    version: 'v2',
    ...(servingMinute === undefined ? {} : { serving_at: isoOf(start + servingMinute * minute) }),
  },
});
/** Success by minute of one version of a service, seen by `source`. */
const pods = (
  service: string,
  version: string,
  source: string,
  success: (minuteOf: number) => number | undefined,
): Series => ({
  metric: 'request_success_percent',
  type: 'gauge',
  entity: `service:${service}`,
  labels: { pod: `${service}-${version}-a`, version, source },
  samples: Array.from({ length: 15 }, (_, index) => index).flatMap((index) => {
    const value = success(index);
    return value === undefined ? [] : [[start + index * minute, value] as [number, number]];
  }),
});
const first = (changes: Change[], series: Series[]): string | undefined =>
  judgeRollouts(changes, { series, topology, at })[0]?.entity;

describe('judgeRollouts', () => {
  it('blames the version that fails where the old one does not', () => {
    const series = [
      pods('order', 'v1', 'web', () => 100),
      pods('order', 'v2', 'web', (now) => (now >= 8 ? 60 : undefined)),
      pods('ads', 'v1', 'web', () => 100),
      pods('ads', 'v2', 'web', (now) => (now >= 8 ? 100 : undefined)),
    ];
    const found = judgeRollouts([rollout('ads', 7), rollout('order', 7)], { series, topology, at });
    expect(found[0]).toMatchObject({ entity: 'service:order', faultKind: 'bad-rollout' });
    expect(found[0]!.severity).toBeGreaterThan(0.9);
  });

  it('clears a version that fails only as the old one does, and looks behind it', () => {
    const failing = (now: number): number => (now >= 9 ? 50 : 100);
    const series = [
      pods('order', 'v1', 'web', failing),
      pods('order', 'v2', 'web', (now) => (now >= 8 ? failing(now) : undefined)),
      pods('price', 'v1', 'order', () => 100),
    ];
    expect(first([rollout('order', 7), rollout('price', 8.5)], series)).toBe('service:price');
  });

  it('cannot blame a version that does not serve yet', () => {
    const series = [pods('order', 'v1', 'web', () => 100), pods('ads', 'v1', 'web', () => 100)];
    expect(first([rollout('order'), rollout('ads', 9)], series)).toBe('service:ads');
  });

  it('reads nothing after the time of judging', () => {
    const quiet = [pods('order', 'v2', 'web', (now) => (now >= 8 && now <= 10 ? 100 : undefined))];
    const later = [pods('order', 'v2', 'web', (now) => (now >= 8 ? (now <= 10 ? 100 : 0) : undefined))];
    const judged = (series: Series[]): unknown =>
      judgeRollouts([rollout('order', 7), rollout('ads', 8)], { series, topology, at });
    expect(judged(later)).toEqual(judged(quiet));
  });

  it('counts failures by status where only counters are at hand', () => {
    const counter = (version: string, status: string, perMinute: number): Series => ({
      metric: 'requests_total',
      type: 'counter',
      entity: 'service:order',
      labels: { version, source: 'web', status },
      samples: [7, 8, 9, 10].map((now) => [start + now * minute, perMinute * (now - 7)] as [number, number]),
    });
    const series = [counter('v1', '200', 100), counter('v2', '200', 20), counter('v2', '500', 20)];
    expect(first([rollout('ads', 9), rollout('order', 7)], series)).toBe('service:order');
  });
});
