import { join } from 'node:path';
import type { Config } from '../config.ts';
import { createMlflowApi, type MlflowApi } from '../detection/lifecycle/registry/mlflow-api.ts';
import type { ModelStage, ModelVersion } from '../detection/lifecycle/registry/model-version.ts';
import { modelStage } from '../detection/lifecycle/registry/model-version.ts';
import { exportModel, importModel } from '../detection/lifecycle/registry/move-models.ts';
import { type ModelRegistry, openRegistry } from '../detection/lifecycle/registry/open-registry.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createHttpClient } from '../infra/runtime/http.ts';

function withRegistry<T>(config: Config, work: (registry: ModelRegistry) => T): T {
  const registry = openRegistry(join(config.dataDir, 'models'), { clock: systemClock });
  try {
    return work(registry);
  } finally {
    registry.close();
  }
}

/** Lists all versions, by name and then newest first. */
export function listModels(config: Config, options: { json?: boolean }): void {
  withRegistry(config, (registry) => {
    const versions = registry.list();
    if (options.json === true) process.stdout.write(`${JSON.stringify(versions, undefined, 2)}\n`);
    else if (versions.length === 0)
      process.stdout.write('No model yet. Train one: cerebro train <file with timestamp and value columns>\n');
    else process.stdout.write(`${table(versions)}\n`);
  });
}

/** Shows one version's card: what it is, where it comes from, what it was measured at, what happened to it. */
export function showModel(config: Config, name: string, reference: string | undefined): void {
  withRegistry(config, (registry) => {
    const version = registry.get(name, reference);
    const { lineage } = version;
    const lines = [
      `${version.name} ${version.version}: ${version.method} (${version.role}), ${version.stage}${version.aliases.length > 0 ? `, also called ${version.aliases.join(', ')}` : ''}`,
      `  made     ${version.createdAt}, seed ${lineage.seed}, code ${lineage.codeVersion}`,
      `  data     ${lineage.dataHash.slice(0, 16)}, features ${lineage.featureSet} (${lineage.featureNames} columns)`,
      `  metrics  ${Object.entries(version.metrics)
        .map(([metric, value]) => `${metric} ${Number(value.toPrecision(4))}`)
        .join(', ')}`,
      `  options  ${JSON.stringify(version.options)}`,
      ...Object.entries(version.files).map(
        ([file, { bytes, sha256 }]) => `  file     ${file}, ${bytes} bytes, sha256 ${sha256.slice(0, 16)}`,
      ),
      ...registry.events(name).map(({ at, version: which, what }) => `  event    ${at} ${which}: ${what}`),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}

/** Moves a version to a stage, `production` unless told. */
export function promoteModel(
  config: Config,
  name: string,
  version: string,
  options: { to?: string; force?: boolean },
): void {
  const stage = modelStage.safeParse(options.to ?? 'production');
  if (!stage.success)
    throw new CerebroError(
      'INPUT_INVALID',
      `${options.to} is no stage; the stages are ${modelStage.options.join(', ')}.`,
    );
  withRegistry(config, (registry) => {
    const { version: number } = registry.get(name, version);
    said(registry.promote(name, number, stage.data, { force: options.force ?? false }), stage.data);
  });
}

/** Puts the version that was in production before back. */
export function rollBackModel(config: Config, name: string): void {
  withRegistry(config, (registry) => said(registry.rollback(name), 'production'));
}

function said({ name, version, role }: ModelVersion, stage: ModelStage): void {
  process.stdout.write(`${name} ${version} (${role}) is now ${stage}.\n`);
}

function table(versions: readonly ModelVersion[]): string {
  const rows = [
    ['name', 'version', 'stage', 'role', 'method', 'AUC-PR', 'made'],
    ...versions.map(({ name, version, stage, role, method, metrics, createdAt }) => [
      name,
      String(version),
      stage,
      role,
      method,
      metrics['aucPr'] === undefined ? '-' : metrics['aucPr'].toFixed(3),
      createdAt.slice(0, 19).replace('T', ' '),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export interface MlflowOptions {
  url: string;
}

/** Shows versions of a model (production and staging, or the one that is named) in a team's MLflow. */
export async function exportToMlflow(
  config: Config,
  name: string,
  reference: string | undefined,
  options: MlflowOptions,
): Promise<void> {
  await withRegistryAsync(config, async (registry) => {
    const known = registry.list(name);
    const versions =
      reference === undefined
        ? known.filter(({ stage }) => stage === 'production' || stage === 'staging')
        : [registry.get(name, reference)];
    if (versions.length === 0)
      throw new CerebroError('NOT_FOUND', `${name} has no version in production or staging; name one.`);
    for (const version of versions) {
      const { version: number, sent } = await exportModel(
        { registry, mlflow: mlflowAt(options), clock: systemClock },
        version,
      );
      process.stdout.write(
        `${name} ${version.version} is ${name} ${number} in MLflow${sent ? '' : ' (it was there already)'}.\n`,
      );
    }
  });
}

/** Takes a version that Cerebro exported out of a team's MLflow. */
export async function importFromMlflow(
  config: Config,
  name: string,
  reference: string | undefined,
  options: MlflowOptions,
): Promise<void> {
  await withRegistryAsync(config, async (registry) => {
    const { version, added } = await importModel({ registry, mlflow: mlflowAt(options) }, name, reference);
    process.stdout.write(
      `${version.name} ${version.version} ${added ? 'was taken in; promote it to use it' : 'was here already'}.\n`,
    );
  });
}

function mlflowAt({ url }: MlflowOptions): MlflowApi {
  // Models are files of many megabytes.
  const limits = { timeoutMs: 60_000, maxBytes: 1024 ** 3 };
  return createMlflowApi(createHttpClient({ clock: systemClock }, { name: 'mlflow', baseUrl: url, ...limits }));
}

async function withRegistryAsync(config: Config, work: (registry: ModelRegistry) => Promise<void>): Promise<void> {
  const registry = openRegistry(join(config.dataDir, 'models'), { clock: systemClock });
  try {
    await work(registry);
  } finally {
    registry.close();
  }
}
