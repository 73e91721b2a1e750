import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finding } from '../../../domain/finding.ts';
import type { LogRecord } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { minePatterns } from './mine-patterns.ts';

const start = Date.UTC(2026, 2, 1);
const windows = {
  baseline: { from: isoOf(start), to: isoOf(start + 60_000) },
  observed: { from: isoOf(start + 60_000), to: isoOf(start + 120_000) },
};
const line = (second: number, message: string, more: Partial<LogRecord> = {}): LogRecord => ({
  at: isoOf(start + second * 1000),
  entity: 'service:a',
  level: 'info',
  message,
  ...more,
});
const routine = Array.from({ length: 120 }, (_, second) =>
  line(second, `request ${1000 + second} served in ${second % 17} ms`),
);

describe('minePatterns', () => {
  it('tells a new error pattern once, with count, first sight, quote and hint', () => {
    const failures = Array.from({ length: 12 }, (_, index) =>
      line(75 + index, 'request failed', {
        level: 'error',
        fields: { err: { type: 'PoolTimeoutError', message: `timed out acquiring a connection (${index} waiting)` } },
      }),
    );
    const found = minePatterns([...routine, ...failures], windows);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      kind: 'log-pattern',
      entity: 'service:a',
      direction: 'new',
      onset: isoOf(start + 75_000),
      faultKind: 'pool-exhaustion',
      data: { count: 12, level: 'error' },
    });
    expect(found[0]?.excerpt).toContain('PoolTimeoutError');
    expect(finding.safeParse(found[0]).success).toBe(true);
  });

  it('groups raw lines by what they say, not by the header that their source left on', () => {
    const headed = (second: number, message: string, name: string) =>
      line(second, `${isoOf(start + second * 1000)} host${second % 3} ${name}[${second}]: ${message}`, {
        level: 'unknown',
      });
    const raw = Array.from({ length: 120 }, (_, second) =>
      headed(second, `request ${second} served`, ['front', 'back'][second % 2]!),
    );
    const failures = Array.from({ length: 8 }, (_, index) =>
      headed(80 + index, 'disk is full', ['front', 'back', 'mid'][index % 3]!),
    );
    const found = minePatterns([...raw, ...failures], windows);
    expect(found.map(({ data, faultKind }) => [data?.['template'], data?.['count'], faultKind])).toEqual([
      ['disk is full', 8, 'disk-full'],
    ]);
  });

  it('keeps quiet about routine and about warnings that always came', () => {
    const warnings = Array.from({ length: 60 }, (_, index) => line(index * 2, 'slow request', { level: 'warn' }));
    expect(minePatterns([...routine, ...warnings], windows)).toEqual([]);
  });

  it('tells a surge of warnings, and one rare fatal line', () => {
    const few = [5, 25, 45].map((second) => line(second, 'retrying order 12', { level: 'warn' }));
    const many = Array.from({ length: 40 }, (_, index) =>
      line(70 + index, `retrying order ${index}`, { level: 'warn' }),
    );
    const found = minePatterns(
      [...routine, ...few, ...many, line(99, 'FATAL heap out of memory', { level: 'fatal' })],
      windows,
    );
    expect(found.map(({ direction, faultKind }) => `${direction} ${faultKind ?? ''}`).sort()).toEqual([
      'new out-of-memory',
      'up ',
    ]);
  });

  it('names the peer that a refused connection speaks of', () => {
    const found = minePatterns(
      [...routine, line(80, 'call failed: connect ECONNREFUSED', { level: 'warn', fields: { peer: 'stock' } })],
      windows,
    );
    expect(found[0]).toMatchObject({
      peer: 'service:stock',
      faultKind: 'dependency-down',
      data: { about: 'service:stock' },
    });
  });

  it('never throws on odd records', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.record({ type: fc.string(), message: fc.string() }),
    );
    const record = fc.record({
      at: fc.constantFrom(isoOf(start), isoOf(start + 61_000), 'not a time'),
      entity: fc.constant('service:a'),
      level: fc.constantFrom('error' as const, 'info' as const, 'unknown' as const),
      message: fc.string({ unit: 'binary' }),
      fields: fc.dictionary(fc.string(), value),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (logs) =>
        minePatterns(logs, windows).every((one) => finding.safeParse(one).success),
      ),
      { numRuns: 100 },
    );
  });
});
