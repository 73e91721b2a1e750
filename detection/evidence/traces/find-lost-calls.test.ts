import { describe, expect, it } from 'vitest';
import type { Span } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { findLostCalls } from './find-lost-calls.ts';
import { placeSpans } from './span-tree.ts';

const start = Date.UTC(2026, 3, 1);
const windows = {
  baseline: { from: isoOf(start), to: isoOf(start + 100_000) },
  observed: { from: isoOf(start + 100_000), to: isoOf(start + 200_000) },
};

/** One run of an operation of `service:orders` each second, with the steps it takes; a step `other:x` is a span of another entity. */
function runs(stepsAt: (second: number) => readonly string[]): Span[] {
  return Array.from({ length: 200 }, (_, second): Span[] => {
    const base = { traceId: `t${second}`, startMs: start + second * 1000, durationMs: 5, status: 'unset' as const };
    return [
      { ...base, spanId: 'root', entity: 'service:orders', name: 'place', kind: 'server', attributes: {} },
      ...stepsAt(second).map((step, index): Span => ({
        ...base,
        spanId: `s${index}`,
        parentId: 'root',
        entity: step.startsWith('other:') ? 'service:other' : 'service:orders',
        name: step,
        kind: 'internal',
        attributes: {},
      })),
    ];
  }).flat();
}

const told = (spans: readonly Span[]): string[] =>
  findLostCalls(placeSpans(spans), windows).map(({ statement }) => statement);
const isAfter = (second: number): boolean => second >= 100;

describe('lost calls', () => {
  it('tells a step that is no longer always taken, and since when', () => {
    const spans = runs((second) => (isAfter(second) && second % 3 === 0 ? ['check'] : ['check', 'charge']));
    const [finding] = findLostCalls(placeSpans(spans), windows);
    expect(finding?.statement).toContain('no longer does charge in 33 % of its runs (before: 0 %)');
    expect(finding).toMatchObject({ entity: 'service:orders', direction: 'down', data: { aspect: 'lost-calls' } });
    expect(finding?.onset).toBe(isoOf(start + 102_000));
  });

  it('tells runs that return at once', () => {
    expect(
      told(runs((second) => (isAfter(second) && second % 2 === 0 ? [] : [second % 5 === 0 ? 'a' : 'b'])))[0],
    ).toMatch(/returns without doing anything in 50 %/);
  });

  it('tells a way of working that is gone while parts of it come in its place, among others that stay', () => {
    const spans = runs((second) =>
      second % 2 === 0 ? ['list'] : isAfter(second) ? ['read'] : ['read', 'rate', 'offer'],
    );
    expect(told(spans)[0]).toContain('stops before offer, rate, read');
  });

  it('does not take another mix of requests for a loss', () => {
    expect(told(runs((second) => (second % (isAfter(second) ? 10 : 2) === 0 ? ['list'] : ['read', 'rate'])))).toEqual(
      [],
    );
    expect(told(runs((second) => (second % 2 === 0 ? ['list'] : [isAfter(second) ? 'new' : 'read'])))).toEqual([]);
  });

  it('does not take missing telemetry of another entity for a loss', () => {
    expect(told(runs((second) => (isAfter(second) ? ['check'] : ['check', 'other:charge'])))).toEqual([]);
  });

  it('sees through an earlier incident in the baseline', () => {
    const spans = runs((second) =>
      isAfter(second) || (second >= 20 && second < 36) ? ['check'] : ['check', 'charge'],
    );
    expect(told(spans)[0]).toContain('no longer does charge');
  });

  it('says nothing of a few runs', () => {
    expect(told(runs((second) => (second === 150 || second === 160 ? [] : ['check'])))).toEqual([]);
  });
});
