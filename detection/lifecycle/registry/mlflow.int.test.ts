import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { createHttpClient } from '../../../infra/runtime/http.ts';
import { peerProgram, peerReason, type RunningPeer, startPeer } from '../../../infra/services/python-peers.ts';
import { createMlflowApi, type MlflowApi } from './mlflow-api.ts';
import { exportModel, importModel } from './move-models.ts';
import { type ModelRegistry, openRegistry } from './open-registry.ts';

const given = process.env['MLFLOW_URL'];
const program = peerProgram('mlflow', 'mlflow');
const folder = mkdtempSync(join(tmpdir(), 'cerebro-mlflow-'));
// A server that is given keeps what it has.
const name = `cpu.load_${process.pid}-${Date.now()}`;
let server: RunningPeer;
let mlflow: MlflowApi;

function filled(): ModelRegistry {
  const registry = openRegistry(mkdtempSync(join(folder, 'registry-')), { clock: systemClock });
  for (const seed of [1, 2])
    registry.add({
      name,
      method: 'isolation-forest',
      role: 'forest',
      lineage: {
        dataHash: 'd'.repeat(64),
        featureSet: 'host@1',
        featureNames: 3,
        codeVersion: 'c',
        seed,
        stages: {},
        holdoutHash: 'h',
      },
      metrics: { aucPr: 0.5 + seed / 10, dataQuality: 1 },
      options: { trees: 100, nested: { a: 1, text: 'ä'.repeat(600) }, empty: '' },
      files: {
        'model.json': Buffer.from(`{"seed":${seed}}`),
        'model.onnx': Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7_919 + seed) % 256),
      },
    });
  registry.promote(name, 1, 'production');
  registry.promote(name, 2, 'production');
  registry.setAlias(name, 'champion', 2);
  return registry;
}

const isThere = given !== undefined || program !== undefined;
describe.skipIf(!isThere)(`a real MLflow${isThere ? '' : peerReason('mlflow')}`, () => {
  beforeAll(async () => {
    const store = [
      '--backend-store-uri',
      `sqlite:///${folder}/mlflow.db`,
      '--artifacts-destination',
      join(folder, 'artifacts'),
    ];
    const options = { path: '/health', cwd: folder };
    server =
      given === undefined
        ? await startPeer(
            program!,
            (port) => [
              'server',
              '--host',
              '127.0.0.1',
              '--port',
              String(port),
              '--workers',
              '1',
              '--serve-artifacts',
              ...store,
            ],
            options,
          )
        : { url: given, stop: () => Promise.resolve() };
    const http = createHttpClient({ clock: systemClock }, { name: 'mlflow', baseUrl: server.url, timeoutMs: 60_000 });
    mlflow = createMlflowApi(http);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows versions with runs, metrics, parameters, files, stages and aliases, and follows their changes', async () => {
    const registry = filled();
    for (const version of [1, 2])
      expect(await exportModel({ registry, mlflow, clock: systemClock }, registry.get(name, version))).toEqual({
        version: String(version),
        sent: true,
      });
    const byNumber = async () => new Map((await mlflow.versions(name)).map((one) => [one.version, one]));
    const shown = await byNumber();
    expect([shown.get('1'), shown.get('2')]).toMatchObject([
      { current_stage: 'Archived', aliases: [] },
      { current_stage: 'Production', aliases: ['champion'], source: expect.stringMatching(/^mlflow-artifacts:\//) },
    ]);
    const { data, info } = await mlflow.run(shown.get('2')!.run_id);
    expect(data.metrics).toContainEqual(expect.objectContaining({ key: 'aucPr', value: 0.7 }));
    expect(data.params).toContainEqual({ key: 'trees', value: '100' });
    expect(data.params.find(({ key }) => key === 'nested')?.value).toMatch(/^\{"a":1,"text":"ä+$/);
    expect(info.status).toBe('FINISHED');

    registry.promote(name, 1, 'production', { force: true });
    registry.setAlias(name, 'champion', 1);
    for (const version of [2, 1])
      expect((await exportModel({ registry, mlflow, clock: systemClock }, registry.get(name, version))).sent).toBe(
        false,
      );
    const moved = await byNumber();
    expect([moved.get('1'), moved.get('2')]).toMatchObject([
      { current_stage: 'Production', aliases: ['champion'] },
      { current_stage: 'Archived', aliases: [] },
    ]);
    registry.close();
  });

  it('brings versions back, byte for byte, by newest, number and alias', async () => {
    const other = openRegistry(join(folder, 'other'), { clock: systemClock });
    const newest = await importModel({ registry: other, mlflow }, name);
    expect([newest.added, newest.version.stage, newest.version.metrics['aucPr']]).toEqual([true, 'none', 0.7]);
    const bytes = other.read(newest.version, 'model.onnx');
    expect([bytes.length, bytes[1]]).toEqual([3_000_000, (7_919 + 2) % 256]);
    const champion = await importModel({ registry: other, mlflow }, name, 'champion');
    expect([champion.added, champion.version.lineage.seed]).toEqual([true, 1]);
    expect((await importModel({ registry: other, mlflow }, name, '2')).added).toBe(false);
    await expect(importModel({ registry: other, mlflow }, name, '9')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(importModel({ registry: other, mlflow }, 'no such model')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    other.close();
  });

  it.skipIf(given !== undefined || program === undefined)("is read by MLflow's own client", () => {
    const script = `
import mlflow, os, sys
mlflow.set_tracking_uri(sys.argv[1])
name = sys.argv[2]
client = mlflow.MlflowClient()
version = client.get_model_version_by_alias(name, "champion")
folder = mlflow.artifacts.download_artifacts(f"models:/{name}@champion")
model = mlflow.models.Model.load(folder)
print(version.version, version.current_stage, sorted(os.listdir(folder))[:4], sorted(model.flavors), os.path.getsize(os.path.join(folder, "model.onnx")))
`;
    const env = { ...process.env, GIT_PYTHON_REFRESH: 'quiet', MLFLOW_DISABLE_TELEMETRY: 'true' };
    const said = execFileSync(peerProgram('mlflow')!, ['-c', script, server.url, name], { encoding: 'utf8', env });
    expect(said.trim().split('\n').at(-1)).toBe(
      "1 Production ['MLmodel', 'cerebro.json', 'model.json', 'model.onnx'] ['onnx', 'python_function'] 3000000",
    );
  });
});
