import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { takeRows } from '../../models/matrix.ts';
import { readAll, takeStored } from '../../models/stored-rows.ts';
import { computedRows } from './computed-rows.ts';
import { columnsOf } from './feature-columns.ts';
import { computeFeatures, createFeatureComputer } from './feature-computer.ts';
import { defaultFeatureSet, type FeatureSet } from './feature-set.ts';
import { type Frame, selectColumns, stepOf } from './frame.ts';
import { createClockReader } from './time-features.ts';

function frameOf(rows: number, names: readonly string[], seed: number, hole = 0.02): Frame {
  const random = createRandom(seed);
  return {
    entity: 'host',
    times: Float64Array.from({ length: rows }, (_, r) => Date.UTC(2026, 0, 5) + r * 300_000),
    names,
    columns: names.map((_, c) =>
      Float64Array.from({ length: rows }, (_, r) =>
        random.next() < hole ? NaN : 50 + 20 * Math.sin(r / (7 + c)) + random.next() * 1e3 ** (c % 2),
      ),
    ),
  };
}
const twelve = Array.from({ length: 12 }, (_, c) => (c === 3 ? 'http_errors' : `metric_${c}`));
const column = (frame: Frame, set: FeatureSet, name: string): number[] => {
  const { names, rows } = computeFeatures(set, frame);
  const at = names.indexOf(name);
  return Array.from({ length: rows.rows }, (_, r) => rows.values[r * rows.columns + at]!);
};
const one = (values: number[], groups: FeatureSet['groups'], name: string): number[] =>
  column(
    {
      entity: 'a',
      times: Float64Array.from(values, (_, r) => r * 60_000),
      names: ['x'],
      columns: [Float64Array.from(values)],
    },
    { name: 'one', version: 1, groups },
    name,
  );

describe('features', () => {
  it('gives more than 300 named columns, each with its lineage, from a host with twelve metrics', () => {
    const columns = columnsOf(defaultFeatureSet(twelve), twelve);
    expect(columns.length).toBeGreaterThan(300);
    expect(columns.find(({ name }) => name === 'metric_0:std:15')?.lineage).toBe('std of metric_0 over 15 samples');
    expect(columns.filter(({ kind }) => kind === 'count').map(({ name }) => name)).toEqual([
      'http_errors:count:5',
      'http_errors:count:15',
      'http_errors:count:60',
    ]);
  });

  it('gives the same bytes whether a server was restarted in the middle or the whole past was computed at once', () => {
    const frame = frameOf(400, twelve, 7);
    const set = defaultFeatureSet(twelve);
    const batch = computeFeatures(set, frame).rows;
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 390 }), (restart) => {
        const computer = createFeatureComputer(set, twelve);
        const row = new Float32Array(batch.columns);
        for (let r = restart - computer.memory + 1; r < Math.min(400, restart + 8); r += 1) {
          computer.push(
            frame.times[r]!,
            frame.columns.map((values) => values[r]!),
            row,
            0,
          );
          if (r >= restart)
            expect(Buffer.from(row.buffer)).toEqual(
              Buffer.from(batch.values.buffer, r * row.byteLength, row.byteLength),
            );
        }
      }),
      { numRuns: 25 },
    );
  });

  it('gives the same bytes where rows are computed as they are read, in any order', () => {
    const frame = frameOf(400, twelve, 7);
    const set = defaultFeatureSet(twelve);
    const whole = computeFeatures(set, frame).rows;
    const stored = computedRows(set, frame);
    expect(Buffer.from(readAll(stored).values.buffer)).toEqual(Buffer.from(whole.values.buffer));
    const rows = [200, 201, 202, 5, 399, 0, 60, 61, 62, 398, 399];
    expect(Buffer.from(takeStored(stored, rows).values.buffer)).toEqual(
      Buffer.from(takeRows(whole, rows).values.buffer),
    );
  });

  it('looks only backwards', () => {
    const frame = frameOf(120, ['a', 'b'], 3);
    const set = defaultFeatureSet(['a', 'b']);
    const before = computeFeatures(set, frame).rows;
    frame.columns[0]![100] = 1e9;
    const after = computeFeatures(set, frame).rows;
    const bytes = 100 * before.columns * 4;
    expect(Buffer.from(before.values.buffer, 0, bytes)).toEqual(Buffer.from(after.values.buffer, 0, bytes));
    expect(before.values.at(100 * before.columns)).not.toBe(1e9);
  });

  it('computes windows, lags, changes, departures and counts as their names say', () => {
    const values = [1, 2, 4, 8, 0, 16];
    const window = (statistic: 'mean' | 'std' | 'skew' | 'kurtosis' | 'sum') =>
      one(values, [{ kind: 'window', of: '*', steps: [4], statistics: [statistic] }], `x:${statistic}:4`)[3]!;
    expect(window('mean')).toBe(3.75);
    expect(window('sum')).toBe(15);
    expect(window('std')).toBeCloseTo(2.680951, 5);
    expect(window('skew')).toBeCloseTo(12.65625 / 7.1875 ** 1.5, 5);
    expect(window('kurtosis')).toBeCloseTo(98.20703125 / 7.1875 ** 2 - 3, 5);
    expect(one(values, [{ kind: 'lag', of: '*', steps: [2] }], 'x:lag:2')).toEqual([NaN, NaN, 1, 2, 4, 8]);
    expect(one(values, [{ kind: 'change', of: '*', steps: [2] }], 'x:change:2')[5]).toBe(4);
    expect(one(values, [{ kind: 'count', of: '*', steps: [3], above: 3 }], 'x:count:3')).toEqual([0, 0, 1, 2, 2, 2]);
    const departure = one(values, [{ kind: 'departure', of: '*', steps: [4] }], 'x:departure:4')[4]!;
    expect(departure).toBeCloseTo(-3.75 / 2.680951, 4);
  });

  it('reads the clock of a time zone, over a change to summer time', () => {
    const berlin = createClockReader('Europe/Berlin');
    const at = Date.UTC(2026, 2, 29, 0, 30); // Sunday; clocks go forward at 01:00 UTC
    expect([berlin.read(at, 'hour'), berlin.read(at + 3_600_000, 'hour')]).toEqual([1, 3]);
    expect([berlin.read(at, 'weekday'), berlin.read(at, 'weekend')]).toEqual([6, 1]);
    const utc = createClockReader('UTC');
    expect(utc.read(Date.UTC(2026, 10, 20, 16, 59), 'business-hours')).toBe(1); // a Friday
    expect(utc.read(Date.UTC(2026, 10, 20, 17, 0), 'business-hours')).toBe(0);
  });

  it('refuses a set that needs a column which the data lacks', () => {
    const frame = frameOf(5, ['a'], 1);
    expect(() => selectColumns(frame, ['a', 'b'])).toThrow(/lacks b; it has a/);
    expect(() => columnsOf({ name: 's', version: 1, groups: [{ kind: 'ratio', pairs: [['a', 'b']] }] }, ['a'])).toThrow(
      /column b/,
    );
  });

  it('finds the usual step despite gaps', () => {
    expect(stepOf(Float64Array.from([0, 60, 120, 500, 560]))).toBe(60);
  });
});
