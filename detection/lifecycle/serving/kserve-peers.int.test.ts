import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { createHttpClient } from '../../../infra/runtime/http.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { freePort } from '../../../infra/runtime/free-port.ts';
import { peerProgram, peerReason, startPeer } from '../../../infra/services/python-peers.ts';
import { openOnlineFeatures } from '../features/online-features.ts';
import { matrixOf } from '../../models/matrix.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { createDefaultParts } from '../training/default-parts.ts';
import { fileSource } from '../training/file-source.ts';
import { trainModels } from '../training/train-models.ts';
import { trainingOptions } from '../training/training-options.ts';
import { onlineSetOf } from './infer.ts';
import { openInferencePool } from './inference-pool.ts';
import { createKserveClient } from './kserve-client.ts';
import { createKserveRoutes } from './kserve-routes.ts';
import { createModelServer } from './model-server.ts';

const scored = z.object({
  id: z.literal('r1'),
  version: z.string(),
  score: z.array(z.number()),
  abnormal: z.array(z.boolean()),
  types: z.tuple([z.literal('float32'), z.literal('bool')]),
});
const refused = z.tuple([z.string(), z.string()]);
const seen = z.object({
  live: z.literal(true),
  ready: z.literal(true),
  model_ready: z.literal(true),
  version_ready: z.literal(true),
  absent_ready: z.literal(false),
  server: z.object({ name: z.literal('cerebro'), extensions: z.array(z.string()) }),
  metadata: z.object({
    name: z.literal('m'),
    inputs: z.array(z.object({ name: z.string(), shape: z.array(z.number()) })),
  }),
  index: z.array(z.object({ name: z.string(), state: z.string() })),
  rows: z.array(z.array(z.number().nullable())),
  binary: scored,
  mixed: scored,
  json: scored,
  json_to_binary: scored,
  double: scored,
  gzip: scored,
  deflate: scored,
  entities: z.object({ score: z.array(z.number()), stale: z.array(z.boolean()) }),
  no_entity: refused,
  no_model: refused,
  wrong_width: refused,
  no_output: refused,
});

describe.skipIf(peerProgram('tritonclient') === undefined)(`our KServe v2 door${peerReason('tritonclient')}`, () => {
  it("is spoken by NVIDIA's client, in bytes and in JSON", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cerebro-triton-'));
    const random = createRandom(5);
    const lines = Array.from({ length: 600 }, (_, r) => {
      const fault = r % 90 >= 80;
      return `${1_700_000_000 + r * 60},${(50 + random.next() + (fault ? 50 : 0)).toFixed(3)},${fault ? 1 : 0}`;
    });
    writeFileSync(join(folder, 'm.csv'), `timestamp,value,label\n${lines.join('\n')}\n`);
    const registry = openRegistry(join(folder, 'models'), { clock: systemClock });
    const parts = createDefaultParts();
    const small = { trees: 20 };
    await trainModels(
      { folder: join(folder, 'work'), parts, registry },
      await fileSource(join(folder, 'm.csv')),
      trainingOptions.parse({ name: 'm', trials: 1, folds: 2, forest: small, champion: small }),
    );
    const pool = await openInferencePool({ threads: 1 });
    const server = createModelServer({ registry, pool, parts });
    const head = server.headOf(registry.get('m'));
    const width = head.features.length;
    const online = openOnlineFeatures(':memory:', { clock: systemClock });
    const kept = [1, 2].map((n) => Float32Array.from({ length: width }, (_, i) => n * 10 + i));
    await online.put(onlineSetOf(head), 'web-1', { at: Date.now(), values: kept[0]! });
    await online.put(onlineSetOf(head), 'web-2', { at: Date.now() - 600_000, values: kept[1]! });
    const app = fastify();
    await app.register(createKserveRoutes(server, { version: '1', online }));
    const { host } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));

    const { stdout } = await promisify(execFile)(peerProgram('tritonclient')!, [
      join(import.meta.dirname, 'speak-triton.py'),
      host,
      'm',
      String(width),
    ]);
    const saw = seen.parse(JSON.parse(stdout));
    const scoresOf = async (rows: (number | null)[][]) =>
      [...(await server.score('m', matrixOf(rows.map((row) => row.map((value) => value ?? NaN))))).scores].map(
        Math.fround,
      );
    const expected = await scoresOf(saw.rows);
    for (const way of [saw.binary, saw.mixed, saw.double, saw.gzip, saw.deflate])
      expect([way.score.map(Math.fround), way.version]).toEqual([expected, String(registry.get('m').version)]);
    const filled = await scoresOf(saw.rows.map((row) => row.map((value) => value ?? 7)));
    expect([saw.json.score.map(Math.fround), saw.json_to_binary.score.map(Math.fround)]).toEqual([filled, filled]);
    expect(saw.binary.abnormal).toEqual(saw.mixed.abnormal);
    expect(saw.server.extensions).toContain('binary_tensor_data');
    expect([saw.metadata.inputs[0]!.shape, saw.index]).toMatchObject([[-1, width], [{ name: 'm', state: 'READY' }]]);
    expect(saw.entities).toEqual({ score: await scoresOf(kept.map((row) => [...row])), stale: [false, true] });
    expect(saw.no_entity).toEqual(['404', expect.stringMatching(/no features of absent/)]);
    expect(saw.no_model).toEqual(['404', expect.stringMatching(/no model absent/)]);
    expect(saw.wrong_width).toEqual(['400', expect.stringMatching(/features, not 1/)]);
    expect(saw.no_output).toEqual(['400', expect.stringMatching(/no output absent/)]);
    await app.close();
    await pool.close();
    await online.close();
    registry.close();
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(peerProgram('mlserver') === undefined)(`our KServe v2 client${peerReason('mlserver')}`, () => {
  it('speaks with MLServer', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cerebro-mlserver-'));
    cpSync(join(import.meta.dirname, 'mlserver'), folder, { recursive: true });
    const [grpc, metrics] = [await freePort(), await freePort()];
    const server = await startPeer(peerProgram('mlserver', 'mlserver')!, () => ['start', folder], {
      path: '/v2/health/ready',
      env: {
        MLSERVER_HOST: '127.0.0.1',
        MLSERVER_GRPC_PORT: String(grpc),
        MLSERVER_METRICS_PORT: String(metrics),
        MLSERVER_PARALLEL_WORKERS: '0',
      },
      portVariable: 'MLSERVER_HTTP_PORT',
      cwd: folder,
    });
    const client = (name: string) =>
      createKserveClient(createHttpClient({ clock: systemClock }, { name: 'mlserver', baseUrl: server.url }), { name });
    const model = client('row-sums');
    expect([await model.isReady(), await client('absent').isReady()]).toEqual([true, false]);
    expect(await model.metadata()).toMatchObject({ inputs: [{ name: 'features', shape: [-1, 3] }] });
    const rows = matrixOf([
      [1, 2, 3],
      [4, NaN, 6],
    ]);
    expect(await model.infer(rows)).toMatchObject({ values: Float64Array.of(6, 10) });
    expect(await model.infer(rows, { output: 'missing' })).toMatchObject({ values: Float64Array.of(0, 1) });
    await expect(model.infer(rows, { output: 'absent' })).rejects.toThrow(/without the output absent/);
    await expect(client('absent').infer(rows)).rejects.toMatchObject({ code: 'BACKEND_REJECTED' });
    await server.stop();
    rmSync(folder, { recursive: true });
  });
});
