import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explainMetrics } from './metrics-command.ts';

const dir = mkdtempSync(join(tmpdir(), 'cerebro-metrics-'));
const told = (asked: string, json = false): string => {
  let out = '';
  explainMetrics(asked, { json }, (said) => {
    out += said;
  });
  return out;
};
const fileOf = (text: string): string => {
  const path = join(dir, 'metrics.txt');
  writeFileSync(path, text);
  return path;
};
const data = z.array(
  z
    .object({ metric: z.string(), understood: z.boolean(), type: z.string(), aspect: z.string(), by: z.string() })
    .loose(),
);

describe('metrics explain', () => {
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('says what a known metric is, against what, and by what it is known', () => {
    expect(told('pg_stat_activity_count')).toBe(
      'pg_stat_activity_count\n  used: connections; gauge in connections; of the instance (server, instance); its limit is pg_settings_max_connections; less is better\n  PostgreSQL; by a table\n',
    );
  });

  it('reads an exposition with its metadata, names one a line, and rules', () => {
    const [exposed] = data.parse(JSON.parse(told(fileOf('# TYPE acme_work counter\nacme_work{a="1"} 5\n'), true)));
    expect(exposed).toMatchObject({ metric: 'acme_work', type: 'counter', by: 'metadata' });
    expect(told(fileOf('node_load1\nacme_blob\n'))).toContain('1 of 2 metrics understood.');
    const [ruled] = data.parse(
      JSON.parse(told(fileOf('groups: [{rules: [{alert: A, expr: "rate(acme_work[5m]) > 1"}]}]'), true)),
    );
    expect(ruled).toMatchObject({ metric: 'acme_work', type: 'counter', aspect: 'flow', by: 'use' });
  });

  it('refuses a file without metrics', () => {
    expect(() => told(fileOf('!!\n'))).toThrow(/holds no metric/);
  });
});
