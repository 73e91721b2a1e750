import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../infra/runtime/random.ts';
import { silentLogger } from '../../../infra/runtime/logger.ts';
import type { Prediction } from '../../suite.ts';
import { createAdbenchSuite } from './adbench-suite.ts';
import { compareWithForest } from './compare-with-forest.ts';
import { parseNpy, readNpz } from './read-npz.ts';
import { splitRows } from './split-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'cerebro-adbench-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An `.npy` array, as NumPy 1.0 writes it. */
function npy(descr: string, shape: string, body: Uint8Array, fortran = false): Buffer {
  const header =
    `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape}), }`.padEnd(117) + '\n';
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  return Buffer.concat([start, Buffer.from(header), body]);
}

function zip(files: Record<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, body] of Object.entries(files)) {
    const packed = deflateRawSync(body);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(body), 14);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

describe('the adbench suite', () => {
  it('reads numbers of other widths and column-major arrays', () => {
    const { shape, values } = parseNpy(
      npy('<i2', '2, 3', new Uint8Array(Int16Array.from([1, 4, 2, 5, 3, -6]).buffer), true),
      'x',
    );
    expect(shape).toEqual([2, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, -6]);
    expect(() => parseNpy(npy('<U3', '1', new Uint8Array(12)), 'x')).toThrow(/cannot read/);
  });

  it('gives a line for each set, seed and budget, the same each time, and scores them against the forest', async () => {
    const random = createRandom(1);
    const labels = Float64Array.from({ length: 120 }, (_, row) => (row % 10 === 0 ? 1 : 0));
    const cells = Float64Array.from({ length: 360 }, (_, at) => random.next() + 2 * labels[Math.floor(at / 3)]!);
    const file = zip({
      'X.npy': npy('<f8', '120, 3', new Uint8Array(cells.buffer)),
      'y.npy': npy('<f8', '120,', new Uint8Array(labels.buffer)),
    });
    writeFileSync(join(folder, 'made.npz'), file);
    expect(readNpz(join(folder, 'made.npz'))['X']!.shape).toEqual([120, 3]);
    const suite = createAdbenchSuite();
    const options = {
      data: folder,
      reasoner: 'rules' as const,
      seeds: [1, 2],
      faults: [],
      cases: [],
      without: [],
      logger: silentLogger,
    };
    const lines = async (): Promise<Prediction[]> => {
      const all: Prediction[] = [];
      for await (const own of suite.predict(options)) all.push(own);
      return all;
    };
    const first = await lines();
    expect(first.map((own) => own.case)).toEqual(
      [1, 2].flatMap((seed) => [0, 1, 5, 10].map((budget) => `made:${budget}:${seed}`)),
    );
    expect((await lines()).map((own) => own.line)).toEqual(first.map((own) => own.line));
    for (const { line } of first) expect(line['auroc']).toBeGreaterThan(0.95);
    const report = await suite.score(first, undefined, options);
    expect(report.scores.find((score) => score.metric === 'mean AUROC, 10 % labels')!.score).toBeGreaterThan(0.95);
  });

  it('splits both classes 70 to 30 and keeps at least 20 abnormal rows', () => {
    const labels = Int32Array.from({ length: 5000 }, (_, row) => (row < 40 ? 1 : 0));
    const { train, test } = splitRows(labels, { mostRows: 500, random: createRandom(1) });
    expect(train.filter((row) => row < 40).length).toBe(14);
    expect(test.filter((row) => row < 40).length).toBe(6);
    expect(new Set([...train, ...test]).size).toBe(train.length + test.length);
  });

  it('counts a set below the forest only beyond its standard error', () => {
    const line = (dataset: string, auroc: number, forest: number): Record<string, unknown> => ({
      dataset,
      budget: 0,
      auroc,
      forest_auroc: forest,
    });
    const lines = [
      line('a', 0.8, 0.9),
      line('a', 0.8, 0.9),
      line('b', 0.9, 0.8),
      line('b', 0.6, 0.8),
      line('c', 0.9, 0.7),
      line('c', 0.9, 0.7),
    ];
    const { scores, failures } = compareWithForest(lines, [0]);
    expect(failures.map((failure) => failure.case)).toEqual(['a at 0 %']);
    expect(scores.find((score) => score.metric.startsWith('above'))!.score).toBeCloseTo((-0.1 - 0.05 + 0.2) / 3, 9);
  });
});
