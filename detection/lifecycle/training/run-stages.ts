import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson, contentHash } from '../../../infra/runtime/canonical-json.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { fileHash } from '../../../infra/runtime/file-hash.ts';

/** What a stage may read and where it writes. */
export interface StageContext {
  /** The folder for this stage's output; it becomes visible as a whole when the stage is done. */
  folder: string;
  /** The path of a file that an earlier stage wrote. Only stages named in `needs` can be read. */
  inputOf(stage: string, file: string): string;
  /** How far it is, 0 to 1, with a word or two. */
  progress(share: number, note?: string): void;
  signal?: AbortSignal | undefined;
}

export interface Stage {
  name: string;
  /** Stages whose output this one reads; they must come before it. */
  needs: readonly string[];
  /** Everything else that the output depends on: options, seed, hashes of files outside, version of the code. */
  inputs: unknown;
  run(context: StageContext): Promise<void> | void;
}

export interface StageResult {
  name: string;
  key: string;
  folder: string;
  /** False where the finished output of an earlier run was taken. */
  ran: boolean;
}

/** What a progress line shows. `share` is undefined before a stage says how far it is. */
export interface StageProgress {
  stage: string;
  state: 'taken' | 'running' | 'done';
  share?: number;
  note?: string;
}

const doneFile = 'done.json';
const done = z.object({ key: z.string(), files: z.record(z.string(), z.string()) });

/**
 * Runs stages in order, each once for its inputs: the key of a stage is the hash of its inputs and of the bytes that the stages before it
 * wrote. A stage whose folder is finished and undamaged is taken as it is. Output is written beside and renamed, so a process that is
 * killed leaves nothing that looks finished; the next run goes on where it stopped. Throws what a stage throws, CANCELLED when
 * withdrawn.
 */
export async function runStages(
  folder: string,
  stages: readonly Stage[],
  options: { onProgress?: (progress: StageProgress) => void; signal?: AbortSignal | undefined } = {},
): Promise<StageResult[]> {
  mkdirSync(folder, { recursive: true });
  const results = new Map<string, StageResult & { files: Readonly<Record<string, string>> }>();
  for (const stage of stages) {
    if (options.signal?.aborted === true) throw new CerebroError('CANCELLED', `Withdrawn before ${stage.name}.`);
    const needs = stage.needs.map((name) => {
      const result = results.get(name);
      if (result === undefined) throw new RangeError(`${stage.name} needs ${name}, which does not come before it`);
      return result;
    });
    const key = contentHash({
      stage: stage.name,
      inputs: stage.inputs,
      needs: Object.fromEntries(needs.map(({ name, files }) => [name, files])),
    }).slice(0, 24);
    const target = join(folder, `${stage.name}-${key}`);
    const finished = readDone(target, key);
    if (finished !== undefined) {
      results.set(stage.name, { name: stage.name, key, folder: target, ran: false, files: finished });
      options.onProgress?.({ stage: stage.name, state: 'taken' });
      continue;
    }
    options.onProgress?.({ stage: stage.name, state: 'running' });
    const files = await runOne(stage, { target, key, needs }, options);
    results.set(stage.name, { name: stage.name, key, folder: target, ran: true, files });
    options.onProgress?.({ stage: stage.name, state: 'done' });
  }
  return [...results.values()].map(({ name, key, folder: where, ran }) => ({ name, key, folder: where, ran }));
}

async function runOne(
  stage: Stage,
  place: { target: string; key: string; needs: readonly StageResult[] },
  options: { onProgress?: (progress: StageProgress) => void; signal?: AbortSignal | undefined },
): Promise<Record<string, string>> {
  const partial = `${place.target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  rmSync(place.target, { recursive: true, force: true });
  mkdirSync(partial);
  await stage.run({
    folder: partial,
    signal: options.signal,
    inputOf(name, file) {
      const from = place.needs.find((need) => need.name === name);
      if (from === undefined) throw new RangeError(`${stage.name} reads ${name} without needing it`);
      return join(from.folder, file);
    },
    progress: (share, note) =>
      options.onProgress?.({ stage: stage.name, state: 'running', share, ...(note === undefined ? {} : { note }) }),
  });
  const files = hashesOf(partial);
  writeFileSync(join(partial, doneFile), canonicalJson({ key: place.key, files }));
  renameSync(partial, place.target);
  return files;
}

/** The hashes of a finished stage's files; undefined when it is not finished or a file was changed since. */
function readDone(folder: string, key: string): Record<string, string> | undefined {
  const path = join(folder, doneFile);
  if (!existsSync(path)) return undefined;
  try {
    const read = done.parse(JSON.parse(readFileSync(path, 'utf8')));
    return read.key === key && canonicalJson(hashesOf(folder)) === canonicalJson(read.files) ? read.files : undefined;
  } catch {
    return undefined;
  }
}

function hashesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== doneFile)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(names.map((path) => [path.slice(folder.length + 1), fileHash(path)]));
}
