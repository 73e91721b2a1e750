import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configSchema } from '../config.ts';
import { openDataFolder } from '../infra/runtime/data-folder.ts';
import { checkConfig } from './check-config-command.ts';

it('checks a config beside a Cerebro that runs on its data folder', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-held-'));
  const held = openDataFolder(dataDir);
  const said: string[] = [];
  await checkConfig(configSchema.parse({ dataDir, logLevel: 'silent', sources: { collector: {} } }), (text) =>
    said.push(text),
  );
  await checkConfig(configSchema.parse({ dataDir, logLevel: 'silent' }), (text) => said.push(text));
  held.close();
  expect(said.join('')).toMatch(/^collector: .*\nThe config is sound; it names no source\.\n$/);
});
