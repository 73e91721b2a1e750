import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStages, type Stage } from './run-stages.ts';

/**
 * Three stages for the kill test, run as a process of their own: `node fake-stages-main.ts <folder> <log> <ready>`. The second
 * stage says on `ready` that it is half done and then waits to be killed.
 */
export function killableStages(log: string, stuck: (() => Promise<void>) | undefined): Stage[] {
  const stage = (name: string, needs: string[], work?: () => Promise<void>): Stage => ({
    name,
    needs,
    inputs: { seed: 1 },
    async run({ folder }) {
      appendFileSync(log, `${name}\n`);
      writeFileSync(join(folder, 'half.txt'), 'half');
      await work?.();
      writeFileSync(join(folder, 'out.txt'), `${name} is whole`);
    },
  });
  return [stage('first', []), stage('second', ['first'], stuck), stage('third', ['second'])];
}

const [, script, folder, log, ready] = process.argv;
if (script === import.meta.filename && folder !== undefined && log !== undefined && ready !== undefined) {
  await runStages(
    folder,
    killableStages(log, () => {
      writeFileSync(ready, 'ready');
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    }),
  );
}
