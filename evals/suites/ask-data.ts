import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openApp } from '../../app.ts';
import { configSchema } from '../../config.ts';
import type { DiagnosisInput } from '../../detection/diagnosis/diagnosis-input.ts';
import type { Answer } from '../../domain/answer.ts';
import type { Question } from '../../domain/question.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import { createRedactor } from '../../infra/runtime/redact.ts';
import { writeCapsule } from '../../tools/sources/capsule/write-capsule.ts';
import { createDataSources, loadersOf, type SourceData } from '../../tools/sources/data-sources.ts';
import type { Sources } from '../../tools/sources/source.ts';
import type { AskedData } from '../asked-data.ts';
import type { SuiteOptions } from '../suite.ts';
import { emptyData } from './case-files.ts';
import { rankedInput } from './ranked-input.ts';

/** The answer, how long it took once the data was there (wall and processor time), and where the capsule was kept. */
export interface AskedAnswer {
  answer: Answer | undefined;
  elapsedMs: number;
  cpuMs: number;
  /** The signals that were connected. */
  signals: string[];
  /** What `rank_causes` was given, where it was asked. */
  input?: DiagnosisInput;
  capsule?: string;
}

/** The kinds of data that a signal of `--without` takes away. */
const kindOfSignal: Readonly<Record<string, keyof SourceData>> = {
  metrics: 'metrics',
  logs: 'logs',
  traces: 'spans',
  changes: 'changes',
  resources: 'resources',
  topology: 'topology',
};

/** The source of each signal. */
const sourceOfSignal = {
  metrics: 'metrics',
  logs: 'logs',
  traces: 'traces',
  changes: 'changes',
  resources: 'cluster',
  topology: 'topology',
} as const satisfies Record<string, keyof Sources>;

/** The sources without those of some signals. */
export function withoutSignals(sources: Sources, signals: readonly string[]): Sources {
  const kept: Sources = { ...sources };
  for (const [signal, kind] of Object.entries(sourceOfSignal)) if (signals.includes(signal)) delete kept[kind];
  return kept;
}

/**
 * Asks the product about data that is held in memory: the same graph and tools that a user gets. The times are those of the question alone,
 * collection and ranking included, reading files and opening the product left out. With `keep`, the case is written as a capsule first; with `transform` another case is
 * asked in its place, or none.
 */
export async function askData(
  given: AskedData,
  options: Pick<SuiteOptions, 'reasoner' | 'without' | 'keep' | 'transform' | 'observe'>,
): Promise<AskedAnswer> {
  const asked = options.transform === undefined ? given : options.transform(given);
  if (asked === undefined) return { answer: undefined, elapsedMs: 0, cpuMs: 0, signals: [] };
  const data = { ...asked.data };
  for (const signal of options.without) {
    const kind = kindOfSignal[signal];
    if (kind !== undefined) delete data[kind];
  }
  const capsule = options.keep === undefined ? undefined : join(resolve(options.keep), asked.name.replaceAll('/', '-'));
  if (capsule !== undefined) keepCapsule(capsule, data, asked);
  const timed = await askSources(sourcesOf(data, asked.name), asked.question, options);
  options.observe?.(asked, timed.answer);
  return { ...timed, ...(capsule === undefined ? {} : { capsule }) };
}

/** Opens the whole product over some sources, asks one question, closes it. */
export async function askSources(
  sources: Sources,
  question: Question,
  options: Pick<SuiteOptions, 'reasoner'>,
): Promise<Omit<AskedAnswer, 'capsule'>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-case-'));
  const config = configSchema.parse({ dataDir, logLevel: 'error', reasoner: { kind: options.reasoner } });
  const app = await openApp(config, { sources });
  try {
    const startedAt = systemClock.monotonic();
    const cpu = process.cpuUsage();
    const signals = Object.entries(sourceOfSignal).flatMap(([signal, kind]) =>
      sources[kind] === undefined ? [] : [signal],
    );
    let told: Omit<AskedAnswer, 'capsule'> = { answer: undefined, elapsedMs: 0, cpuMs: 0, signals };
    // Up to the answer; that the product then records what the run saw keeps nobody waiting.
    for await (const event of app.ask(question)) {
      if (event.type !== 'answer') continue;
      const { user, system } = process.cpuUsage(cpu);
      const elapsedMs = systemClock.monotonic() - startedAt;
      const input = rankedInput(app, sources, event.answer);
      const cpuMs = (user + system) / 1_000;
      told = { answer: event.answer, elapsedMs, cpuMs, signals, ...(input === undefined ? {} : { input }) };
    }
    return told;
  } finally {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The sources that give these data; kinds that are absent are not connected. */
export function sourcesOf(data: Partial<SourceData>, name: string): Sources {
  const all = createDataSources(loadersOf({ ...emptyData(), ...data }), name);
  return {
    ...(data.metrics === undefined ? {} : { metrics: all.metrics }),
    ...(data.logs === undefined ? {} : { logs: all.logs }),
    ...(data.spans === undefined ? {} : { traces: all.traces }),
    ...(data.changes === undefined ? {} : { changes: all.changes }),
    ...(data.resources === undefined ? {} : { cluster: all.cluster }),
    ...(data.topology === undefined ? {} : { topology: all.topology }),
    ...(data.alerts === undefined ? {} : { alerts: all.alerts }),
    ...(data.advisories === undefined ? {} : { advisories: all.advisories }),
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
