import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { version } from '../infra/runtime/version.ts';

/** A Cerebro that runs here; the version is not known of one from before it was written down. */
export interface Running {
  url: string;
  version?: string | undefined;
}

const processFile = z.object({ url: z.url(), pid: z.number().int(), version: z.string().optional() });

/** Leaves word of where this process can be asked. Returns what takes it away again. */
export function announceProcess(dataDir: string, url: string): () => void {
  const path = join(dataDir, 'process.json');
  writeFileSync(path, JSON.stringify({ url, pid: process.pid, version }));
  return () => rmSync(path, { force: true });
}

/** The running Cerebro of this data folder, which can be asked; undefined when none answers. */
export async function findRunning(dataDir: string): Promise<Running | undefined> {
  try {
    const running = processFile.parse(JSON.parse(readFileSync(join(dataDir, 'process.json'), 'utf8')));
    const response = await fetch(new URL('/healthz', running.url), { signal: AbortSignal.timeout(1_000) });
    return response.ok ? { url: running.url, version: running.version } : undefined;
  } catch {
    return undefined;
  }
}
