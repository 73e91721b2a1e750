import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type App, openApp } from '../../../app.ts';
import { answerOf } from '../../../app/triage.ts';
import { symptomsOf } from '../../../app/symptoms.ts';
import { createWatch } from '../../../app/watch.ts';
import { type Config, configSchema } from '../../../config.ts';
import type { Answer } from '../../../domain/answer.ts';
import { isoOf, msOf, systemClock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { freePort } from '../../../infra/runtime/free-port.ts';
import { labConfig } from '../../lab-config.ts';
import { type LabTruth, startLab } from '../../lab-process.ts';
import type { Prediction, Suite, SuiteOptions } from '../../suite.ts';
import { type LabCase, labCases } from './lab-cases.ts';
import { keepLabCapsule } from './keep-lab-capsule.ts';
import { keepTruth, keptCases, keptTruth, labQuestion, replayCase } from './replay-capsules.ts';
import { scoreLab } from './score-lab.ts';
import { statedOf } from '../stated.ts';

/** How long services run undisturbed, and how long after the onset the question is asked. */
const baselineMs = 18_000;
const faultMs = 20_000;

/** Starts the lab afresh for each experiment, injects one fault (or none) over its control port, asks one question, and compares. */
export function createLabSuite(): Suite {
  const truths = new Map<string, LabTruth>();
  return {
    name: 'lab',
    description:
      "The project's own services with really injected faults: entity and fault first, nobody blamed without a culprit.",
    async *predict(options) {
      if (options.data !== undefined) {
        yield* replayKept(options.data, options);
        return;
      }
      for (const one of labCases(options.seeds.length === 0 ? [7] : options.seeds, options.faults)) {
        if (options.cases.length > 0 && !options.cases.includes(one.name)) continue;
        try {
          yield await runCase(one, options, (truth) => truths.set(one.name, truth));
        } catch (thrown) {
          // One broken experiment must not lose the others; it counts as not answered.
          options.logger.error('experiment-failed', { case: one.name, reason: CerebroError.from(thrown).message });
          yield predictionOf(one.name, undefined, {
            elapsedMs: 0,
            detectedAfter: null,
            diagnosedAfter: 0,
            capsule: undefined,
          });
        }
      }
    },
    score: (predictions, _, { data }) => {
      const known = new Map(truths);
      for (const { case: name } of data === undefined ? [] : predictions) {
        const truth = keptTruth(data ?? '', name);
        if (truth !== undefined) known.set(name, truth);
      }
      return Promise.resolve(scoreLab(predictions, known));
    },
  };
}

async function runCase(one: LabCase, options: SuiteOptions, tell: (truth: LabTruth) => void): Promise<Prediction> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-lab-'));
  const otlpPort = await freePort();
  mkdirSync(join(dataDir, 'lab'), { recursive: true });
  const lab = await startLab({
    dir: join(dataDir, 'lab'),
    seed: one.seed,
    otlpUrl: `http://127.0.0.1:${otlpPort}/v1/traces`,
  });
  let app: App | undefined;
  try {
    const config: Config = configSchema.parse({
      dataDir: join(dataDir, 'data'),
      logLevel: 'error',
      reasoner: { kind: options.reasoner },
    });
    app = await openApp(labConfig(config, lab.observability, otlpPort));
    const startedAt = systemClock.now();
    await systemClock.sleep(baselineMs);
    // Only the scorer sees this; the product is asked the same question in every case.
    const truth = await lab.inject(one.fault);
    tell(truth);
    const injectedAt = systemClock.now();
    const detectedAfter = await watchFor(app, injectedAt, faultMs);
    const askedAt = systemClock.now();
    const question = labQuestion(one.name, { from: isoOf(startedAt), to: isoOf(askedAt) });
    const before = systemClock.monotonic();
    const answer = await answerOf(app.ask(question));
    const elapsedMs = systemClock.monotonic() - before;
    const capsule = options.keep === undefined ? undefined : join(resolve(options.keep), one.name);
    if (capsule !== undefined) {
      await keepLabCapsule(app, question, answer, capsule);
      keepTruth(capsule, truth);
    }
    return predictionOf(one.name, answer, {
      elapsedMs,
      detectedAfter,
      diagnosedAfter: (askedAt - injectedAt + elapsedMs) / 1000,
      capsule,
    });
  } finally {
    await app?.close();
    await lab.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Kept experiments on the rules as they are now: seconds in place of a minute each. */
async function* replayKept(folder: string, options: SuiteOptions): AsyncIterable<Prediction> {
  for (const name of keptCases(folder)) {
    if (options.cases.length > 0 && !options.cases.includes(name)) continue;
    const { answer, elapsedMs, cpuMs, signals } = await replayCase(folder, name, options);
    yield predictionOf(name, answer, {
      elapsedMs,
      detectedAfter: null,
      diagnosedAfter: elapsedMs / 1000,
      capsule: join(folder, name),
      cpuMs,
      signals,
    });
  }
}

/** Runs the standing watch, as the product does, for `forMs`; seconds until it sees a serious symptom that began with the fault, or null. */
async function watchFor(app: App, injectedAt: number, forMs: number): Promise<number | null> {
  const until = injectedAt + forMs;
  const watch =
    app.sources.metrics === undefined ? undefined : createWatch({ metrics: app.sources.metrics, clock: systemClock });
  let detected: number | null = null;
  while (systemClock.now() + 2_500 < until) {
    await systemClock.sleep(2_000);
    if (watch === undefined || detected !== null) continue;
    const began = symptomsOf(await watch.check()).some(
      ({ onset }) => onset !== undefined && msOf(onset) >= injectedAt - 2_000,
    );
    if (began) detected = Number(((systemClock.now() - injectedAt) / 1000).toFixed(1));
  }
  await systemClock.sleep(Math.max(0, until - systemClock.now()));
  return detected;
}

function predictionOf(
  name: string,
  answer: Answer | undefined,
  measured: {
    elapsedMs: number;
    detectedAfter: number | null;
    diagnosedAfter: number;
    capsule: string | undefined;
    cpuMs?: number;
    signals?: string[];
  },
): Prediction {
  const diagnosis = answer?.diagnosis;
  return {
    case: name,
    line: {
      ...statedOf({ answer }),
      ranking: (diagnosis?.hypotheses ?? [])
        .slice(0, 5)
        .map((hypothesis) => ({ entity: hypothesis.entity, fault: hypothesis.faultKind })),
      detected_after_s: measured.detectedAfter,
      diagnosed_after_s: Number(measured.diagnosedAfter.toFixed(1)),
      ...(measured.capsule === undefined ? {} : { capsule: measured.capsule }),
    },
    elapsedMs: measured.elapsedMs,
    ...(measured.cpuMs === undefined ? {} : { cpuMs: measured.cpuMs }),
    ...(measured.signals === undefined ? {} : { signals: measured.signals }),
    calls: answer?.evidence.length ?? 0,
    tokens: 0,
    dollars: 0,
  };
}
