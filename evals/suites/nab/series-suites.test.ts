import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeNoise } from '../../../detection/models/streams/noise.ts';
import { silentLogger } from '../../../infra/runtime/logger.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { runSuite } from '../../run-suite.ts';
import type { Suite, SuiteOptions } from '../../suite.ts';
import { createAsdSuite } from '../asd/asd-suite.ts';
import { createMsCloudMonitoringSuite } from '../ms-cloud-monitoring/ms-cloud-monitoring-suite.ts';
import { createNabSuite } from './nab-suite.ts';

const root = mkdtempSync(join(tmpdir(), 'series-suites-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const stamp = (at: number): string =>
  new Date(Date.UTC(2024, 0, 1) + at * 300_000).toISOString().slice(0, 19).replace('T', ' ');
/** White noise with ten high points in the middle. */
const values = (seed: number): Float64Array => makeNoise('white', 900, createRandom(seed)).fill(15, 600, 610);
const put = (path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const npy = (shape: string, kind: string, bytes: Uint8Array): Uint8Array => {
  const header = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117) + '\n';
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), bytes]);
};
const options = (data: string): SuiteOptions => ({
  data: join(root, data),
  reasoner: 'rules',
  seeds: [],
  faults: [],
  cases: [],
  without: [],
  logger: silentLogger,
});
const scored = async (suite: Suite, data: string): Promise<{ first: number; text: string }> => {
  const run = async (out: string, truth: string | undefined): Promise<number> => {
    const paths = { predictions: join(root, out), ...(truth === undefined ? {} : { truth }) };
    return (await runSuite(suite, options(data), paths, () => undefined))?.scores[0]?.score ?? Number.NaN;
  };
  const first = await run(`out-${data}`, join(root, data));
  await run(`again-${data}`, undefined);
  const file = { nab: 'realAWSCloudwatch/a.csv', ms: 'rate/a.csv', asd: 's-1.csv' }[data] ?? '';
  const text = readFileSync(join(root, `out-${data}`, file), 'utf8');
  expect(readFileSync(join(root, `again-${data}`, file), 'utf8')).toBe(text);
  return { first, text };
};

describe('suites over series', () => {
  it('nab: writes the result layout, the same without truth, and finds what is plain', async () => {
    for (const [name, seed] of [
      ['realAWSCloudwatch/a', 1],
      ['realTraffic/b', 2],
    ] as const) {
      const rows = [...values(seed)].map((value, at) => `${stamp(at)},${value}`);
      put(`nab/data/${name}.csv`, `timestamp,value\n${rows.join('\n')}\n`);
    }
    const window = [[`${stamp(590)}.000000`, `${stamp(630)}.000000`]];
    put(
      'nab/labels/combined_windows.json',
      JSON.stringify({ 'realAWSCloudwatch/a.csv': window, 'realTraffic/b.csv': window }),
    );
    const { first, text } = await scored(createNabSuite(), 'nab');
    expect(first).toBeGreaterThan(80);
    expect(text.split('\n')[0]).toBe('timestamp,value,anomaly_score');
    expect(text.trim().split('\n').length).toBe(901);
  });
  it('ms-cloud-monitoring: one score a row, quoted times, missing values', async () => {
    const rows = [...values(3)].map(
      (value, at) => `"${stamp(at).replace(' ', 'T')}Z",${at === 50 ? '' : value},${at >= 600 && at < 610 ? 1 : 0}`,
    );
    put('ms/rate/a.csv', `TimeStamp,Value,Label\n${rows.join('\n')}\n`);
    const { first, text } = await scored(createMsCloudMonitoringSuite(), 'ms');
    expect(first).toBeGreaterThan(0.8);
    expect(text.trim().split('\n').length).toBe(901);
  });
  it('asd: trains on the train file and scores the test file', async () => {
    const matrix = (seed: number): Uint8Array => {
      const columns = [0, 1, 2].map((column) => makeNoise('wandering', 900, createRandom(seed * 10 + column)));
      const cells = Float32Array.from({ length: 2_700 }, (_, at) => columns[at % 3]![Math.floor(at / 3)]!);
      if (seed === 5) cells.fill(12, 1_800, 1_830);
      return new Uint8Array(cells.buffer);
    };
    put('asd/s-1_train.npy', npy('900, 3', '<f4', matrix(4)));
    put('asd/s-1_test.npy', npy('900, 3', '<f4', matrix(5)));
    put(
      'asd/s-1_test_label.npy',
      npy(
        '900,',
        '|u1',
        Uint8Array.from({ length: 900 }, (_, at) => (at >= 600 && at < 610 ? 1 : 0)),
      ),
    );
    const { first, text } = await scored(createAsdSuite(), 'asd');
    expect(first).toBeGreaterThan(0.6);
    expect(text.trim().split('\n')[0]).toBe('anomaly_score');
  });
});
