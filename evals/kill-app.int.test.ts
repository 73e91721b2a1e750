import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRandom } from '../infra/runtime/random.ts';

const rounds = 8;
const result = z.object({
  answer: z.looseObject({ run: z.string(), status: z.string() }),
  resumed: z.array(z.string()),
  runs: z.number(),
});

/** Runs the child; kills it `afterMs` after its app is open, where that is given. Its last line where it came to an end. */
function runChild(folder: string, number: number, afterMs?: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-app-child.ts'), folder, String(number)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (text === '' && afterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), afterMs);
      text += chunk.toString();
    });
    child.once('exit', (code) => resolve(code === 0 ? text.trim().split('\n').at(-1) : undefined));
  });
}

describe('kill -9 of the whole app', () => {
  it('ends every run as if nothing had happened, in the same data folder', async () => {
    const random = createRandom('kill');
    const reference = result.parse(
      JSON.parse((await runChild(mkdtempSync(join(tmpdir(), 'cerebro-kill-')), 0)) ?? 'null'),
    );
    const folder = mkdtempSync(join(tmpdir(), 'cerebro-kill-'));
    let killed = 0;
    for (let number = 1; number <= rounds; number += 1) {
      const first = await runChild(folder, number, random.integer(500));
      if (first === undefined) killed += 1;
      const line = first ?? (await runChild(folder, number));
      const got = result.parse(JSON.parse(line ?? 'null'));
      const bare = (value: z.infer<typeof result>['answer'], own: number): string =>
        JSON.stringify(value).replaceAll(value.run, 'RUN').replaceAll(`kill:${own}`, 'THREAD');
      expect(bare(got.answer, number)).toBe(bare(reference.answer, 0));
      expect(got.runs).toBe(1);
    }
    expect(killed).toBeGreaterThan(0);
  });
});
