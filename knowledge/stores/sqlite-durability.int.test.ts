import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { describeDurability, type KillableStore } from './durability.conformance.ts';

function openKillable(which: string): Promise<KillableStore> {
  const folder = mkdtempSync(join(tmpdir(), 'killable-'));
  const start = (): ChildProcess =>
    fork(join(import.meta.dirname, 'fake-store-main.ts'), [join(folder, 'knowledge.db'), which]);
  let child = start();
  const ask = (message: string[] | 'ids'): Promise<string[]> =>
    new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error('killed')));
      child.once('message', (answer) => resolve(Array.isArray(answer) ? answer.map(String) : []));
      child.send(message);
    });
  const kill = (): Promise<unknown> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    return gone;
  };
  return Promise.resolve({
    write: async (ids) => {
      await ask([...ids]);
    },
    crash: async () => {
      await kill();
      child = start();
    },
    ids: () => ask('ids'),
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true });
    },
  });
}

for (const which of ['keywords', 'vectors', 'graph'])
  describe(`sqlite ${which}`, () => {
    describeDurability(() => openKillable(which), { rounds: 10 });
  });
