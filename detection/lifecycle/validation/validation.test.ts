import fc from 'fast-check';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom, drawNormal } from '../../../infra/runtime/random.ts';
import type { TelemetryTable } from '../ingest/telemetry-table.ts';
import { dataSchema } from './data-schema.ts';
import { driftOf, referenceOf } from './drift.ts';
import { readLabels } from './label-words.ts';
import { renderReport } from './render-report.ts';
import { validateTable } from './validate-table.ts';
import { writeQuarantine } from './write-quarantine.ts';

function tableOf(at: number[], values: number[], more: Partial<TelemetryTable> = {}): TelemetryTable {
  return {
    source: 'test',
    names: ['cpu'],
    at: Float64Array.from(at),
    values: [Float64Array.from(values)],
    entities: ['a'],
    entityOf: new Int32Array(at.length),
    faults: [],
    ...more,
  };
}
const schema = dataSchema.parse({});
const normal = (size: number, seed: number, mean = 0): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length: size }, () => mean + drawNormal(random));
};
const verdicts = (report: { checks: readonly { name: string; verdict: string }[] }): string[] =>
  report.checks.filter(({ verdict }) => verdict !== 'good').map(({ name }) => name);

describe('validateTable', () => {
  it('finds nothing in good data', () => {
    const { report, frames, quarantined } = validateTable(
      tableOf(
        [1, 2, 3, 4].map((n) => n * 6e4),
        [1, 2, 1, 2],
      ),
      schema,
    );
    expect([report.quality, verdicts(report), quarantined, frames[0]?.times.length]).toEqual([1, [], [], 4]);
  });

  it('sets bad rows aside with the reason, and keeps the rest in order', () => {
    const table = tableOf([3, 1, 2, 2, 2, 9, NaN], [30, 10, 20, 20, 21, 900, 1], {
      faults: [
        { row: 6, text: 'time=soon', reason: 'time cannot be read' },
        { row: -1, text: '1,2,3,4', reason: 'line 9: too many columns' },
      ],
    });
    const { frames, quarantined, report } = validateTable(
      table,
      dataSchema.parse({ ranges: { cpu: [0, 100] }, required: ['mem'] }),
    );
    expect([...frames[0]!.columns[0]!]).toEqual([10, 20, 30]);
    expect(quarantined.map(({ row, reason }) => [row, reason])).toEqual([
      [-1, 'line 9: too many columns'],
      [3, 'repeats a row'],
      [4, 'contradicts a row of the same time'],
      [5, 'outside 0 to 100'],
      [6, 'time cannot be read'],
    ]);
    expect(verdicts(report)).toEqual(['schema', 'readable', 'range', 'order', 'duplicates']);
    expect(report.quality).toBeLessThan(0.1);
    expect(renderReport(report)).toMatch(/BAD {2}schema.*lacks mem/);
    const path = join(mkdtempSync(join(tmpdir(), 'cerebro-quarantine-')), 'q.csv');
    writeQuarantine(path, quarantined);
    expect(readFileSync(path, 'utf8').split('\n').slice(0, 2)).toEqual([
      'row,entity,timestamp,reason,text',
      ',,,line 9: too many columns,"1,2,3,4"',
    ]);
  });

  it('loses no row, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: -5, max: 5 }), fc.boolean())),
        (rows) => {
          const table = tableOf(
            rows.map(([at]) => at),
            rows.map(([, value]) => value),
            {
              entities: ['a', 'b'],
              entityOf: Int32Array.from(rows, ([, value]) => (value > 0 ? 1 : 0)),
              faults: rows.flatMap(([, , bad], row) => (bad ? [{ row, text: 'x', reason: 'bad' }] : [])),
            },
          );
          const { report, quarantined, frames } = validateTable(table, dataSchema.parse({ ranges: { cpu: [-4, 4] } }));
          expect(report.kept + quarantined.length).toBe(rows.length);
          for (const { times } of frames) expect(times.every((at, r) => r === 0 || at > times[r - 1]!)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('sees gaps, missing values, outliers, thin labels and drift', () => {
    const at = Array.from({ length: 400 }, (_, r) => (r < 200 ? r : r + 300) * 6e4);
    const values = [...normal(400, 1)].map((value, r) => (r % 10 === 0 ? NaN : r % 10 === 1 ? 1e4 : value));
    const { report } = validateTable(
      tableOf(at, values, { labels: at.map((_, r) => (r === 7 ? 'anomaly' : 'normal')) }),
      schema,
      { cpu: referenceOf(normal(5_000, 2, 5)) },
    );
    expect(verdicts(report)).toEqual(['missing', 'gaps', 'outliers', 'labels', 'drift']);
    expect(report.checks.find(({ name }) => name === 'gaps')?.count).toBe(300);
  });
});

describe('drift', () => {
  it('is small between two samples of one distribution and large after a shift', () => {
    const reference = referenceOf(normal(5_000, 1));
    const same = driftOf(reference, normal(3_000, 2))!;
    const shifted = driftOf(reference, normal(3_000, 3, 1))!;
    expect([same.psi < 0.1, same.ks < 0.06, same.pValue > 0.01]).toEqual([true, true, true]);
    expect([shifted.psi > 0.25, shifted.ks > 0.3, shifted.pValue < 1e-6]).toEqual([true, true, true]);
  });

  it('agrees with hand-computed values', () => {
    const left = Float64Array.from({ length: 20 }, (_, i) => i);
    const right = Float64Array.from({ length: 20 }, (_, i) => i + 5);
    expect(driftOf(left, right)!.ks).toBeCloseTo(0.25, 12);
    expect(driftOf(left, left)).toMatchObject({ psi: 0, ks: 0, pValue: 1 });
    expect(driftOf(left, Float64Array.from([1, 2]))).toBeUndefined();
  });
});

describe('readLabels', () => {
  it('reads the usual words and classes of causes', () => {
    expect(readLabels(['0', '', 'TRUE', 'no'])).toEqual({
      labels: Int32Array.from([0, -1, 1, 0]),
      classes: ['normal', 'abnormal'],
    });
    expect(readLabels(['disk', 'normal', 'cpu']).classes).toEqual(['normal', 'cpu', 'disk']);
  });
});
