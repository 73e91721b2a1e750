import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../../infra/runtime/clock.ts';
import { createHttpClient } from '../../../infra/runtime/http.ts';
import { type FakeMlflow, startFakeMlflow } from './fake-mlflow.ts';
import { createMlflowApi, type MlflowApi } from './mlflow-api.ts';
import { exportModel, importModel } from './move-models.ts';
import { type ModelRegistry, openRegistry } from './open-registry.ts';

const clock = createFakeClock('2026-01-01T00:00:00Z');
let server: FakeMlflow;
let mlflow: MlflowApi;
const fresh = (): ModelRegistry => openRegistry(mkdtempSync(join(tmpdir(), 'cerebro-mlflow-')), { clock });
beforeEach(async () => {
  server = await startFakeMlflow();
  const http = createHttpClient({ clock: systemClock }, { name: 'mlflow', baseUrl: server.url, ratePerSecond: 1_000 });
  mlflow = createMlflowApi(http);
});
afterEach(() => server.close());

function filled(): ModelRegistry {
  const registry = fresh();
  for (const seed of [1, 2])
    registry.add({
      name: 'cpu',
      method: 'isolation-forest',
      role: 'forest',
      lineage: {
        dataHash: 'd',
        featureSet: 'host@1',
        featureNames: 3,
        codeVersion: 'c',
        seed,
        stages: {},
        holdoutHash: 'h',
      },
      metrics: { aucPr: 0.5 + seed / 10 },
      options: { trees: 100, nested: { a: 1 } },
      files: { 'model.json': Buffer.from(`{"seed":${seed}}`), 'model.onnx': Uint8Array.from([0, 255, 128, seed]) },
    });
  registry.promote('cpu', 2, 'production');
  registry.setAlias('cpu', 'champion', 2);
  return registry;
}

describe('MLflow', () => {
  it('shows a version with its run, metrics, parameters, files, stage and alias', async () => {
    const registry = filled();
    await exportModel({ registry, mlflow, clock }, registry.get('cpu', 1));
    expect(await exportModel({ registry, mlflow, clock }, registry.get('cpu', 2))).toEqual({
      version: '2',
      sent: true,
    });
    const [, second] = await mlflow.versions('cpu');
    expect(second).toMatchObject({
      current_stage: 'Production',
      aliases: ['champion'],
      source: 'mlflow-artifacts:/1/run2/artifacts/model',
    });
    const { data, info } = await mlflow.run(second!.run_id);
    expect(data.metrics).toContainEqual(expect.objectContaining({ key: 'aucPr', value: 0.7 }));
    expect(data.params).toContainEqual({ key: 'nested', value: '{"a":1}' });
    expect(info).toMatchObject({ status: 'FINISHED' });
    expect(server.artifacts.get('1/run2/artifacts/model/model.onnx')).toEqual(Buffer.from([0, 255, 128, 2]));
    expect(server.artifacts.get('1/run2/artifacts/model/MLmodel')?.toString()).toContain('loader_module: mlflow.onnx');
  });

  it('sends nothing twice, but follows a change of stage', async () => {
    const registry = filled();
    await exportModel({ registry, mlflow, clock }, registry.get('cpu', 1));
    registry.promote('cpu', 1, 'archived');
    expect(await exportModel({ registry, mlflow, clock }, registry.get('cpu', 1))).toEqual({
      version: '1',
      sent: false,
    });
    expect((await mlflow.versions('cpu'))[0]?.current_stage).toBe('Archived');
  });

  it('brings a version back, byte for byte, into another registry', async () => {
    const registry = filled();
    for (const version of [1, 2]) await exportModel({ registry, mlflow, clock }, registry.get('cpu', version));
    const other = fresh();
    const { version, added } = await importModel({ registry: other, mlflow }, 'cpu');
    expect([version.stage, added, version.metrics['aucPr']]).toEqual(['none', true, 0.7]);
    expect(Buffer.from(other.read(version, 'model.onnx'))).toEqual(Buffer.from([0, 255, 128, 2]));
    expect((await importModel({ registry: other, mlflow }, 'cpu', 'champion')).added).toBe(false);
  });

  it('takes in no damaged file and says what MLflow has', async () => {
    const registry = filled();
    await exportModel({ registry, mlflow, clock }, registry.get('cpu', 1));
    server.artifacts.set('1/run1/artifacts/model/model.onnx', Buffer.from('x'));
    await expect(importModel({ registry: fresh(), mlflow }, 'cpu')).rejects.toThrow(/checksum differs/);
    server.artifacts.delete('1/run1/artifacts/model/cerebro.json');
    await expect(importModel({ registry: fresh(), mlflow }, 'cpu')).rejects.toThrow(/not exported by Cerebro/);
    await expect(importModel({ registry: fresh(), mlflow }, 'cpu', '9')).rejects.toThrow(/no cpu 9; it has 1/);
    await expect(importModel({ registry: fresh(), mlflow }, 'disk')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
