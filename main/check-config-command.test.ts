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
  const say = (text: string): unknown => said.push(text);
  await checkConfig(configSchema.parse({ dataDir, logLevel: 'silent', sources: { collector: {} } }), {}, say);
  await checkConfig(configSchema.parse({ dataDir, logLevel: 'silent' }), {}, say);
  held.close();
  expect(said.join('')).toMatch(/^collector: .*\nThe config is sound; it names no source\.\n$/);
});

it('tries what is named, and says what does not answer', async () => {
  const said: string[] = [];
  const config = configSchema.parse({
    logLevel: 'silent',
    sources: {
      prometheus: { url: 'http://127.0.0.1:1' },
      collector: { logs: [{ service: 'shop', path: '/nowhere/shop.log' }] },
    },
  });
  expect(await checkConfig(config, { offline: true }, () => undefined)).toBe(0);
  expect(await checkConfig(config, {}, (text) => said.push(text))).toBe(1);
  expect(said.join('')).toMatch(/FAILED prometheus, metrics \(http:\/\/127\.0\.0\.1:1\): .*cannot be reached/);
  expect(said.join('')).toMatch(/FAILED collector, logs of shop \(\/nowhere\/shop\.log\): ENOENT/);
});
