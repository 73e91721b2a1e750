import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from './log.ts';
import { errorFields } from './log.ts';
import type { Strain } from './settings.ts';
import { calm } from './settings.ts';
import type { Volume } from './volume.ts';

/** Runs the side work of a process: threads, kept objects, kept files, long synchronous jobs, dump files. */
export interface StrainRunner {
  readonly apply: (strain: Partial<Strain>) => void;
  /** Called in each request. */
  readonly onRequest: () => void;
}

interface StrainDeps {
  readonly name: string;
  readonly log: Log;
  readonly assetPath: string;
  readonly volume?: Volume | undefined;
}

/** Nothing runs until something is applied; applying zero stops it and lets go of what was kept. */
export function createStrainRunner(deps: StrainDeps): StrainRunner {
  const now: Strain = { ...calm };
  const workers: Worker[] = [];
  const sessions = new Map<string, string[]>();
  const files: number[] = [];
  let blocking: NodeJS.Timeout | undefined;
  let dumps = 0;

  const adjustWorkers = (): void => {
    while (workers.length < now.burnThreads) workers.push(new Worker(join(import.meta.dirname, 'thumbnail-worker.ts')));
    while (workers.length > now.burnThreads) void workers.pop()?.terminate();
  };
  const adjustBlocking = (): void => {
    clearInterval(blocking);
    if (now.blockMs > 0) blocking = setInterval(() => compileReport(now.blockMs), now.blockEveryMs);
  };
  const release = (): void => {
    if (now.holdMbPerSecond === 0) sessions.clear();
    if (now.openPerSecond === 0) for (const file of files.splice(0)) closeSync(file);
    if (now.fillMbPerSecond === 0) removeDumps(deps.volume);
  };
  const openMore = (count: number): void => {
    try {
      for (let opened = 0; opened < count; opened += 1) files.push(openSync(deps.assetPath, 'r'));
    } catch (error) {
      deps.log.write('error', 'cannot open file', { err: errorFields(error, deps.name) });
    }
  };
  const tick = (): void => {
    if (now.holdMbPerSecond > 0) holdSessions(sessions, now.holdMbPerSecond / 5);
    if (now.openPerSecond > 0) openMore(Math.max(1, Math.round(now.openPerSecond / 5)));
    if (now.fillMbPerSecond > 0 && deps.volume !== undefined) {
      dumps += 1;
      const chunk = Buffer.alloc(Math.round((now.fillMbPerSecond * 1024 * 1024) / 5), 120);
      void deps.volume.write(`trace-${Date.now()}-${dumps}.dump`, chunk).catch(() => {
        deps.volume?.write(`trace-${Date.now()}-${dumps}.dump`, chunk.subarray(0, 4096)).catch(() => undefined);
      });
    }
  };
  setInterval(tick, 200).unref();
  return {
    apply: (strain) => {
      Object.assign(now, strain);
      adjustWorkers();
      adjustBlocking();
      release();
    },
    onRequest: () => {
      if (now.burnPerRequestMs > 0) compileReport(now.burnPerRequestMs);
    },
  };
}

function holdSessions(sessions: Map<string, string[]>, megabytes: number): void {
  const perEntry = 64 * 1024;
  for (let added = 0; added < megabytes * 1024 * 1024; added += perEntry) {
    const entry: string[] = [];
    for (let index = 0; index < perEntry / 64; index += 1) entry.push(`${sessions.size}:${index}:${added}`.padEnd(40));
    sessions.set(`session-${sessions.size}-${performance.now()}`, entry);
  }
}

function compileReport(milliseconds: number): number {
  const until = performance.now() + milliseconds;
  let sum = 0;
  while (performance.now() < until) sum += JSON.stringify(JSON.parse('{"rows":[1,2,3,4,5,6,7,8]}')).length;
  return sum;
}

function removeDumps(volume: Volume | undefined): void {
  if (volume === undefined) return;
  for (const name of readdirSync(volume.folder)) if (name.endsWith('.dump')) rmSync(join(volume.folder, name));
}
