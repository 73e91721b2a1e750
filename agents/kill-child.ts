import { appendFileSync, readFileSync } from 'node:fs';
import { systemClock } from '../infra/runtime/clock.ts';
import { openDatabase } from '../infra/runtime/database.ts';
import type { Agent } from './agent.ts';
import { emptyReport } from './agent.ts';
import { createAgents } from './agents.ts';
import { createFakeOrchestrator } from './fake-orchestrator.ts';
import { shopQuestion, shopTools, shopUnderstanding } from './fake-shop.ts';
import type { CannedTool } from './fake-tool-client.ts';
import { openStateFile } from './state-file.ts';

/**
 * The process that `kill.int.test.ts` kills: `node kill-child.ts FOLDER FIRST COUNT` takes up what was left and asks COUNT questions. Tools are
 * slow; the remediator is replaced by one that acts. What the world saw of acting is a line in `acts.log`, written as one append.
 */
const [folder, first, count] = [process.argv[2] ?? '.', Number(process.argv[3]), Number(process.argv[4])];
const wait = (ms: number): Promise<void> => systemClock.sleep(ms);

/** Lets an acting call of a run happen once, with the promise of the toolbox's guard: what was begun is never begun again. */
const ledger = openDatabase(`${folder}/ledger.db`, [
  'CREATE TABLE acts (run TEXT NOT NULL, input TEXT NOT NULL, outcome TEXT, PRIMARY KEY (run, input))',
]);
const restart: CannedTool = {
  effect: 'act',
  async answer(input, { run }) {
    const key = JSON.stringify(input);
    const begun =
      ledger.sql.prepare('INSERT OR IGNORE INTO acts (run, input) VALUES (?, ?)').run(run, key).changes === 0;
    if (begun)
      return { status: 'failed', code: 'CONFLICT', message: 'begun before', hint: 'look at the present state' };
    await wait(3);
    appendFileSync(`${folder}/acts.log`, `${run}\n`);
    await wait(3);
    return { data: { restarted: true } };
  },
};
const slow = Object.entries(shopTools()).map(([name, tool]): [string, CannedTool] => [
  name,
  {
    ...tool,
    async answer(input, session, signal) {
      await wait(4 + (name.length % 5) * 3);
      return tool.answer(input, session, signal);
    },
  },
]);

const actor: Agent = {
  name: 'remediator',
  description: 'acts at once, as no agent of the product does',
  toolNames: ['restart_service'],
  async run(task, { tools, signal }) {
    await tools.call('restart_service', { entity: task.diagnosis?.hypotheses[0]?.entity }, signal);
    return emptyReport();
  },
};

const { orchestrator } = createFakeOrchestrator({
  state: openStateFile(`${folder}/state.db`),
  clock: systemClock,
  canned: { ...Object.fromEntries(slow), restart_service: restart },
  agents: [...createAgents().filter(({ name }) => name !== 'remediator'), actor],
  understanding: { ...shopUnderstanding, agents: ['investigator', 'diagnostician', 'remediator', 'optimizer'] },
});

const ask = async (index: number): Promise<void> => {
  const question = { ...shopQuestion, thread: `thread-${index % 3}`, text: `why is checkout slow? (${index})` };
  for await (const event of orchestrator.ask(question)) {
    // A question counts as taken from here on: whatever happens, it must be answered.
    if (event.type === 'run-start') appendFileSync(`${folder}/asked.log`, `${event.run}\n`);
  }
};

process.stdout.write('ready\n');
await orchestrator.resume();
await Promise.all(Array.from({ length: count }, (_item, index) => ask(first + index)));
appendFileSync(`${folder}/ended.log`, `${readFileSync(`${folder}/asked.log`, 'utf8').split('\n').length}\n`);
await orchestrator.close();
ledger.close();
