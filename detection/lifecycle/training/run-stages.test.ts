import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { killableStages } from './fake-stages-main.ts';
import { runStages, type Stage } from './run-stages.ts';

const scratch = (): string => mkdtempSync(join(tmpdir(), 'cerebro-stages-'));
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n');

describe('runStages', () => {
  it('goes on after kill -9: finished stages do not run again, the half-done one starts anew', async () => {
    const folder = scratch();
    const [log, ready] = [join(folder, 'log'), join(folder, 'ready')];
    const child = spawn(process.execPath, [
      join(import.meta.dirname, 'fake-stages-main.ts'),
      join(folder, 'work'),
      log,
      ready,
    ]);
    await new Promise<void>((resolve, reject) => {
      const watcher = watch(folder, () => {
        if (!existsSync(ready)) return;
        watcher.close();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      });
      child.once('error', reject);
    });
    expect(linesOf(log)).toEqual(['first', 'second']);

    const results = await runStages(join(folder, 'work'), killableStages(log, undefined));
    expect(results.map(({ ran }) => ran)).toEqual([false, true, true]);
    expect(linesOf(log)).toEqual(['first', 'second', 'second', 'third']);
    expect(readFileSync(join(results[1]!.folder, 'out.txt'), 'utf8')).toBe('second is whole');
    expect(readdirSync(join(folder, 'work')).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('runs a stage again when its inputs, the bytes before it, or its own files changed', async () => {
    const folder = scratch();
    const chain = (text: string, seed: number): Stage[] => [
      {
        name: 'a',
        needs: [],
        inputs: { text },
        run: (context) => writeFileSync(join(context.folder, 'x'), text.toLowerCase()),
      },
      {
        name: 'b',
        needs: ['a'],
        inputs: { seed },
        run: (context) =>
          writeFileSync(join(context.folder, 'y'), `${readFileSync(context.inputOf('a', 'x'), 'utf8')}${seed}`),
      },
    ];
    const ran = async (stages: Stage[]): Promise<boolean[]> =>
      (await runStages(folder, stages)).map((result) => result.ran);
    expect(await ran(chain('text', 1))).toEqual([true, true]);
    expect(await ran(chain('text', 1))).toEqual([false, false]);
    expect(await ran(chain('text', 2))).toEqual([false, true]);
    // The first stage has new inputs but writes the same bytes: the second stage is still good.
    expect(await ran(chain('TEXT', 2))).toEqual([true, false]);
    const [first] = await runStages(folder, chain('text', 1));
    writeFileSync(join(first!.folder, 'x'), 'damaged');
    expect(await ran(chain('text', 1))).toEqual([true, false]);
  });

  it('leaves nothing finished behind when a stage throws', async () => {
    const folder = scratch();
    const failing = (fails: boolean): Stage[] => [
      {
        name: 'a',
        needs: [],
        inputs: 1,
        run: () => {
          if (fails) throw new Error('no');
        },
      },
    ];
    await expect(runStages(folder, failing(true))).rejects.toThrow('no');
    expect((await runStages(folder, failing(false)))[0]?.ran).toBe(true);
  });
});
