import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { createDefaultParts } from '../training/default-parts.ts';
import { type BundleHead, bundleFiles, openScorer } from '../training/model-bundle.ts';
import { openInferencePool } from './inference-pool.ts';
import { createKserveRoutes } from './kserve-routes.ts';
import { createModelServer } from './model-server.ts';

const columns = 300;

/**
 * 100 trees of depth 6 over 300 features. Bars: through the KServe v2 door p50 at most 1 ms and p99 at most 5 ms; 1,000 rows on two threads at least
 * 300,000 rows a second. The door's figures hold the client too, which is in the same process. `npx --no vitest bench --run --config vitest.bench.config.ts detection/lifecycle/serving`.
 */
test('serving a boosted model', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cerebro-serving-bench-'));
  const random = createRandom(1);
  const matrix = (rows: number) => ({
    rows,
    columns,
    values: Float32Array.from({ length: rows * columns }, () => random.next()),
  });
  const rows = matrix(3_000);
  const labels = Int32Array.from({ length: 3_000 }, (_, r) =>
    rows.values[r * columns]! + rows.values[r * columns + 1]! * random.next() > 0.9 ? 1 : 0,
  );
  const parts = createDefaultParts();
  const model = parts.champion.fit({ rows, labels, classes: ['normal', 'abnormal'] }, {}, createRandom(1));
  const names = Array.from({ length: columns }, (_, c) => `c${c}`);
  const onnx = model.toOnnx!();
  const head: BundleHead = {
    format: 1,
    method: parts.champion.method,
    kind: 'classifier',
    columns: names,
    featureSet: { name: 'raw', version: 1, groups: [{ kind: 'raw', of: '*' }] },
    features: names,
    fills: null,
    classes: ['normal', 'abnormal'],
    threshold: 0.5,
    stepMs: 60_000,
    reference: {},
    onnx: { input: onnx.input, output: onnx.output },
  };
  const registry = openRegistry(folder, { clock: systemClock });
  const lineage = {
    dataHash: '',
    featureSet: 'raw@1',
    featureNames: columns,
    codeVersion: '',
    seed: 1,
    stages: {},
    holdoutHash: '',
  };
  registry.add({
    name: 'm',
    method: head.method,
    role: 'champion',
    lineage,
    metrics: {},
    options: {},
    files: bundleFiles(head, model, onnx),
  });
  const pool = await openInferencePool({ threads: 2 });
  const server = createModelServer({ registry, pool, parts });
  const app = fastify();
  await app.register(createKserveRoutes(server, { version: '1' }));
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const said: string[] = [];

  const body = JSON.stringify({
    inputs: [{ name: 'features', datatype: 'FP32', shape: [1, columns], data: [...matrix(1).values] }],
  });
  const agent = new Agent({ keepAlive: true });
  const post = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const sent = request(
        {
          agent,
          host: url.hostname,
          port: url.port,
          path: '/v2/models/m/infer',
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': body.length },
        },
        (reply) => {
          reply.resume();
          reply.on('end', () => resolve(performance.now() - started));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  for (let i = 0; i < 300; i += 1) await post();
  const times = [];
  for (let i = 0; i < 3_000; i += 1) times.push(await post());
  said.push(`KServe v2 door, batch 1: ${percentiles(times)}`);

  const direct = [];
  for (let i = 0; i < 3_000; i += 1) {
    const one = matrix(1);
    const started = performance.now();
    await server.score('m', one);
    direct.push(performance.now() - started);
  }
  said.push(`worker pool, batch 1: ${percentiles(direct)}`);

  const scorer = openScorer((file) => registry.read(registry.get('m'), file), parts);
  const native = [];
  for (let i = 0; i < 3_000; i += 1) {
    const one = matrix(1);
    const started = performance.now();
    scorer.score(one);
    native.push(performance.now() - started);
  }
  said.push(`calling thread, native, batch 1: ${percentiles(native)}`);

  const thousand = matrix(1_000);
  const key = 'm/1';
  for (const flight of [1, 4]) {
    const count = 200;
    const cpu = process.cpuUsage();
    const started = performance.now();
    let sent = 0;
    await Promise.all(
      Array.from({ length: flight }, async () => {
        while (sent < count) {
          sent += 1;
          await pool.run(key, thousand.values.slice(), columns);
        }
      }),
    );
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    said.push(
      `worker pool, batch 1,000, 2 threads, ${flight} in flight: ${Math.round((count * 1_000) / seconds)} rows/s of wall, ${Math.round((count * 1_000) / ((user + system) / 1e6))} rows/s of CPU`,
    );
  }
  const started = performance.now();
  for (let i = 0; i < 50; i += 1) scorer.score(thousand);
  said.push(
    `calling thread, native, batch 1,000: ${Math.round(50_000 / ((performance.now() - started) / 1_000))} rows/s`,
  );
  process.stdout.write(
    `${said.join('\n')}\nload average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}\n`,
  );
  agent.destroy();
  await app.close();
  await pool.close();
  registry.close();
  rmSync(folder, { recursive: true });
  expect(times.length).toBe(3_000);
});

function percentiles(times: number[]): string {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number): string => sorted[Math.floor(share * sorted.length)]!.toFixed(3);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
