import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFakeClock, systemClock } from '../../../infra/runtime/clock.ts';
import { createHttpClient } from '../../../infra/runtime/http.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Matrix } from '../../models/matrix.ts';
import { openOnlineFeatures } from '../features/online-features.ts';
import type { ModelVersion } from '../registry/model-version.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { createDefaultParts } from '../training/default-parts.ts';
import { fileSource } from '../training/file-source.ts';
import { openScorer } from '../training/model-bundle.ts';
import { filledRows, readAll, storedRowsOf } from '../../models/stored-rows.ts';
import { trainModels } from '../training/train-models.ts';
import { trainingOptions } from '../training/training-options.ts';
import { joinMessage, readTensors, splitMessage, tensorBytes } from './binary-tensors.ts';
import { infer, onlineSetOf } from './infer.ts';
import { type InferencePool, openInferencePool } from './inference-pool.ts';
import { createKserveClient } from './kserve-client.ts';
import { createKserveRoutes } from './kserve-routes.ts';
import { createModelServer, type ModelServer } from './model-server.ts';

const clock = createFakeClock('2026-01-01T00:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'cerebro-serving-'));
const registry = openRegistry(join(folder, 'models'), { clock });
const parts = createDefaultParts();
let pool: InferencePool;
let server: ModelServer;
let app: FastifyInstance;

beforeAll(async () => {
  const random = createRandom(5);
  const lines = Array.from({ length: 900 }, (_, r) => {
    const fault = r % 90 >= 80;
    return `${1_700_000_000 + r * 60},${(50 + 10 * Math.sin(r / 20) + random.next() + (fault ? 50 : 0)).toFixed(3)},${fault ? 1 : 0}`;
  });
  writeFileSync(join(folder, 'm.csv'), `timestamp,value,label\n${lines.join('\n')}\n`);
  const small = { trees: 20 };
  await trainModels(
    { folder: join(folder, 'work'), parts, registry },
    await fileSource(join(folder, 'm.csv')),
    trainingOptions.parse({ name: 'm', trials: 1, folds: 2, forest: small, champion: small }),
  );
  pool = await openInferencePool({ threads: 2 });
  server = createModelServer({ registry, pool, parts }, { weights: { champion: 3, challenger: 1 } });
  app = fastify();
  await app.register(createKserveRoutes(server, { version: '1' }));
}, 30_000);
afterAll(async () => {
  await app.close();
  await pool.close();
});

function rowsOf(rows: number, columns: number): Matrix {
  const random = createRandom(9);
  return { rows, columns, values: Float32Array.from({ length: rows * columns }, () => random.next() * 100 - 20) };
}
const featuresOf = (): number => server.headOf(registry.get('m')).features.length;
/** Samples as the training data had them while nothing was wrong. */
const quietFrame = ({ columns }: { columns: readonly string[] }) => ({
  entity: 'quiet',
  times: Float64Array.from({ length: 70 }, (_, r) => (1_700_000_000 + r * 60) * 1_000),
  names: columns,
  columns: columns.map(() => Float64Array.from({ length: 70 }, (_, r) => 50.5 + 10 * Math.sin(r / 20))),
});
const post = async (path: string, body: object, headers = {}) => {
  const reply = await app.inject({ method: 'POST', url: `/v2/models/${path}/infer`, payload: body, headers });
  return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
};
const input = (rows: Matrix) => ({
  name: 'features',
  datatype: 'FP32',
  shape: [rows.rows, rows.columns],
  data: [...rows.values],
});

describe('inference pool', () => {
  it('scores as the native scorer does, in any mix of sizes at once', async () => {
    for (const version of registry.list('m')) {
      const scorer = openScorer((file) => registry.read(version, file), parts);
      const all = await Promise.all(
        [1, 700, 3, 1, 64, 1].map(async (size) => {
          const rows = rowsOf(size, scorer.head.features.length);
          const { scores } = await server.score('m', rows, { reference: String(version.version) });
          const native = scorer.score(rows);
          return native.reduce((most, score, r) => Math.max(most, Math.abs(score - scores[r]!)), 0);
        }),
      );
      expect([version.role, Math.max(...all) <= 1e-6]).toEqual([version.role, true]);
    }
  });

  it('serves a detector that a few labels corrected from its ONNX file as well', async () => {
    const random = createRandom(6);
    const lines = Array.from({ length: 900 }, (_, r) => {
      const fault = r % 90 >= 80;
      const value = 50 + 10 * Math.sin(r / 20) + random.next() + (fault ? 50 : 0);
      return `${1_700_000_000 + r * 60},${value.toFixed(3)},${r % 6 === 0 ? (fault ? 1 : 0) : ''}`;
    });
    writeFileSync(join(folder, 'few.csv'), `timestamp,value,label\n${lines.join('\n')}\n`);
    const small = { trees: 20 };
    await trainModels(
      { folder: join(folder, 'few'), parts, registry },
      await fileSource(join(folder, 'few.csv')),
      trainingOptions.parse({ name: 'few', trials: 1, folds: 2, forest: small, champion: small }),
    );
    const version = registry.list('few').find(({ role }) => role === 'corrected')!;
    const scorer = openScorer((file) => registry.read(version, file), parts);
    expect([Object.keys(version.files).includes('model.onnx'), scorer.head.onnx]).toEqual([
      true,
      { input: 'rows', output: 'scores' },
    ]);
    const rows = rowsOf(300, scorer.head.features.length);
    rows.values.fill(Number.NaN, 0, 7);
    rows.values.fill(1e30, 20, 25);
    const { scores } = await server.score('few', rows, { reference: String(version.version) });
    const filled = readAll(filledRows(storedRowsOf(rows), scorer.head.fills!));
    for (const [row, score] of scorer.score(filled).entries())
      expect(Math.abs(score - scores[row]!)).toBeLessThan(1e-6);
  }, 30_000);

  it('says what is wrong with rows that a model cannot take, and goes on', async () => {
    await server.makeReady(registry.get('m'));
    const key = `m/${registry.get('m').version}`;
    await expect(pool.run(key, new Float32Array(3), 3)).rejects.toThrow(/cannot take these rows/);
    await expect(pool.run('other/1', new Float32Array(3), 3)).rejects.toThrow(/no model other/);
    const width = featuresOf();
    expect((await pool.run(key, new Float32Array(width), width)).length).toBeGreaterThan(0);
  });
});

const numbersOf = (values: ArrayLike<unknown> | undefined): number[] => Array.from(values ?? [], Number);

describe('KServe v2 routes', () => {
  it('answers health, metadata and readiness', async () => {
    const get = async (url: string) => (await app.inject({ url })).json<Record<string, unknown>>();
    expect(await get('/v2/health/live')).toEqual({ live: true });
    expect(await get('/v2/health/ready')).toEqual({ ready: true });
    expect(await get('/v2')).toMatchObject({ name: 'cerebro', version: '1' });
    expect(await get('/v2/models/m')).toMatchObject({
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'features', shape: [-1, featuresOf()] }],
    });
    expect(await get('/v2/models/m/versions/1/ready')).toEqual({ name: 'm', ready: true });
    expect((await app.inject({ url: '/v2/models/none/ready' })).statusCode).toBe(404);
  });

  it('infers, flat or nested, with missing values, and gives the outputs that are asked for', async () => {
    const rows = rowsOf(3, featuresOf());
    const flat = await post('m', { id: '7', inputs: [input(rows)] });
    expect(flat).toMatchObject({
      status: 200,
      body: {
        model_name: 'm',
        id: '7',
        outputs: [
          { name: 'score', shape: [3] },
          { name: 'abnormal', datatype: 'BOOL' },
        ],
      },
    });
    const nested = Array.from({ length: 3 }, (_, r) => [
      ...rows.values.subarray(r * rows.columns, (r + 1) * rows.columns),
    ]);
    const again = await post('m', { id: '7', inputs: [{ ...input(rows), data: nested }] });
    expect(again.body).toEqual(flat.body);
    const holes = { ...input(rows), data: [...rows.values].map((value, i) => (i % 7 === 0 ? null : value)) };
    expect(await post('m', { inputs: [holes], outputs: [{ name: 'score' }] })).toMatchObject({
      status: 200,
      body: { outputs: [{ name: 'score' }] },
    });
  });

  it('says of every kind of model which rows lie outside its training, where that is asked for', async () => {
    const rows = rowsOf(2, featuresOf());
    rows.values.fill(1e9, rows.columns);
    const scorer = openScorer((file) => registry.read(registry.get('m'), file), parts);
    rows.values.set(readAll(scorer.prepare(quietFrame(scorer.head))).values.subarray(-rows.columns));
    const roles = registry.list('m').map(({ role }) => role);
    expect(roles).toEqual(expect.arrayContaining(['forest', 'champion', 'challenger']));
    for (const { version } of registry.list('m')) {
      const reply = await post(`m/versions/${version}`, {
        inputs: [input(rows)],
        outputs: [{ name: 'out_of_distribution' }],
      });
      expect(reply.body['outputs']).toEqual([
        { name: 'out_of_distribution', datatype: 'BOOL', shape: [2], data: [false, true] },
      ]);
    }
  });

  it('refuses what does not fit, in the form of the protocol', async () => {
    const rows = rowsOf(2, featuresOf());
    for (const [path, body, status, message] of [
      ['m', { inputs: [] }, 400, /does not fit at inputs/],
      ['m', { inputs: [{ ...input(rows), shape: [2, 3] }] }, 400, /needs 6/],
      ['m', { inputs: [{ ...input(rows), data: input(rows).data.map(String) }] }, 400, /no number/],
      ['m', { inputs: [input(rowsOf(1, 2))] }, 400, /features, not 2/],
      ['m', { inputs: [input(rows)], outputs: [{ name: 'x' }] }, 400, /no output x/],
      ['none', { inputs: [input(rows)] }, 404, /no model none/],
      ['m/versions/99', { inputs: [input(rows)] }, 404, /no version 99/],
    ] as const) {
      const reply = await post(path, body);
      expect([path, reply.status]).toEqual([path, status]);
      expect(reply.body['error']).toMatch(message);
    }
  });

  it('takes and gives tensors as bytes, and refuses bytes that do not add up', async () => {
    const rows = rowsOf(3, featuresOf());
    const json = await post('m', { inputs: [input(rows)] });
    const bytes = tensorBytes('FP32', rows.values);
    const send = async (head: object, tail: Uint8Array, headers: object = {}) => {
      const { body, jsonLength } = joinMessage(head, [tail]);
      return app.inject({
        method: 'POST',
        url: '/v2/models/m/infer',
        payload: body,
        headers: { 'inference-header-content-length': String(jsonLength), ...headers },
      });
    };
    const tensor = { ...input(rows), data: undefined, parameters: { binary_data_size: bytes.length } };
    const reply = await send({ inputs: [tensor], parameters: { binary_data_output: true } }, bytes);
    const { json: head, bytes: tail } = splitMessage(
      reply.rawPayload,
      String(reply.headers['inference-header-content-length']),
    );
    const outputs = z
      .object({
        outputs: z.array(
          z.object({ name: z.string(), datatype: z.string(), parameters: z.record(z.string(), z.unknown()) }),
        ),
      })
      .parse(head).outputs;
    const [score, abnormal] = readTensors(outputs, tail);
    expect(json.body['outputs']).toMatchObject([
      { data: numbersOf(score) },
      { data: numbersOf(abnormal).map((flag) => flag === 1) },
    ]);
    for (const [head2, tail2, headers, message] of [
      [{ inputs: [tensor] }, bytes.subarray(4), {}, /bytes follow; there are/],
      [{ inputs: [tensor] }, Buffer.concat([bytes, bytes]), {}, /belong to none/],
      [{ inputs: [{ ...tensor, datatype: 'FP16' }] }, bytes, {}, /datatype FP16/],
      [{ inputs: [{ ...tensor, data: undefined, parameters: {} }] }, new Uint8Array(), {}, /no data/],
      [{ inputs: [tensor] }, bytes, { 'inference-header-content-length': '99999999' }, /the body has/],
      [{ inputs: [tensor] }, bytes, { 'inference-header-content-length': '7' }, /not JSON/],
      [{ inputs: [tensor] }, bytes, { 'content-encoding': 'br' }, /coded as br/],
    ] as const) {
      const refused = await send(head2, tail2, headers);
      expect([refused.statusCode, refused.json<{ error: string }>().error]).toEqual([
        400,
        expect.stringMatching(message),
      ]);
    }
    const broken = await send({ inputs: [tensor] }, bytes, { 'content-encoding': 'gzip' });
    expect(broken.statusCode).toBe(400);
  });

  it('routes by key between champion and challenger, always alike', async () => {
    const body = { inputs: [input(rowsOf(1, featuresOf()))] };
    const versions = await Promise.all(
      Array.from(
        { length: 60 },
        async (_, i) => (await post('m', body, { 'x-routing-key': `k${i % 30}` })).body['model_version'],
      ),
    );
    expect(new Set(versions).size).toBe(2);
    expect(versions.slice(0, 30)).toEqual(versions.slice(30));
  });

  it('is spoken by our own client, over HTTP', async () => {
    const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 });
    const client = createKserveClient(createHttpClient({ clock: systemClock }, { name: 'kserve', baseUrl }), {
      name: 'm',
    });
    const rows = rowsOf(4, featuresOf());
    expect(await client.isReady()).toBe(true);
    const { values, shape, version } = await client.infer(rows, { output: 'score' });
    const { scores } = await server.score('m', rows);
    expect([shape, version, values]).toEqual([[4], String(registry.get('m').version), scores]);
    const absent = createKserveClient(createHttpClient({ clock: systemClock }, { name: 'kserve', baseUrl }), {
      name: 'absent',
    });
    expect(await absent.isReady()).toBe(false);
  });

  it('is spoken by our own client where only the paths of the models are let through', async () => {
    const bare = fastify();
    bare.addHook('onRequest', async (request, reply) =>
      request.url === '/v2' ? reply.code(404).send({ error: 'not here' }) : undefined,
    );
    await bare.register(createKserveRoutes(server, { version: '1' }));
    const baseUrl = await bare.listen({ host: '127.0.0.1', port: 0 });
    const http = createHttpClient({ clock: systemClock }, { name: 'kserve', baseUrl });
    const rows = rowsOf(2, featuresOf());
    const { values } = await createKserveClient(http, { name: 'm' }).infer(rows);
    expect(values).toEqual((await server.score('m', rows)).scores);
    await bare.close();
  });
});

