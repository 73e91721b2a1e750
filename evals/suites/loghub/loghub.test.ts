import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runSuite } from '../../run-suite.ts';
import { groupingAccuracy } from './grouping-accuracy.ts';
import { createLoghubSuite } from './loghub-suite.ts';
import { plainOptions } from '../plain-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'loghub-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('groupingAccuracy', () => {
  it('counts a line only when its group has exactly the lines of its true group', () => {
    const truth = ['a', 'a', 'b', 'b', 'c'];
    expect(groupingAccuracy(['1', '1', '2', '2', '3'], truth).accuracy).toBe(1);
    expect(groupingAccuracy(['1', '1', '2', '3', '4'], truth)).toMatchObject({
      accuracy: 0.6,
      wrong: [
        { group: '2', lines: 1 },
        { group: '3', lines: 1 },
      ],
    });
    expect(groupingAccuracy(['1', '1', '2', '2', '2'], truth)).toEqual({
      accuracy: 0.4,
      wrong: [
        {
          group: '2',
          lines: 3,
          truths: [
            ['b', 2],
            ['c', 1],
          ],
        },
      ],
    });
    expect(() => groupingAccuracy(['1'], truth)).toThrow(RangeError);
  });
});

describe('the loghub suite', () => {
  it('groups raw lines without truth, writes them, and scores them where truth is', async () => {
    const [visible, truth, out] = ['visible', 'truth', 'out'].map((name) => join(folder, name));
    for (const path of [visible!, truth!]) mkdirSync(join(path, 'Shop'), { recursive: true });
    const messages = Array.from({ length: 60 }, (_, index) =>
      index % 3 === 0 ? [`order ${index} paid, "thanks"`, 'E1'] : [`cart of user${index} dropped`, 'E2'],
    );
    writeFileSync(
      join(visible!, 'Shop', 'Shop_2k.log'),
      messages
        .map(([message], index) => `2026-11-21 04:00:${String(index).padStart(2, '0')} INFO shop: ${message!}\r\n`)
        .join(''),
    );
    writeFileSync(
      join(truth!, 'Shop', 'Shop_2k.log_structured.csv'),
      `LineId,Content,EventId,EventTemplate\n${messages.map(([message, event], index) => `${index + 1},"${message!.replaceAll('"', '""')}",${event!},t\n`).join('')}`,
    );
    const options = { ...plainOptions, data: visible! };
    expect(await runSuite(createLoghubSuite(), options, {}, () => undefined)).toBeUndefined();
    const report = await runSuite(createLoghubSuite(), options, { truth: truth!, predictions: out! }, () => undefined);
    expect(report?.scores.map(({ score, cases }) => [score, cases])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(report?.scores[0]?.baseline).toBe(0);
    const rows = readFileSync(join(out!, 'Shop.csv'), 'utf8').split('\n');
    expect(rows[0]).toBe('line_id,event_id,template');
    expect(rows[1]).toMatch(/^1,[0-9a-f]{16},"order <\*> paid, ""thanks"""$/);
    expect(rows).toHaveLength(62);
  });
});
