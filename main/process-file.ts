import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const processFile = z.object({ url: z.url(), pid: z.number().int() });

/** Leaves word of where this process can be asked. Returns what takes it away again. */
export function announceProcess(dataDir: string, url: string): () => void {
  const path = join(dataDir, 'process.json');
  writeFileSync(path, JSON.stringify({ url, pid: process.pid }));
  return () => rmSync(path, { force: true });
}

/** Where a running Cerebro of this data folder can be asked; undefined when none answers. */
export async function findRunning(dataDir: string): Promise<string | undefined> {
  try {
    const { url } = processFile.parse(JSON.parse(readFileSync(join(dataDir, 'process.json'), 'utf8')));
    const response = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(1_000) });
    return response.ok ? url : undefined;
  } catch {
    return undefined;
  }
}
