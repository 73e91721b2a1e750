import { openApp } from '../app.ts';
import type { Config } from '../config.ts';

/** Opens the product on a config, says what is connected, and closes it again. Throws as `openApp`. */
export async function checkConfig(config: Config, say: (text: string) => void): Promise<void> {
  const app = await openApp(config);
  for (const source of app.connected) say(`${source.name}: ${source.kind} (${source.address})\n`);
  await app.close();
}
