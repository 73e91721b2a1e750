import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { answer as answerSchema } from '../domain/answer.ts';
import { createRandom } from '../infra/runtime/random.ts';
import { openStateFile } from './state-file.ts';

const kills = Number(process.env['KILLS'] ?? 20);

/** Runs the child until it ends or is killed `ms` after it began to work; says whether it ended by itself, and how long it worked. */
function runChild(
  folder: string,
  first: number,
  count: number,
  ms?: number,
): Promise<{ ended: boolean; workedMs: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./kill-child.ts', import.meta.url)), folder, String(first), String(count)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    let timer: NodeJS.Timeout | undefined;
    let startedAt = 0;
    child.stdout.once('data', () => {
      startedAt = performance.now();
      if (ms !== undefined) timer = setTimeout(() => child.kill('SIGKILL'), ms);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (code !== null && code !== 0) reject(new Error(errors));
      else resolve({ ended: signal === null, workedMs: performance.now() - startedAt });
    });
  });
}

const linesOf = (path: string): string[] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];

describe('kill -9 at a random moment', () => {
  it(
    `ends every run right after ${kills} kills: nothing lost, no acting call twice`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'cerebro-kill-'));
      const random = createRandom('kill');
      // How long undisturbed work takes here, so that kills fall all over it.
      const undisturbed = await runChild(folder, 0, 4);
      expect(undisturbed.ended).toBe(true);
      let next = 4;
      let killed = 0;
      let midRun = 0;
      for (let round = 0; killed < kills && round < kills * 4; round += 1) {
        const { ended } = await runChild(folder, next, 4, undisturbed.workedMs * random.next());
        next += 4;
        if (ended) continue;
        killed += 1;
        const state = openStateFile(join(folder, 'state.db'));
        if (Number(state.sql.prepare(`SELECT count(*) AS n FROM runs WHERE status = 'running'`).get()?.['n']) > 0)
          midRun += 1;
        state.close();
      }
      expect(killed).toBe(kills);
      expect(midRun).toBeGreaterThan(kills / 2);
      expect((await runChild(folder, next, 0)).ended).toBe(true);

      const state = openStateFile(join(folder, 'state.db'));
      const runs = state.sql.prepare('SELECT run, status, answer FROM runs').all();
      expect(runs.filter(({ status }) => status !== 'done')).toEqual([]);
      const done = new Map(
        runs.map(({ run, answer }) => [String(run), answerSchema.parse(JSON.parse(String(answer)))]),
      );
      for (const run of linesOf(join(folder, 'asked.log'))) expect(done.has(run)).toBe(true);
      // The same world gives the same words, however often a run was cut.
      const words = new Set(
        [...done.values()].map(({ headline, sections, status }) => JSON.stringify([headline, sections, status])),
      );
      expect(words.size).toBe(1);
      const acts = linesOf(join(folder, 'acts.log'));
      expect(new Set(acts).size).toBe(acts.length);
      expect(acts.length).toBeGreaterThan(0);
      expect(state.sql.prepare('SELECT count(*) AS n FROM checkpoints').get()?.['n']).toBe(0);
      expect(state.sql.prepare('PRAGMA integrity_check').get()?.['integrity_check']).toBe('ok');
      state.close();
      process.stderr.write(
        `kills ${killed}, of them in the middle of a run ${midRun}; runs ${done.size}, acting calls ${acts.length}\n`,
      );
      rmSync(folder, { recursive: true });
    },
    60_000 + kills * 4_000,
  );
});
