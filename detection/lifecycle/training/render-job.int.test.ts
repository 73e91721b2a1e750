import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { peerProgram, peerReason } from '../../../infra/services/python-peers.ts';
import { jobSpec } from './job-spec.ts';
import { renderKubernetesJob, renderSageMakerJob } from './render-job.ts';

const spec = (more: object) =>
  jobSpec.parse({
    job: 'nightly',
    image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/cerebro:1',
    tasks: 8,
    options: { name: 'hosts', champion: { trees: 200, depth: 6, learningRate: 0.05 } },
    ...more,
  });

describe.skipIf(peerProgram('moto') === undefined)(`SageMaker requests${peerReason('moto')}`, () => {
  const check = (requests: object): unknown =>
    JSON.parse(
      execFileSync(peerProgram('moto')!, [join(import.meta.dirname, 'check-requests.py')], {
        input: JSON.stringify(requests),
        encoding: 'utf8',
      }),
    );

  it("fit AWS's own description, at the longest names and times too", () => {
    for (const more of [{}, { job: 'n'.repeat(51), maxHours: 216, tasks: 100 }]) {
      const role = 'arn:aws:iam::123456789012:role/service-role/cerebro';
      const rendered = renderSageMakerJob(spec({ input: 's3://b/telemetry', output: 's3://b/out', role, ...more }));
      const { createProcessingJob: CreateProcessingJob, createTrainingJob: CreateTrainingJob } = rendered;
      expect(check({ CreateProcessingJob, CreateTrainingJob })).toEqual([]);
      const wrong = {
        ...CreateProcessingJob,
        Environment: { A: 'x'.repeat(257) },
        RoleArn: 'arn:aws:iam::123:role/cerebro',
      };
      expect(check({ CreateProcessingJob: wrong })).toHaveLength(2);
    }
  });
});

describe.skipIf(peerProgram('kubernetes') === undefined)(`Kubernetes objects${peerReason('kubernetes')}`, () => {
  const check = (objects: readonly object[]): { status: number | null; said: string } => {
    const path = join(mkdtempSync(join(tmpdir(), 'cerebro-k8s-')), 'job.yaml');
    writeFileSync(path, objects.map((one) => JSON.stringify(one)).join('\n---\n'));
    const { status, stdout, stderr } = spawnSync(
      peerProgram('kubernetes', 'kubernetes-validate')!,
      ['--strict', path],
      {
        encoding: 'utf8',
      },
    );
    return { status, said: stdout + stderr };
  };

  it("fit the API's own schemas, with no field that it does not know", () => {
    const objects = renderKubernetesJob(spec({ input: 'telemetry', output: 'models' }));
    const { status, said } = check(objects);
    expect([status, said.match(/passed/g)?.length]).toEqual([0, 3]);
    const wrong = objects.map((one) => ({ ...one, extra: 1 }));
    expect(check(wrong)).toMatchObject({ status: 1, said: expect.stringMatching(/'extra' was unexpected/) });
  });
});
