import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openApp } from '../../../app.ts';
import { answerOf } from '../../../app/triage.ts';
import { configSchema } from '../../../config.ts';
import type { Answer } from '../../../domain/answer.ts';
import type { Question } from '../../../domain/question.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { createRedactor } from '../../../infra/runtime/redact.ts';
import { writeCapsule } from '../../../tools/sources/capsule/write-capsule.ts';
import { createDataSources, loadersOf, type SourceData } from '../../../tools/sources/data-sources.ts';
import type { Sources } from '../../../tools/sources/source.ts';
import type { SuiteOptions } from '../../suite.ts';

/** What a benchmark's case turns into: everything that was seen, and what a person would ask. */
export interface AskedData {
  name: string;
  data: Partial<SourceData>;
  question: Question;
}

/** The answer, how long it took once the data was there, and where the capsule was kept. */
export interface AskedAnswer {
  answer: Answer | undefined;
  elapsedMs: number;
  capsule?: string;
}

const kindOfSignal: Readonly<Record<string, keyof SourceData>> = {
  metrics: 'metrics',
  logs: 'logs',
  traces: 'spans',
  changes: 'changes',
  resources: 'resources',
  topology: 'topology',
};

/** Asks the product about data that is held in memory: the same graph and tools that a user gets. Sources of absent kinds are not connected. */
export async function askData(
  asked: AskedData,
  options: Pick<SuiteOptions, 'reasoner' | 'without' | 'keep'>,
): Promise<AskedAnswer> {
  const data = { ...asked.data };
  for (const signal of options.without) {
    const kind = kindOfSignal[signal];
    if (kind !== undefined) delete data[kind];
  }
  const capsule = options.keep === undefined ? undefined : join(resolve(options.keep), asked.name.replaceAll('/', '-'));
  if (capsule !== undefined) keepCapsule(capsule, data, asked);
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-asked-'));
  const app = await openApp(configSchema.parse({ dataDir, logLevel: 'error', reasoner: { kind: options.reasoner } }), {
    sources: sourcesOf(data, asked.name),
  });
  try {
    const startedAt = systemClock.monotonic();
    const answer = await answerOf(app.ask(asked.question));
    const elapsedMs = systemClock.monotonic() - startedAt;
    return { answer, elapsedMs, ...(capsule === undefined ? {} : { capsule }) };
  } finally {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function sourcesOf(data: Partial<SourceData>, name: string): Sources {
  const all = createDataSources(
    loadersOf({
      metrics: [],
      logs: [],
      spans: [],
      changes: [],
      resources: [],
      topology: { entities: [], edges: [] },
      advisories: [],
      ...data,
    }),
    name,
  );
  return {
    ...(data.metrics === undefined ? {} : { metrics: all.metrics }),
    ...(data.logs === undefined ? {} : { logs: all.logs }),
    ...(data.spans === undefined ? {} : { traces: all.traces }),
    ...(data.changes === undefined ? {} : { changes: all.changes }),
    ...(data.resources === undefined ? {} : { cluster: all.cluster }),
    ...(data.topology === undefined ? {} : { topology: all.topology }),
  };
}

function keepCapsule(dir: string, data: Partial<SourceData>, { name, question }: AskedData): void {
  const window = question.window;
  if (window === undefined) return;
  writeCapsule(
    dir,
    {
      manifest: {
        title: name,
        created: question.askedAt,
        question: question.text,
        askedAt: question.askedAt,
        asked: question,
        window,
      },
      data,
    },
    createRedactor('evaluation'),
  );
}

/** The entities of a diagnosis, best first, each once: of its hypotheses, then of the symptoms. */
export function rankedEntities(answer: Answer | undefined): { entity: string; fault: string }[] {
  const diagnosis = answer?.diagnosis;
  const told = [
    ...(diagnosis?.hypotheses ?? []).map(({ entity, faultKind }) => ({ entity, fault: faultKind })),
    ...(diagnosis?.symptoms ?? []).map(({ entity }) => ({ entity, fault: 'unknown' })),
  ];
  return told.filter(({ entity }, index) => told.findIndex((other) => other.entity === entity) === index);
}
