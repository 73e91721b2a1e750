import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { writePartitions } from '../detection/lifecycle/ingest/write-partitions.ts';
import { openRegistry } from '../detection/lifecycle/registry/open-registry.ts';
import { createDefaultParts } from '../detection/lifecycle/training/default-parts.ts';
import { type JobSpec, jobSpec } from '../detection/lifecycle/training/job-spec.ts';
import { renderKubernetesJob, renderSageMakerJob } from '../detection/lifecycle/training/render-job.ts';
import { importResult, runLocalJob, runTask, runTraining } from '../detection/lifecycle/training/run-job.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { readTarget, type TargetOptions } from './read-target.ts';

export interface JobPlaces {
  input?: string;
  parts?: string;
  output: string;
  wait?: boolean;
}

const hostsFile = z.object({ current_host: z.string(), hosts: z.array(z.string()) });

/** Writes the telemetry of a file, folder or query as Parquet by entity and day: the layout that jobs read. */
export async function partitionTelemetry(
  config: Config,
  target: string,
  folder: string,
  options: TargetOptions,
): Promise<void> {
  const { rows, left } = await writePartitions(await readTarget(config, target, options), folder, { by: 'day' });
  process.stdout.write(
    `${rows} rows are in ${folder}${left === 0 ? '' : `; ${left} without a readable time were left out`}.\n`,
  );
}

/** Prints the objects of an engine: YAML documents for Kubernetes, JSON requests for SageMaker. */
export function renderJob(path: string, engine: string): void {
  const spec = readSpec(path);
  if (engine === 'kubernetes')
    process.stdout.write(
      renderKubernetesJob(spec)
        .map((one) => stringify(one))
        .join('---\n'),
    );
  else if (engine === 'sagemaker') process.stdout.write(`${JSON.stringify(renderSageMakerJob(spec), undefined, 2)}\n`);
  else throw new CerebroError('INPUT_INVALID', `${engine} is no engine; kubernetes and sagemaker are.`);
}

/** Runs a whole job on this machine. */
export async function runJobLocally(path: string, { input, output }: JobPlaces): Promise<void> {
  if (input === undefined) throw new CerebroError('INPUT_INVALID', 'Name the partitions with --input.');
  await runLocalJob(readSpec(path), { input, output }, { parts: createDefaultParts() }, progress);
  process.stdout.write(`Done. Register it: cerebro train-job import ${output}\n`);
}

/** Runs one task of a job. */
export async function runJobTask(path: string, task: string, places: JobPlaces): Promise<void> {
  const spec = readSpec(path);
  const parts = places.parts ?? join(places.output, 'parts');
  if (task === 'train') {
    const clock = places.wait === true ? { clock: systemClock } : {};
    await runTraining(spec, { parts, output: places.output }, { parts: createDefaultParts(), ...clock }, progress);
    return;
  }
  if (places.input === undefined) throw new CerebroError('INPUT_INVALID', 'Name the partitions with --input.');
  const number = task === 'sagemaker' ? hostNumber() : Number(task);
  if (!Number.isInteger(number) || number < 0 || number >= spec.tasks)
    throw new CerebroError(
      'INPUT_INVALID',
      `${task} is no task of this job; they are 0 to ${spec.tasks - 1}, sagemaker, and train.`,
    );
  await runTask(spec, number, { input: places.input, parts }, progress);
}

/** Registers what a job made. */
export function importJob(config: Config, output: string): void {
  const registry = openRegistry(join(config.dataDir, 'models'), { clock: systemClock });
  try {
    const { text, versions } = importResult(registry, output);
    process.stdout.write(
      `${text}\n${versions.map(({ name, version, role, stage }) => `  ${name} ${version}: ${role}, ${stage}\n`).join('')}`,
    );
  } finally {
    registry.close();
  }
}

const progress = {
  onProgress: ({ stage, state }: { stage: string; state: string }): void => {
    if (state !== 'running') process.stderr.write(`${stage}${state === 'taken' ? ' (as before)' : ''}\n`);
  },
};

/** The number of this host among those of a SageMaker processing job, by the file that it puts into each container. */
function hostNumber(): number {
  const { current_host: host, hosts } = hostsFile.parse(
    JSON.parse(readFileSync('/opt/ml/config/resourceconfig.json', 'utf8')),
  );
  return hosts.toSorted().indexOf(host);
}

function readSpec(path: string): JobSpec {
  const parsed = jobSpec.safeParse(parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: where, message }) => `${where.join('.')}: ${message}`);
  throw new CerebroError('CONFIG_INVALID', `${path} is no job: ${problems.join('; ')}.`);
}
