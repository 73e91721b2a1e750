import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openApp } from '../../../app.ts';
import { answerOf } from '../../../app/triage.ts';
import { configSchema } from '../../../config.ts';
import type { Answer } from '../../../domain/answer.ts';
import type { Hypothesis } from '../../../domain/diagnosis.ts';
import { entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Question } from '../../../domain/question.ts';
import { createFakeClock, msOf, systemClock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRedactor } from '../../../infra/runtime/redact.ts';
import { writeCapsule } from '../../../tools/sources/capsule/write-capsule.ts';
import { createDataSources, loadersOf } from '../../../tools/sources/data-sources.ts';
import type { Sources } from '../../../tools/sources/source.ts';
import type { Prediction, Suite, SuiteOptions } from '../../suite.ts';
import type { RecordedCase } from './read-case.ts';
import { readCase } from './read-case.ts';
import { scoreCloudOpsbench } from './score-cloud-opsbench.ts';
import { objectWords, vocabulary } from './vocabulary.ts';

/** Frozen Kubernetes incidents: object, taxonomy and root cause first, or among three. */
export function createCloudOpsbenchSuite(): Suite {
  return {
    name: 'cloud-opsbench',
    description: 'Frozen Kubernetes incidents of Cloud-OpsBench: which object, which fault, exactly.',
    async *predict(options) {
      if (options.data === undefined)
        throw new CerebroError('CONFIG_INVALID', 'Say with --data where the set lies (a folder with cases/).');
      const cases = join(options.data, 'cases');
      for (const name of readdirSync(cases).sort()) {
        if (options.cases.length > 0 && !options.cases.includes(name)) continue;
        yield await runCase(name, readCase(join(cases, name)), options);
      }
    },
    score: (predictions, truth) => Promise.resolve(scoreCloudOpsbench(predictions, truth)),
  };
}

async function runCase(name: string, recorded: RecordedCase, options: SuiteOptions): Promise<Prediction> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-eval-'));
  const question: Question = {
    text: 'What is wrong, and why?',
    thread: `eval:${name}`,
    askedAt: recorded.askedAt,
    timeZone: 'UTC',
    principal: { id: 'evaluation', kind: 'evaluation', roles: ['responder'] },
    window: recorded.window,
    alert: {
      fingerprint: name,
      name: recorded.title,
      status: 'firing',
      startsAt: recorded.window.from,
      labels: {},
      annotations: {},
      source: 'recorded incident',
    },
  };
  const capsule = options.keep === undefined ? undefined : join(resolve(options.keep), name);
  if (capsule !== undefined) keepCapsule(capsule, name, { recorded, question });
  const app = await openApp(configSchema.parse({ dataDir, logLevel: 'error', reasoner: { kind: options.reasoner } }), {
    clock: createFakeClock(msOf(recorded.askedAt)),
    sources: sourcesOf(recorded, options.without),
  });
  try {
    const before = systemClock.monotonic();
    const answer = await answerOf(app.ask(question));
    return predictionOf(name, answer, { elapsedMs: systemClock.monotonic() - before, capsule });
  } finally {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** What was recorded is connected, and nothing else; `without` takes kinds away to see what they are worth. */
function sourcesOf({ data }: RecordedCase, without: readonly string[]): Sources {
  const all = createDataSources(loadersOf(data), 'recorded incident');
  const sources: Sources = { cluster: all.cluster, logs: all.logs, topology: all.topology };
  if (data.metrics.length > 0) sources.metrics = all.metrics;
  return Object.fromEntries(Object.entries(sources).filter(([kind]) => !without.includes(kind)));
}

function keepCapsule(dir: string, name: string, seen: { recorded: RecordedCase; question: Question }): void {
  const { logs, resources, topology, metrics } = seen.recorded.data;
  writeCapsule(
    dir,
    {
      manifest: {
        title: name,
        created: seen.recorded.askedAt,
        window: seen.recorded.window,
        question: seen.question.text,
        askedAt: seen.question.askedAt,
        asked: seen.question,
      },
      data: { logs, resources, topology, ...(metrics.length === 0 ? {} : { metrics }) },
    },
    createRedactor('evaluation'),
  );
}

function predictionOf(
  name: string,
  answer: Answer | undefined,
  measured: { elapsedMs: number; capsule: string | undefined },
): Prediction {
  const hypotheses = answer?.diagnosis?.hypotheses ?? [];
  return {
    case: name,
    line: {
      top_3_predictions: predictionsOf(hypotheses),
      verdict: answer?.diagnosis?.verdict ?? 'failed',
      grade: hypotheses[0]?.certificate.grade,
      confidence: answer?.diagnosis?.confidence ?? 0,
      ranking: hypotheses.slice(0, 5).map(({ entity, faultKind, score }) => ({ entity, fault: faultKind, score })),
      ...(measured.capsule === undefined ? {} : { capsule: measured.capsule }),
    },
    elapsedMs: measured.elapsedMs,
    calls: answer?.evidence.length ?? 0,
    tokens: 0,
    dollars: 0,
  };
}

function predictionsOf(hypotheses: readonly Hypothesis[]): Record<string, unknown>[] {
  return hypotheses
    .flatMap(({ entity, faultKind }, index) => {
      const words = vocabulary[faultKind];
      if (words === undefined) return [];
      const object = `${objectWords[entityKindOf(entity)] ?? 'app'}/${entityNameOf(entity)}`;
      return [{ fault_taxonomy: words.taxonomy, fault_object: object, root_cause: words.cause, rank: index + 1 }];
    })
    .slice(0, 3)
    .map((prediction, index) => ({ ...prediction, rank: index + 1 }));
}
