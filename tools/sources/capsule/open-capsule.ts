import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { topology } from '../../../domain/entity.ts';
import { advisory, change, firedAlert, logRecord, resource, span } from '../../../domain/signal.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createDataSources } from '../data-sources.ts';
import type { DataLoaders } from '../data-sources.ts';
import type { KnowledgeSearch } from '../../knowledge-search.ts';
import { interceptKnowledge } from '../intercept-knowledge.ts';
import { interceptSources, sourceKinds } from '../intercept-sources.ts';
import type { Interceptor } from '../intercept-sources.ts';
import type { SourceResult, Sources } from '../source.ts';
import { readCapsuleArchive } from './capsule-archive.ts';
import type { ArchiveLimits } from './capsule-archive.ts';
import { capsuleManifest, recordedCall, recordedFailure } from './capsule-format.ts';
import type { CapsuleManifest } from './capsule-format.ts';
import { createSeriesReader } from './series-lines.ts';
import { callKeyOf } from './write-capsule.ts';

export interface Capsule {
  manifest: CapsuleManifest;
  /** Members for the kinds that were connected when the capsule was made. */
  sources: Sources;
  /** What the team's knowledge answered then; absent when none was connected. */
  knowledge?: KnowledgeSearch;
  question?: string;
}

type ReadText = (name: string) => string | undefined;

/**
 * Opens a capsule folder or `.tar.zst` file. A call that was recorded is answered with exactly what was recorded (also a failure); any
 * other from the data files, which are read when first needed. Throws CAPSULE_INVALID for what is damaged or of an unknown version.
 */
export async function openCapsule(path: string, limits: ArchiveLimits = {}): Promise<Capsule> {
  const read = await readerOf(path, limits);
  const manifest = readManifest(path, read);
  const data = createDataSources(loadersOf(path, read), `capsule "${manifest.title}"`);
  const connected: Sources = {};
  for (const kind of sourceKinds) {
    // The name of the source that was recorded, so that a replay cites what the run cited.
    const name = manifest.sources[kind]?.name;
    if (name !== undefined) Object.assign(connected, { [kind]: { ...data[kind], name } });
  }
  if (connected.metrics !== undefined) {
    connected.metrics = {
      ...connected.metrics,
      expression: async (text) => ({
        status: 'no-data',
        lookedAt: `capsule "${manifest.title}" recorded no answer to the expression ${text}`,
      }),
      alerts: async () => ({ status: 'no-data', lookedAt: `capsule "${manifest.title}" recorded no alerting rules` }),
    };
  }
  const { question, knowledge } = manifest;
  const replay = replayerOf(path, read);
  return {
    manifest,
    sources: interceptSources(connected, replay),
    ...(knowledge === undefined ? {} : { knowledge: interceptKnowledge(emptyKnowledge(knowledge.name), replay) }),
    ...(question === undefined ? {} : { question }),
  };
}

/** What is asked that the run did not ask has no answer. */
function emptyKnowledge(name: string): KnowledgeSearch {
  return { name, search: () => Promise.resolve([]), foresee: () => Promise.resolve(undefined) };
}

async function readerOf(path: string, limits: ArchiveLimits): Promise<ReadText> {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (cause) {
    throw new CerebroError('NOT_FOUND', `There is no capsule at ${path}.`, { cause });
  }
  if (!isFolder) {
    const files = await readCapsuleArchive(path, limits);
    return (name) => files.get(name)?.toString('utf8');
  }
  return (name) => {
    try {
      return readFileSync(join(path, name), 'utf8');
    } catch {
      return undefined;
    }
  };
}

function readManifest(path: string, read: ReadText): CapsuleManifest {
  const text = read('manifest.json');
  if (text === undefined) throw invalid(path, 'it has no manifest.json');
  const raw = parseJson(path, 'manifest.json', text);
  const parsed = capsuleManifest.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const version = raw !== null && typeof raw === 'object' && 'version' in raw ? raw.version : undefined;
  if (issue?.path[0] === 'version')
    throw invalid(path, `its version is ${JSON.stringify(version)}; this program reads version 1, upgrade it`);
  throw invalid(path, `manifest.json, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`);
}

function loadersOf(path: string, read: ReadText): DataLoaders {
  const lines = <T>(name: string, schema: z.ZodType<T>): (() => T[]) =>
    once(() => readLines(path, read, name, (line) => schema.parse(line)));
  return {
    metrics: once(() => readLines(path, read, 'metrics.ndjson', createSeriesReader())),
    logs: lines('logs.ndjson', logRecord),
    spans: lines('spans.ndjson', span),
    changes: lines('changes.ndjson', change),
    resources: lines('resources.ndjson', resource),
    advisories: lines('advisories.ndjson', advisory),
    alerts: lines('alerts.ndjson', firedAlert),
    topology: once(() => {
      const text = read('topology.json');
      if (text === undefined) return { entities: [], edges: [] };
      const parsed = topology.safeParse(parseJson(path, 'topology.json', text));
      if (!parsed.success) throw invalid(path, `topology.json: ${parsed.error.issues[0]?.message ?? 'does not fit'}`);
      return parsed.data;
    }),
  };
}

function readLines<T>(path: string, read: ReadText, name: string, parse: (line: unknown) => T | undefined): T[] {
  const items: T[] = [];
  for (const [index, line] of (read(name) ?? '').split('\n').entries()) {
    if (line === '') continue;
    try {
      const item = parse(JSON.parse(line));
      if (item !== undefined) items.push(item);
    } catch (cause) {
      throw new CerebroError(
        'CAPSULE_INVALID',
        `The capsule ${path} is damaged: ${name}, line ${index + 1}, does not fit its format.`,
        { cause },
      );
    }
  }
  return items;
}

/** Answers recorded calls with their blobs; of calls made twice the last answer counts. */
function replayerOf(path: string, read: ReadText): Interceptor {
  const calls = once(
    () =>
      new Map(
        readLines(path, read, 'calls.ndjson', (line) => recordedCall.parse(line)).map((one) => [one.key, one.blob]),
      ),
  );
  return async <T>(call: Parameters<Interceptor>[0], run: () => Promise<SourceResult<T>>): Promise<SourceResult<T>> => {
    const blob = calls().get(callKeyOf(call));
    if (blob === undefined) return run();
    const text = read(`blobs/${blob}`);
    if (text === undefined) throw invalid(path, `the recorded result ${blob} is missing`);
    const result = parseJson(path, `blobs/${blob}`, text);
    const failure = recordedFailure.safeParse(result);
    if (failure.success) throw new CerebroError(failure.data.code, failure.data.message);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the JSON of a result of this very call
    return result as SourceResult<T>;
  };
}

function parseJson(path: string, name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CerebroError('CAPSULE_INVALID', `The capsule ${path} is damaged: ${name} is not JSON.`, { cause });
  }
}

function invalid(path: string, why: string): CerebroError {
  return new CerebroError('CAPSULE_INVALID', `The capsule ${path} cannot be opened: ${why}.`);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
