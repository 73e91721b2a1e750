import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFakeClock } from '../../../infra/runtime/clock.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { tableOfSeries } from '../ingest/series-table.ts';
import { writePartitions } from '../ingest/write-partitions.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { createFakeParts } from './fake-trainers.ts';
import { fileSource } from './file-source.ts';
import { jobSpec } from './job-spec.ts';
import { renderKubernetesJob, renderSageMakerJob } from './render-job.ts';
import { importResult, runLocalJob, runTask, runTraining } from './run-job.ts';
import { trainModels } from './train-models.ts';

const scratch = (): string => mkdtempSync(join(tmpdir(), 'cerebro-job-'));
const parts = createFakeParts();
const spec = (tasks: number, more: object = {}) =>
  jobSpec.parse({
    job: 'nightly',
    image: 'cerebro:1',
    input: 's3://bucket/telemetry',
    output: 's3://bucket/out',
    tasks,
    options: {
      name: 'hosts',
      trials: 1,
      folds: 2,
      features: {
        name: 'small',
        version: 1,
        groups: [
          { kind: 'raw', of: '*' },
          { kind: 'lag', of: '*', steps: [1] },
        ],
      },
    },
    ...more,
  });

async function partitions(): Promise<string> {
  const random = createRandom(3);
  const at = Array.from({ length: 300 }, (_, r) => Date.UTC(2026, 0, 1) + r * 60_000);
  const hosts = ['a', 'b', 'c', 'd'];
  const table = tableOfSeries(
    'hosts',
    hosts.map((entity) => ({
      entity,
      name: 'cpu',
      at,
      values: at.map((_, r) => random.next() + (r % 50 === 49 ? 9 : 0)),
    })),
  );
  const labels = Array.from(table.at, (_, r) => (r % 50 === 49 ? (r < 600 ? 'disk' : 'net') : '0'));
  const folder = join(scratch(), 'input');
  await writePartitions({ ...table, labels }, folder, { by: 'day' });
  return folder;
}

describe('a distributed job', () => {
  it('gives the same model bytes in one task, in three, and in a plain run', async () => {
    const input = await partitions();
    const hashes = async (tasks: number): Promise<unknown> => {
      const output = scratch();
      await runLocalJob(spec(tasks), { input, output }, { parts });
      // The result is brought to another place, as from a bucket.
      const brought = scratch();
      cpSync(output, brought, { recursive: true });
      rmSync(output, { recursive: true });
      const registry = openRegistry(join(scratch(), 'models'), { clock: createFakeClock(0) });
      const { versions } = importResult(registry, brought);
      expect(importResult(registry, brought).versions.length).toBe(versions.length);
      return versions.map(({ role, files }) => [role, files['model.json'], files['bundle.json']]);
    };
    const registry = openRegistry(join(scratch(), 'models'), { clock: createFakeClock(0) });
    const plain = await trainModels({ folder: scratch(), parts, registry }, await fileSource(input), spec(1).options);
    const expected = plain.versions.map(({ role, files }) => [role, files['model.json'], files['bundle.json']]);
    expect(await hashes(1)).toEqual(expected);
    expect(await hashes(3)).toEqual(expected);
  });

  it('waits for its tasks, and says which are not done', async () => {
    const input = await partitions();
    const output = scratch();
    const place = { parts: join(output, 'parts'), output };
    await runTask(spec(2), 0, { input, parts: place.parts });
    await expect(runTraining(spec(2), place, { parts })).rejects.toThrow(/not done: .*1/);
    const clock = createFakeClock(0);
    await expect(runTraining(spec(2), place, { parts, clock })).rejects.toThrow(/not done/);
    expect(clock.now()).toBe(6 * 3_600_000);
    await runTask(spec(2), 1, { input, parts: place.parts });
    await runTraining(spec(2), place, { parts, clock });
    expect(readFileSync(join(output, 'result.json'), 'utf8')).toContain('"name":"hosts"');
  });

  it('is rendered for Kubernetes and for SageMaker', () => {
    const claims = spec(8, { input: 'telemetry', output: 'models' });
    const [map, features, train] = renderKubernetesJob(claims);
    expect(map).toMatchObject({ kind: 'ConfigMap', data: { 'spec.json': JSON.stringify(claims) } });
    expect(features).toMatchObject({ kind: 'Job', spec: { completionMode: 'Indexed', completions: 8 } });
    expect(JSON.stringify(features)).toContain('$JOB_COMPLETION_INDEX');
    expect(JSON.stringify(train)).toContain('train --wait');
    expect(() => renderKubernetesJob(spec(8))).toThrow(/persistent volume claims, not s3:/);
    expect(() => renderSageMakerJob(spec(8))).toThrow(/role/);
    const role = 'arn:aws:iam::123456789012:role/x';
    const { createProcessingJob, createTrainingJob } = renderSageMakerJob(spec(8, { role }));
    expect(createProcessingJob).toMatchObject({ ProcessingResources: { ClusterConfig: { InstanceCount: 8 } } });
    expect(createTrainingJob).toMatchObject({
      InputDataConfig: [{ DataSource: { S3DataSource: { S3Uri: 's3://bucket/out/parts' } } }],
    });
    for (const wrong of [{ job: 'nightly-' }, { role: 'x' }, { maxHours: 0 }])
      expect(() => spec(8, wrong)).toThrow(Object.keys(wrong)[0]);
  });

  it('reaches a container of SageMaker whole, however long it is', () => {
    const groups = Array.from({ length: 60 }, (_, i) => ({
      kind: 'lag',
      of: [`metric_${(i * 7_919) % 997}`],
      steps: [1, (i % 50) + 2],
    }));
    const long = spec(2, {
      role: 'arn:aws:iam::123456789012:role/x',
      options: { name: 'hosts', features: { name: 'long', version: 1, groups } },
    });
    const { createTrainingJob } = renderSageMakerJob(long);
    const job = z
      .object({
        Environment: z.record(z.string(), z.string().max(256)),
        AlgorithmSpecification: z.object({
          ContainerEntrypoint: z.tuple([z.literal('sh'), z.literal('-c'), z.string()]),
        }),
      })
      .parse(createTrainingJob);
    expect(Object.keys(job.Environment).length).toBeGreaterThan(3);
    const target = join(scratch(), 's.json');
    const [unpack = ''] = job.AlgorithmSpecification.ContainerEntrypoint[2].split(' && exec ');
    const env = { PATH: process.env['PATH'], OTHER: 'CEREBRO_SPEC_\nx=1', ...job.Environment };
    execFileSync('sh', ['-c', unpack.replace('/tmp/s.json', target)], { env });
    expect(JSON.parse(readFileSync(target, 'utf8'))).toEqual(JSON.parse(JSON.stringify(long)));
  });

  it('refuses data that is not in partitions by entity', async () => {
    const flat = scratch();
    writeFileSync(join(flat, 'all.csv'), 'timestamp,cpu\n1,2\n');
    await expect(runTask(spec(2), 0, { input: flat, parts: scratch() })).rejects.toThrow(/not in partitions by entity/);
  });
});
