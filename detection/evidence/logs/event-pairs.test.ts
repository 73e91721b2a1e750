import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { minePatterns } from './mine-patterns.ts';

const start = Date.UTC(2026, 2, 3, 9);
const split = start + 600_000;
const windows = {
  baseline: { from: isoOf(start), to: isoOf(split) },
  observed: { from: isoOf(split), to: isoOf(split + 180_000) },
};
const words: Readonly<Record<string, string>> = {
  taken: 'order taken from basket',
  priced: 'prices worked out for basket',
  charged: 'charge sent to the bank',
  kept: 'order kept in the store',
};

/** A request every three seconds that logs the steps it does at one service. */
function requests(steps: (at: number) => readonly string[]): LogRecord[] {
  return Array.from({ length: 260 }, (_, index) => start + index * 3_000).flatMap((at, index) =>
    steps(at).map((step, place): LogRecord => ({
      at: isoOf(at + 20 * place),
      entity: 'service:kiosk',
      level: 'info',
      message: words[step] ?? step,
      traceId: `t${index}`,
    })),
  );
}

const pairsOf = (logs: LogRecord[]) =>
  minePatterns(logs, windows).filter(({ signal }) => signal.name === 'event-pairs');
const all = ['taken', 'priced', 'charged', 'kept'];

describe('eventPairs', () => {
  it('tells an early return that logs no error, as work that is no longer done', () => {
    const [found, ...more] = pairsOf(requests((at) => (at >= split ? ['taken', 'priced'] : all)));
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      entity: 'service:kiosk',
      direction: 'down',
      data: { aspect: 'lost-calls', step: 'ends' },
    });
    expect(found?.severity).toBeGreaterThan(0.8);
    expect(found?.excerpt).toContain('prices worked out');
  });

  it('tells a step that is left out while the rest goes on', () => {
    const [found] = pairsOf(requests((at) => (at >= split ? ['taken', 'priced', 'kept'] : all)));
    expect(found?.excerpt).toContain('prices worked out');
    expect(found?.data?.['step']).not.toBe('ends');
  });

  it('says nothing of requests as ever, of another mix of them, or of an earlier trouble in the baseline', () => {
    expect(pairsOf(requests(() => all))).toEqual([]);
    const mix = (at: number): readonly string[] =>
      (at / 3_000) % (at >= split ? 2 : 5) === 0 ? ['taken', 'kept'] : all;
    expect(pairsOf(requests(mix))).toEqual([]);
    const isEarly = (at: number): boolean => at >= start + 100_000 && at < start + 220_000;
    const found = pairsOf(requests((at) => (at >= split || isEarly(at) ? ['taken', 'priced'] : all)));
    expect(found.map(({ effect }) => effect?.baseline)).toEqual([0]);
  });
});
