import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../app.ts';
import type { Config } from '../config.ts';
import { probeConfig, tellProbes } from './doctor-command.ts';

/**
 * Opens the product on a config and an empty data folder, so that one may be running; says what is connected, tries it unless `offline`, and
 * closes it again. Returns the exit status: 1 when a source failed. Throws as `openApp`.
 */
export async function checkConfig(
  config: Config,
  options: { offline?: boolean },
  say: (text: string) => void,
): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-check-'));
  try {
    const app = await openApp({ ...config, dataDir });
    for (const source of app.connected) say(`${source.name}: ${source.kind} (${source.address})\n`);
    if (app.connected.length === 0) say('The config is sound; it names no source.\n');
    await app.close();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  if (options.offline === true) return 0;
  const probes = await probeConfig(config.sources);
  if (probes.length > 0) say(tellProbes(probes));
  return probes.some(({ state }) => state === 'failed') ? 1 : 0;
}
