import { readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { Config } from '../config.ts';
import { isCloudWatchQuery } from '../detection/lifecycle/ingest/cloudwatch/read-live-cloudwatch.ts';
import { writePartitions } from '../detection/lifecycle/ingest/write-partitions.ts';
import { openRegistry } from '../detection/lifecycle/registry/open-registry.ts';
import { createDefaultParts } from '../detection/lifecycle/training/default-parts.ts';
import { fileSource } from '../detection/lifecycle/training/file-source.ts';
import { trainModels, trainingStages } from '../detection/lifecycle/training/train-models.ts';
import { trainingOptions, type TrainingOptions } from '../detection/lifecycle/training/training-options.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { readTarget, type TargetOptions } from './read-target.ts';
import { openStageBar } from './stage-progress.ts';

export interface TrainOptions extends TargetOptions {
  name?: string;
  label?: string;
  labels?: string;
  seed?: string;
  trials?: string;
  detector?: string;
  review?: string;
  options?: string;
  json?: boolean;
}

/** Trains models on a file, a folder or what a query brings, and registers them. */
export async function runTrain(config: Config, path: string, options: TrainOptions): Promise<void> {
  const settings = settingsOf(path, options);
  const queried = isCloudWatchQuery(path) || options.prometheus !== undefined;
  const roles = Object.fromEntries(
    (['time', 'label', ...(queried ? [] : (['entity'] as const))] as const).flatMap((role) =>
      options[role] === undefined ? [] : [[role, options[role]]],
    ),
  );
  const data = queried ? await fetchTelemetry(config, path, { ...options, name: settings.name }) : path;
  const source = await fileSource(data, roles, options.labels);
  const parts = createDefaultParts();
  const registry = openRegistry(join(config.dataDir, 'models'), { clock: systemClock });
  const bar = openStageBar(trainingStages(source, settings, parts).length);
  try {
    const run = await trainModels(
      { folder: join(config.dataDir, 'training', settings.name), parts, registry },
      source,
      settings,
      { onProgress: (progress) => bar.show(progress) },
    );
    bar.stop();
    if (options.json === true) {
      process.stdout.write(`${JSON.stringify({ report: run.report, versions: run.versions }, undefined, 2)}\n`);
      return;
    }
    const lines = run.versions.map(
      ({ name, version, role, stage, aliases }) =>
        `  ${name} ${version}: ${role}, ${stage}${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}`,
    );
    process.stdout.write(`${run.text}\n${lines.join('\n')}\n\nRows worth a label: ${run.reviewFile}\n`);
    if (run.report.data.quarantined > 0) process.stdout.write(`Rows set aside: ${run.quarantineFile}\n`);
  } finally {
    bar.stop();
    registry.close();
  }
}

/** Writes what a query brings in partitions by entity, day and hour, in place of what the last training of this name read; returns the folder. */
async function fetchTelemetry(
  config: Config,
  query: string,
  options: TargetOptions & { name: string },
): Promise<string> {
  const table = await readTarget(config, query, options);
  const folder = join(config.dataDir, 'telemetry', options.name);
  rmSync(`${folder}.partial`, { recursive: true, force: true });
  await writePartitions(table, `${folder}.partial`, { by: 'hour' });
  rmSync(folder, { recursive: true, force: true });
  renameSync(`${folder}.partial`, folder);
  process.stderr.write(`${table.at.length} rows of ${table.names.length} columns are in ${folder}\n`);
  return folder;
}

/** Options from a file (JSON or YAML), then the command line, then defaults. */
function settingsOf(path: string, options: TrainOptions): TrainingOptions {
  const fromFile: unknown = options.options === undefined ? {} : parse(readFileSync(options.options, 'utf8'));
  const given = {
    name: options.name ?? nameOf(path),
    ...(typeof fromFile === 'object' ? fromFile : {}),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.seed === undefined ? {} : { seed: Number(options.seed) }),
    ...(options.detector === undefined ? {} : { detector: options.detector }),
    ...(options.trials === undefined ? {} : { trials: Number(options.trials) }),
    ...(options.review === undefined ? {} : { reviewBudget: Number(options.review) }),
  };
  const parsed = trainingOptions.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: where, message }) => `${where.join('.')}: ${message}`);
  throw new CerebroError('INPUT_INVALID', `These options cannot be used: ${problems.join('; ')}.`);
}

/** A model's name from that of its file or folder. */
function nameOf(path: string): string {
  const plain = basename(path)
    .replace(/\.[a-z]+(\.gz)?$/i, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return plain === '' ? 'model' : plain;
}
