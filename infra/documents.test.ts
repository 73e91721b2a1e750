import { describe, expect, it } from 'vitest';
import { configSchema, environmentSettings } from '../config.ts';
import { generatedDocs } from './generated-docs.ts';
import { loadConfig } from './runtime/config-source.ts';
import { metricTable } from './runtime/metrics.ts';
import { sourceFiles, textOf } from './source-files.ts';

describe('documents', () => {
  it('say what the tables in the code say (run `npm run docs` after a change)', async () => {
    for (const [path, text] of Object.entries(await generatedDocs()))
      expect([path, textOf(path)]).toEqual([path, text]);
  });

  it('name only files that exist', () => {
    const known = new Set(sourceFiles(['.ts', '.tsx', '.md', '.mjs', '.json', '.yml']));
    const missing: string[] = [];
    for (const path of sourceFiles(['.md'])) {
      for (const [, target] of textOf(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)) {
        const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
        const resolved = new URL(target ?? '', `file:///${folder}`).pathname.slice(1);
        if (
          !known.has(resolved) &&
          !resolved.startsWith('LICENSE') &&
          !resolved.endsWith('/') &&
          !/\.(svg|png)$/.test(resolved)
        )
          missing.push(`${path} -> ${target}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('mention only metrics that are declared', () => {
    const declared = new Set(Object.keys(metricTable));
    const unknown: string[] = [];
    for (const path of sourceFiles(['.md', '.json', '.yml'])) {
      for (const [name] of textOf(path).matchAll(
        /\bcerebro_[a-z_]+(?:_total|_seconds|_ratio|_pending|_info|_bytes)\b/g,
      )) {
        if (!declared.has(name.replace(/_(bucket|sum|count)$/, ''))) unknown.push(`${path}: ${name}`);
      }
    }
    expect(unknown).toEqual([]);
  });
});

describe('config', () => {
  const load = (environment: Record<string, string>): unknown =>
    loadConfig({ schema: configSchema, settings: environmentSettings, environment });

  it('reads the example file', () => {
    expect(configSchema.parse(JSON.parse(textOf('cerebro.example.json'))).sources.prometheus?.url).toContain('9090');
  });

  it('has defaults for everything and is frozen', () => {
    const config = load({});
    expect(config).toMatchObject({ console: { host: '127.0.0.1', port: 7700 }, reasoner: { kind: 'rules' } });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('lists every mistake at once with its path and variable', () => {
    const attempt = (): unknown =>
      load({ CEREBRO_PORT: '99999', CEREBRO_REASONER: 'crystal-ball', CEREBRO_LOG_LEVEL: 'loud' });
    expect(attempt).toThrow(/console\.port.*CEREBRO_PORT[\s\S]*|reasoner\.kind.*CEREBRO_REASONER/);
    expect(attempt).toThrow(/3 problem/);
  });

  it('refuses unknown settings and hides secrets', () => {
    expect(() => configSchema.parse({ cosnole: {} })).toThrow(/cosnole/);
    expect(JSON.stringify(load({ CEREBRO_CONSOLE_TOKEN: 'abcdefgh' }))).not.toContain('abcdefgh');
  });

  it('takes no password in an address', () => {
    const url = 'redis://user:hidden@x';
    expect(() => configSchema.parse({ features: { redis: { url } } })).toThrow(/set `password` instead/);
    expect(() => configSchema.parse({ sources: { cloudwatch: { accessKeyId: 'x' } } })).toThrow(/accessKeyId/);
  });

  it('points every environment variable at a real setting', () => {
    const values: Record<string, string> = {
      CEREBRO_PORT: '1',
      CEREBRO_REASONER: 'rules',
      CEREBRO_LOG_LEVEL: 'info',
      CEREBRO_MODEL_URL: 'http://x',
      CEREBRO_OTLP_URL: 'http://x',
      CEREBRO_PROMETHEUS_URL: 'http://x',
      CEREBRO_LOKI_URL: 'http://x',
      CEREBRO_REDIS_URL: 'redis://x',
    };
    for (const setting of environmentSettings) {
      if (setting.path[0] === 'slack' || /_(TOKEN|PASSWORD)$/.test(setting.variable)) continue;
      expect(() => load({ [setting.variable]: values[setting.variable] ?? 'x' })).not.toThrow();
    }
  });
});
