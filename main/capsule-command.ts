import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { CerebroError } from '../infra/runtime/errors.ts';
import { isoOf } from '../infra/runtime/clock.ts';
import { createRedactor } from '../infra/runtime/redact.ts';
import { packCapsule } from '../tools/sources/capsule/capsule-archive.ts';
import { createRunRecordings } from '../app/run-recordings.ts';
import type { Config } from '../config.ts';

/** What is kept of runs, read without holding the data folder: it works beside a running Cerebro. */
function recordingsOf(config: Config): ReturnType<typeof createRunRecordings> {
  return createRunRecordings({}, createRedactor(''), { folder: join(config.dataDir, 'runs') });
}

/** Copies what a run saw to a folder, or packs it when the target ends in `.tar.zst`. */
export async function saveCapsule(config: Config, run: string, target: string): Promise<void> {
  const folder = recordingsOf(config).folderOf(run);
  if (existsSync(target)) throw new CerebroError('CONFLICT', `${target} exists; name another place.`);
  if (target.endsWith('.tar.zst')) await packCapsule(folder, target);
  else cpSync(folder, target, { recursive: true });
  process.stdout.write(`Run ${run} is kept at ${target}. Replay it: npx --no cerebro ask --capsule ${target} "…"\n`);
}

/** Lists the runs that can be saved, newest first. */
export function listCapsules(config: Config): void {
  for (const { run, at } of recordingsOf(config).list()) process.stdout.write(`${run}  ${isoOf(at)}\n`);
}
