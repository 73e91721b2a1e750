import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { openApp } from '../../app.ts';
import { answerOf } from '../../app/triage.ts';
import { configSchema } from '../../config.ts';
import { isoOf, systemClock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createRandom } from '../../infra/runtime/random.ts';
import { holdLock } from './hold-lock.ts';
import { keepRealCapsule } from './keep-real-capsule.ts';
import { createPrograms } from './programs.ts';
import { type OwnOpening, realQuestion, shortOf } from './real-lines.ts';
import { type Break, realTruth, type Rig } from './rig.ts';
import { stacks } from './stacks.ts';

// One session with one stack, in namespaces of its own: node session-main.ts <plan.json>. Prints a JSON line for each break.
const plan = z
  .object({
    stack: z.string(),
    breaks: z.array(z.string()),
    seed: z.number(),
    dir: z.string(),
    keep: z.string().optional(),
    lock: z.string().optional(),
    warmUpMs: z.number(),
    baselineMs: z.number(),
    brokenMs: z.number(),
    recoverMs: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

const stack = stacks.find(({ name }) => name === plan.stack);
if (stack === undefined) throw new CerebroError('NOT_FOUND', `No stack is named ${plan.stack}.`);
// The first process of its namespace takes all others with it.
process.stdin.once('close', () => process.exit(1)).resume();
const { dir } = plan;
mkdirSync(dir, { recursive: true });
chmodSync(dir, 0o755);
const programs = createPrograms(dir, basename(dir));
const rig: Rig = {
  dir,
  programs,
  load: (perSecond) => {
    if (stack.load === undefined) writeFileSync(join(dir, 'rate'), String(perSecond));
    else stack.load(rig, perSecond);
  },
};
await programs.run(['ip', 'link', 'set', 'lo', 'up']);
await stack.start(rig);
const app = await openApp(
  configSchema.parse({
    dataDir: join(dir, 'product'),
    logLevel: 'error',
    alerts: { token: 'alert-secret' },
    ...stack.connect(rig),
  }),
);
const startedAt = systemClock.now();
await app.openDoors();
app.startWatch();
await systemClock.sleep(plan.warmUpMs);

const chosen = plan.breaks.flatMap((name) => stack.breaks.filter((one) => one.name === name));
let turn: { left: number; end(): void } | undefined;
for (const one of createRandom(plan.seed).shuffle(chosen)) {
  // What is heavy has the machine alone; the others take turns of two, as long as other work on such a machine takes.
  if (one.heavy === true) turn?.end();
  if (one.heavy === true || turn === undefined || turn.left === 0)
    turn = { left: one.heavy === true ? 1 : 2, end: await holdLock(plan.lock, one.heavy === true) };
  turn.left -= 1;
  try {
    await runBreak(one);
  } catch (thrown) {
    process.stderr.write(`${one.name}: ${CerebroError.from(thrown).message}\n`);
  }
  if (turn.left === 0) turn.end();
  await systemClock.sleep(plan.recoverMs);
}
turn?.end();
await app.close();
await programs.sweep();
process.exit(0);

async function runBreak(one: Break): Promise<void> {
  const name = `${one.name}-${plan.seed}`;
  await systemClock.sleep(plan.baselineMs);
  const onset = systemClock.now();
  await one.apply(rig);
  await systemClock.sleep(onset + plan.brokenMs - systemClock.now());
  const question = realQuestion(name, systemClock.iso());
  const before = systemClock.monotonic();
  const answer = await answerOf(app.ask(question));
  const elapsedMs = systemClock.monotonic() - before;
  await one.undo(rig);
  const truth = realTruth.parse({
    ...one,
    stack: plan.stack,
    break: one.name,
    seed: plan.seed,
    onset: isoOf(onset),
  });
  const own = openingsSince(onset, question.thread);
  const folder = plan.keep === undefined ? undefined : join(plan.keep, name);
  if (folder !== undefined) {
    await keepRealCapsule(app, question, folder, isoOf(Math.max(startedAt, onset - 20 * 60_000)));
    writeFileSync(`${folder}.truth.json`, JSON.stringify({ truth, own }));
  }
  process.stdout.write(
    `${JSON.stringify({ case: name, truth, own, ...shortOf(answer), elapsedMs, capsule: folder })}\n`,
  );
}

/** What the watch and the alert door opened by themselves since a time: the first answer of each. */
function openingsSince(onset: number, asked: string): OwnOpening[] {
  return app.investigations.list(50).flatMap(({ id, openedAt, openedBy, runs }) => {
    const at = Date.parse(openedAt);
    if (at < onset || id === asked || id.startsWith('real:')) return [];
    const first = runs.map((run) => app.investigations.answerOf(run)).find((answer) => answer !== undefined);
    return [{ by: openedBy, afterS: (at - onset) / 1_000, ...shortOf(first) }];
  });
}