describe('features kept online', () => {
  it('are those of the version that a routing key chooses, and that version scores them', async () => {
    const random = createRandom(7);
    const lines = Array.from({ length: 900 }, (_, r) => {
      const fault = r % 90 >= 80;
      const [value, other] = [50 + random.next() + (fault ? 50 : 0), 5 + random.next()];
      return `${1_700_000_000 + r * 60},${value.toFixed(3)},${other.toFixed(3)},${fault ? 1 : 0}`;
    });
    writeFileSync(join(folder, 'wide.csv'), `timestamp,value,other,label\n${lines.join('\n')}\n`);
    const small = { trees: 20 };
    await trainModels(
      { folder: join(folder, 'wide'), parts, registry },
      await fileSource(join(folder, 'wide.csv')),
      trainingOptions.parse({ name: 'wide', trials: 1, folds: 2, forest: small, champion: small }),
    );
    const add = (from: ModelVersion): ModelVersion => {
      const files = Object.keys(from.files).map((file) => [file, registry.read(from, file)] as const);
      return registry.add({ ...from, name: 'both', files: Object.fromEntries(files) });
    };
    const variants = {
      champion: add(registry.get('m', 'champion')),
      challenger: add(registry.get('wide', 'champion')),
    };
    const online = openOnlineFeatures(':memory:', { clock });
    const widths = new Set<number>();
    for (const [alias, version] of Object.entries(variants)) {
      registry.setAlias('both', alias, version.version);
      const head = server.headOf(version);
      const row = rowsOf(1, head.features.length);
      widths.add(row.columns);
      await online.put(onlineSetOf(head), 'web-1', { at: clock.now(), values: Float32Array.from(row.values) });
    }
    expect(widths.size).toBe(2);
    const ask = (data: string[], routingKey: string) => {
      const inputs = [{ name: 'entity', datatype: 'BYTES', shape: [data.length], data }];
      return infer({ server, online }, { model: 'both', body: { inputs }, routingKey });
    };
    const keys = Array.from({ length: 30 }, (_, i) => `k${i}`);
    for (const { version } of Object.values(variants)) {
      const key = keys.find((one) => server.describe('both', undefined, one).version === version)!;
      const own = rowsOf(1, server.headOf(registry.get('both', version)).features.length);
      const { scores } = await server.score('both', own, { reference: String(version) });
      expect((await ask(['web-1'], key)).body).toMatchObject({
        model_version: String(version),
        outputs: [{ name: 'score', data: [...scores] }, { name: 'abnormal' }, { name: 'stale', data: [false] }],
      });
      await expect(ask(['web-1', 'absent-1', 'absent-2'], key)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('features of absent-1') as unknown,
      });
    }
    await online.close();
  }, 30_000);
});
