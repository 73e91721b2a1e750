import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runSuite } from '../run-suite.ts';
import { createHdfsSuite } from './hdfs.ts';
import { plainOptions } from './plain-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'hdfs-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the hdfs suite', () => {
  it('gives the same scores whatever the labels say, and finds what is abnormal', async () => {
    const normal = ['1 2 2 3 4', '1 2 3 2 4', '1 2 2 3 3 4'];
    const sessions = [
      ...Array.from({ length: 40 }, (_, index) => normal[index % 3]!),
      '1 2 2',
      '4 3 2 1',
      '1 9 2 3 4',
      '1 2 2 2 2 2 3 4',
    ];
    writeFileSync(
      join(folder, 'hdfs_train'),
      Array.from({ length: 300 }, (_, index) => `${normal[index % 3]!} \n`).join(''),
    );
    const write = (labelOf: (index: number) => string) =>
      writeFileSync(
        join(folder, 'robust_log_valid.csv'),
        `Sequence,label\n${sessions.map((session, index) => `${session}${labelOf(index)}\n`).join('')}`,
      );
    const options = { ...plainOptions, data: folder };
    const [plain, labelled] = [join(folder, 'plain.csv'), join(folder, 'labelled.csv')];
    write(() => '');
    await runSuite(createHdfsSuite(), options, { predictions: plain }, () => undefined);
    write((index) => `,${index < 40 ? 0 : 1}`);
    const report = await runSuite(
      createHdfsSuite(),
      options,
      { predictions: labelled, truth: folder },
      () => undefined,
    );
    expect(readFileSync(plain, 'utf8')).toBe(readFileSync(labelled, 'utf8'));
    expect(readFileSync(plain, 'utf8').split('\n')[0]).toBe('session,score');
    expect(report?.scores.map(({ score }) => score)).toEqual([1, 1, 0]);
  });
});
