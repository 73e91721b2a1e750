import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { goProgramPath } from '../../../infra/services/go-programs.ts';
import { peerProgram } from '../../../infra/services/python-peers.ts';
import { createFakeClock } from '../../../infra/runtime/clock.ts';
import { withJoinedNames } from '../../../tools/sources/join-names.ts';
import { openCapsule } from '../../../tools/sources/capsule/open-capsule.ts';
import { ownOpening, realQuestion, shortAnswer, shortOf } from '../../real/real-lines.ts';
import { realTruth, type Stack } from '../../real/rig.ts';
import { stacks } from '../../real/stacks.ts';
import type { Prediction, Suite, SuiteOptions } from '../../suite.ts';
import { askSources, withoutSignals } from '../ask-data.ts';
import { statedOf } from '../stated.ts';
import { type Kept, scoreReal } from './score-real.ts';

const kept = z.object({ truth: realTruth, own: z.array(ownOpening).default([]) });
const sessionLine = shortAnswer.extend({
  case: z.string(),
  ...kept.shape,
  elapsedMs: z.number(),
  capsule: z.string().optional(),
});

/** How long a stack runs before its first break, before each break, broken, and afterwards. */
const times = { warmUpMs: 150_000, baselineMs: 20_000, brokenMs: 70_000, recoverMs: 50_000 };
const quickTimes = { warmUpMs: 45_000, baselineMs: 10_000, brokenMs: 40_000, recoverMs: 5_000 };

/**
 * Third-party software that really runs and really breaks: a session for each stack and seed, one question for each break while it lasts. With `data`,
 * kept capsules are asked again in seconds (`<folder>/<stack>/<break>-<seed>`, or one stack's folder).
 */
export function createRealSuite(): Suite {
  const known = new Map<string, Kept>();
  return {
    name: 'real',
    description:
      "Other people's software with real breaks: the right thing and what is wrong with it first, nobody blamed where nobody is.",
    async *predict(options) {
      if (options.data !== undefined) {
        yield* replayKept(options.data, options);
        return;
      }
      for (const stack of stacks.filter(({ name }) => options.stacks === undefined || options.stacks.includes(name))) {
        const missing = missingOf(stack);
        if (missing !== undefined) {
          process.stdout.write(`${stack.name}: skipped, ${missing}\n`);
          continue;
        }
        for (const seed of options.seeds.length === 0 ? [1] : options.seeds)
          yield* runSession(stack, seed, options, known);
      }
    },
    score: (predictions, _, { data }) => {
      for (const { case: name } of data === undefined ? [] : predictions) {
        const path = join(data ?? '', `${name}.truth.json`);
        if (existsSync(path)) known.set(name, kept.parse(JSON.parse(readFileSync(path, 'utf8'))));
      }
      return Promise.resolve(scoreReal(predictions, known));
    },
  };
}

/** Why a stack cannot run here, in a few words; undefined where it can. */
function missingOf({ needs, peers = [], programs = [] }: Stack): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const program = ['unshare', 'ip', ...needs].find(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
  );
  if (program !== undefined) return `${program} is not installed`;
  const built = programs.find((name) => goProgramPath(name) === undefined);
  if (built !== undefined) return `${built} is not built (npm run peers -- ${built})`;
  const peer = peers.find((name) => peerProgram(name) === undefined);
  return peer === undefined ? undefined : `${peer} is not installed (npm run peers -- ${peer})`;
}

/** A session in namespaces of its own (network, mounts, processes), which end with it. */
async function* runSession(
  stack: Stack,
  seed: number,
  options: SuiteOptions,
  known: Map<string, Kept>,
): AsyncIterable<Prediction> {
  const dir = mkdtempSync(join(tmpdir(), `cerebro-real-${stack.name}-`));
  const breaks = stack.breaks
    .map(({ name }) => name)
    .filter((name) => options.faults.length === 0 || options.faults.includes(name));
  const plan = {
    stack: stack.name,
    breaks,
    seed,
    dir,
    ...(options.quick === true ? quickTimes : times),
    ...(options.keep === undefined ? {} : { keep: join(resolve(options.keep), stack.name) }),
    ...(options.lock === undefined ? {} : { lock: options.lock }),
  };
  const script = join(import.meta.dirname, '../../real/session-main.ts');
  const child = spawn(
    'unshare',
    [
      '--net',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      process.execPath,
      script,
      JSON.stringify(plan),
    ],
    {
      // It ends when nobody holds its input any more.
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { case: name, truth, own, elapsedMs, capsule, ...said } = sessionLine.parse(JSON.parse(line));
      const full = `${stack.name}/${name}`;
      known.set(full, { truth, own });
      yield {
        case: full,
        line: { ...said, ...(capsule === undefined ? {} : { capsule }) },
        elapsedMs,
        calls: 1,
        tokens: 0,
        dollars: 0,
      };
    }
  } finally {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The capsules of a folder of stacks, by `stack/case`. */
function capsulesIn(folder: string): string[] {
  const isCapsule = (path: string): boolean => existsSync(join(path, 'manifest.json'));
  return readdirSync(folder)
    .sort()
    .flatMap((name) =>
      isCapsule(join(folder, name))
        ? [name]
        : existsSync(join(folder, name, '.')) && !name.includes('.')
          ? readdirSync(join(folder, name))
              .sort()
              .filter((one) => isCapsule(join(folder, name, one)))
              .map((one) => `${name}/${one}`)
          : [],
    );
}

async function* replayKept(folder: string, options: SuiteOptions): AsyncIterable<Prediction> {
  for (const name of capsulesIn(folder)) {
    if (options.cases.length > 0 && !options.cases.some((one) => name.includes(one))) continue;
    const { sources, manifest } = await openCapsule(join(folder, name));
    const asked = manifest.asked ?? realQuestion(name, manifest.window.to);
    // One thing under several names is joined where sources are connected; what was kept before that was so is joined here.
    const connected = withJoinedNames(withoutSignals(sources, options.without), {}, createFakeClock(asked.askedAt));
    await connected.metrics?.list(manifest.window);
    const { answer, elapsedMs, cpuMs, signals } = await askSources(connected, asked, options);
    const capsule = join(folder, name);
    const line = { ...statedOf({ answer, capsule }), ...shortOf(answer) };
    yield { case: name, line, elapsedMs, cpuMs, signals, calls: answer?.evidence.length ?? 0, tokens: 0, dollars: 0 };
  }
}
