import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Command } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { startFakeCloudWatch } from '../detection/lifecycle/ingest/cloudwatch/fake-cloudwatch.ts';
import { addModelCommands } from './add-model-commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'cerebro-commands-'));
const at = (name: string): string => join(folder, name);

/** Runs words as `cerebro` does, in this process and with no configuration; what was written to stdout. */
async function cerebro(...words: string[]): Promise<string> {
  const program = new Command('cerebro');
  addModelCommands(program, (command) => command.option('--config <file>').option('--data <folder>'));
  const said: string[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0),
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true),
  ];
  try {
    await program.parseAsync([...words, '--data', join(folder, 'data')], { from: 'user' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return said.join('');
}

/** A daily wave, one sample in five minutes, with a surge from row 500 to 520. */
function wave(): string {
  const lines = Array.from({ length: 700 }, (_, r) => {
    const value = 40 + 15 * Math.sin((r / 288) * 2 * Math.PI) + ((r * 7_919) % 13) / 6 + (r >= 500 && r < 520 ? 60 : 0);
    return `${new Date(Date.UTC(2026, 0, 1) + r * 300_000).toISOString()},${value.toFixed(3)}`;
  });
  return `timestamp,value\n${lines.join('\n')}\n`;
}

describe('train, models and detect', () => {
  it('work one after the other on a plain CSV, with no configuration', async () => {
    writeFileSync(at('cpu.csv'), wave());
    expect(await cerebro('train', at('cpu.csv'), '--trials', '1')).toMatch(/cpu 3: forest, production/);
    expect(await cerebro('models')).toMatch(/^name .*\ncpu +3 +production +forest +isolation-forest/);
    expect(await cerebro('models', 'show', 'cpu')).toMatch(/features host@1 \(39 columns\)[\s\S]*registered as forest/);
    const found = await cerebro('detect', at('cpu.csv'), '--out', at('scores.csv'));
    expect(found).toMatch(/cpu 3 \(isolation-forest\): \d+ abnormal/);
    expect(found).toContain('2026-01-02T17:4');
    expect(found).toMatch(/score \.?\d\S* {2}because of value\S* = \S+/);
    // the model was trained on what came before the surge, and on the first row
    expect(found).toMatch(/2026-01-01T00:00[^\n]*\n.*2026-01-02T17:4.* outside what the model was trained on/);
    expect(found).not.toMatch(/2026-01-01T00:00.*outside/);
    expect(readFileSync(at('scores.csv'), 'utf8').split('\n').length).toBe(702);
    await expect(cerebro('train', at('cpu.csv'), '--detector', 'oracle')).rejects.toThrow(/no detector oracle/);
    await cerebro('models', 'promote', 'cpu', '1');
    expect(await cerebro('models', 'rollback', 'cpu')).toBe('cpu 3 (forest) is now production.\n');
  }, 60_000);

  it('train on what a query of CloudWatch brings, kept in hour partitions, and detect in it', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDFAKE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    const step = 300_000;
    const end = Math.floor(Date.now() / step) * step;
    const values = Array.from({ length: 600 }, (_, r): [number, number[]] => [
      end - (600 - r) * step,
      [40 + 15 * Math.sin((r / 288) * 2 * Math.PI) + ((r * 7_919) % 13) / 6 + (r >= 500 && r < 520 ? 60 : 0)],
    ]);
    const dimensions = { ServiceName: 'checkout' };
    const server = await startFakeCloudWatch({
      metrics: [{ namespace: 'Shop', name: 'CPUUtilization', dimensions, values }],
      events: [],
      pointsAPage: 100,
    });
    writeFileSync(
      at('aws.json'),
      JSON.stringify({ sources: { cloudwatch: { region: 'eu-central-1', url: server.url } } }),
    );
    const query = 'cloudwatch:Shop?metric=CPU*';
    const told = ['--config', at('aws.json'), '--since', '2d', '--step', '5m'];
    expect(await cerebro('train', query, '--name', 'aws', '--trials', '1', ...told)).toMatch(
      /aws 3: forest, production/,
    );
    const hours = readdirSync(join(folder, 'data', 'telemetry', 'aws'), { recursive: true }).map(String);
    expect(hours.filter((path) => path.endsWith('.parquet')).length).toBeGreaterThan(46);
    expect(await cerebro('detect', query, '--model', 'aws', '--keep', ...told)).toMatch(
      /aws 3 \(isolation-forest\): \d+ abnormal/,
    );
    const online = new DatabaseSync(join(folder, 'data', 'features.db'));
    const kept = online.prepare('SELECT entity, at, length(value) AS bytes FROM features').all();
    expect(kept).toEqual([{ entity: 'checkout', at: end - step, bytes: 39 * 4 }]);
    online.close();
    vi.unstubAllEnvs();
    await server.close();
  }, 60_000);

  it('say what to do when something is missing', async () => {
    writeFileSync(at('other.csv'), 'timestamp,other\n1,2\n');
    await expect(cerebro('detect', at('other.csv'), '--model', 'moon')).rejects.toThrow(/moon/);
    await expect(cerebro('detect', at('other.csv'), '--threshold', '7')).rejects.toThrow(
      /no threshold between 0 and 1/,
    );
    writeFileSync(at('empty.csv'), '');
    await expect(cerebro('detect', at('empty.csv'))).rejects.toThrow(/empty.csv is empty/);
    await expect(cerebro('train', at('empty.csv'))).rejects.toThrow(/empty.csv is empty/);
    writeFileSync(at('times.csv'), 'timestamp,speed\nyesterday,1\ntoday,2\n');
    await expect(cerebro('detect', at('times.csv'))).rejects.toThrow(
      /none of 2 rows could be used[\s\S]*could not be read/,
    );
    await expect(cerebro('detect', 'up == 0')).rejects.toThrow(/name a Prometheus/);
    await expect(cerebro('train', at('absent.csv'))).rejects.toThrow(/no file or folder .*absent.csv/);
    await expect(cerebro('models', 'promote', 'cpu', '1', '--to', 'moon')).rejects.toThrow(/stages are none, staging/);
  }, 60_000);

  it('detect needs no model: it scores each column as a stream and says so', async () => {
    writeFileSync(at('plain.csv'), wave().replace('value', 'requests'));
    const found = await cerebro('detect', at('plain.csv'), '--out', at('plain-scores.csv'));
    expect(found).toMatch(/default ensemble \(no trained model takes these columns.*abnormal stretch/);
    expect(found).toMatch(/series requests {2}2026-01-02T17:4.* is usual {2}1 in .* because of distance from/);
    expect(readFileSync(at('plain-scores.csv'), 'utf8').split('\n')[1]).toMatch(
      /^2026-01-01T00:00:00.000Z,series,requests,0$/,
    );
    const json: { found: unknown[]; model: string } = JSON.parse(await cerebro('detect', at('plain.csv'), '--json'));
    expect(json).toMatchObject({ model: 'default ensemble', found: [{ column: 'requests', entity: 'series' }] });
  }, 60_000);
});
