import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTime } from './parse-time.ts';
import { readFiles } from './read-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'cerebro-ingest-'));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
};

describe('readFiles', () => {
  it('reads a CSV of timestamp and value', async () => {
    const table = await readFiles(
      file('plain.csv', 'timestamp,value\n2026-01-01 00:00:00,1.5\n2026-01-01 00:05:00,\n2026-01-01 00:10:00,3\n'),
    );
    expect(table.names).toEqual(['value']);
    expect([...table.at]).toEqual([0, 5, 10].map((minute) => Date.UTC(2026, 0, 1, 0, minute)));
    expect([...table.values[0]!]).toEqual([1.5, NaN, 3]);
    expect(table.faults).toEqual([]);
  });

  it('says which rows it could not read, with the text that was there', async () => {
    const table = await readFiles(
      file(
        'bad.csv',
        'time,cpu,mem,label\n1,1,2,0\nyesterday,1,2,0\n3,oops,2,1\n4,1,2,0,9,9\n5,1,Infinity,\n6,1,2,0\n',
      ),
    );
    expect(table.faults.map(({ row, text }) => [row, text])).toEqual([
      [1, 'time=yesterday'],
      [2, 'cpu=oops'],
      [3, 'mem=Infinity'],
      [-1, '4,1,2,0,9,9'],
    ]);
    expect(table.labels).toEqual(['0', '0', '1', '', '0']);
  });

  it('reads a folder of partitions, the folder names being columns', async () => {
    file('parts/host=a/one.csv', 'timestamp,cpu\n1700000000,1\n');
    file('parts/host=b/one.csv', 'timestamp,cpu\n1700000060,2\n');
    const table = await readFiles(join(folder, 'parts'));
    expect(table.entities).toEqual(['a', 'b']);
    expect([...table.entityOf]).toEqual([0, 1]);
    expect([...table.at]).toEqual([1_700_000_000_000, 1_700_000_060_000]);
  });

  it('says what to do when there is no time column, no file or no such column', async () => {
    await expect(readFiles(file('no-time.csv', 'a,b\n1,2\n'))).rejects.toThrow(/--time/);
    await expect(readFiles(join(folder, 'absent'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(readFiles(join(folder, 'plain.csv'), { label: 'truth' })).rejects.toThrow(
      /no column truth.*timestamp, value/,
    );
  });
});

describe('parseTime', () => {
  it('reads what files write, without the zone of this machine', () => {
    const noon = Date.UTC(2026, 0, 2, 12);
    for (const text of [
      '2026-01-02 12:00:00',
      '2026-01-02T12:00:00Z',
      '2026-01-02 13:00:00+01',
      '2026-01-02 07:00:00 -0500',
      '2026-01-02 12',
      String(noon),
      String(noon / 1e3),
      `${noon}000`,
      `${noon}000000`,
      'Fri, 02 Jan 2026 12:00:00 GMT',
    ])
      expect([text, parseTime(text)]).toEqual([text, noon]);
    for (const text of ['', 'soon', '2026-13-40 00:00:00', '-5']) expect(parseTime(text)).toBeNaN();
    expect(parseTime('2026-01-02')).toBe(Date.UTC(2026, 0, 2));
  });
});
