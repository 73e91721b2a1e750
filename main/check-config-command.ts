import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../app.ts';
import type { Config } from '../config.ts';

/** Opens the product on a config and an empty data folder, so that one may be running; says what is connected, and closes it again. Throws as `openApp`. */
export async function checkConfig(config: Config, say: (text: string) => void): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-check-'));
  try {
    const app = await openApp({ ...config, dataDir });
    for (const source of app.connected) say(`${source.name}: ${source.kind} (${source.address})\n`);
    if (app.connected.length === 0) say('The config is sound; it names no source.\n');
    await app.close();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
