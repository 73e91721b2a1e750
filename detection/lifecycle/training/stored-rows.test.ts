import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  blocksOf,
  chosenRows,
  filledRows,
  scoreStored,
  sliceRows,
  type StoredRows,
  storedRowsOf,
  takeStored,
} from '../../models/stored-rows.ts';
import { openRows, writeRows } from './dataset-files.ts';
import { mediansOf } from './training-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'stored-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** 200,000 rows of three columns, more than a block: the row's number, its remainder by seven, and its half, missing in every fifth. */
const rows = 200_000;
const whole = {
  rows,
  columns: 3,
  values: Float32Array.from({ length: rows * 3 }, (_, at) => {
    const row = Math.floor(at / 3);
    return [row, row % 7, row % 5 === 0 ? Number.NaN : row / 2][at % 3]!;
  }),
};

describe('stored rows', () => {
  const path = join(folder, 'rows.f32');
  writeRows(path, [
    { ...whole, rows: 5, values: whole.values.subarray(0, 15) },
    { ...whole, values: whole.values.subarray(15) },
  ]);

  it('come out of a file as they went in, in blocks, by name, as a slice and filled', () => {
    using file = openRows(path, 3);
    expect([file.rows, file.columns]).toEqual([rows, 3]);
    const blocks = [...blocksOf(file)].map(({ from, block }) => [from, block.rows]);
    expect(blocks.length).toBeGreaterThan(1);
    expect(blocks.reduce((sum, [, count]) => sum + count!, 0)).toBe(rows);
    expect(
      takeStored(
        file,
        Array.from({ length: rows }, (_, row) => row),
      ).values,
    ).toEqual(whole.values);
    expect([...takeStored(file, [7, 8, 3, 199_999]).values]).toEqual([
      7, 0, 3.5, 8, 1, 4, 3, 3, 1.5, 199_999, 2, 99_999.5,
    ]);
    expect([...takeStored(sliceRows(filledRows(file, [0, 0, -1]), 10, 2), [0, 1]).values]).toEqual([
      10, 3, -1, 11, 4, 5.5,
    ]);
    expect(
      scoreStored(file, (block) => Float64Array.from({ length: block.rows }, (_, row) => block.values[row * 3]!)),
    ).toEqual(Float64Array.from({ length: rows }, (_, row) => row));
  });

  it('are the same from a file and from memory, whatever the view', () => {
    using file = openRows(path, 3);
    const chosen = Int32Array.from({ length: 1_000 }, (_, at) => (at * 7_919) % rows);
    for (const of of [file, storedRowsOf(whole), storedRowsOf({ ...whole, values: Float64Array.from(whole.values) })]) {
      expect(takeStored(chosenRows(of, chosen), [999, 0, 1]).values).toEqual(
        takeStored(file, [chosen[999]!, 0, 7_919]).values,
      );
      expect([...mediansOf(of, chosen.toSorted())]).toEqual([
        ...mediansOf(
          storedRowsOf(takeStored(file, chosen)),
          chosen.map((_, at) => at),
        ),
      ]);
    }
    expect([
      ...mediansOf(
        file,
        Array.from({ length: 11 }, (_, row) => row),
      ),
    ]).toEqual([5, 2, 3]);
  });

  it('have medians of stretches spread over all of them where there are many, column by column where few values fit', () => {
    using file = openRows(path, 3);
    const all = Int32Array.from({ length: rows }, (_, row) => row);
    const reads: [number, number][] = [];
    const watched: StoredRows = {
      ...storedRowsOf(whole),
      read: (from, count, into) => {
        reads.push([from, count]);
        file.read(from, count, into);
      },
    };
    const [number, remainder, half] = mediansOf(watched, all, { mostRows: 10_000 });
    expect(Math.abs(number! - rows / 2)).toBeLessThan(rows / 50);
    expect(remainder).toBe(3);
    expect(Math.abs(half! - rows / 4)).toBeLessThan(rows / 100);
    expect(reads.length).toBe(39);
    expect(reads.every(([from, count]) => from % 256 === 0 && count === 256)).toBe(true);
    expect(reads.at(-1)![0]).toBeGreaterThan(rows * 0.97);
    expect(mediansOf(file, all, { mostCells: rows })).toEqual(mediansOf(file, all));
  });

  it('refuse a file that ends within a row', () => {
    writeFileSync(path, new Uint8Array(40));
    expect(() => openRows(path, 3)).toThrow(/no whole number of rows of 3 columns/);
  });
});
