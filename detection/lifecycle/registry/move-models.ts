import { bytesHash, canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import type { Clock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { MlflowApi } from './mlflow-api.ts';
import { modelVersion, type ModelVersion } from './model-version.ts';
import type { ModelRegistry } from './open-registry.ts';

const stages = { none: 'None', staging: 'Staging', production: 'Production', archived: 'Archived' } as const;
const manifestFile = 'cerebro.json';
/** MLflow keeps at most so many characters of a parameter's value. */
const mostParam = 500;

/**
 * Shows a version in MLflow: a run with metrics, parameters and lineage, the files as artifacts, a version of the registered model with stage
 * and aliases, and an `MLmodel` that lets MLflow's own tools open the ONNX file. A version that is there already (told by its tag) is not sent again.
 * Returns MLflow's number of it.
 */
export async function exportModel(
  deps: { registry: ModelRegistry; mlflow: MlflowApi; clock: Clock },
  version: ModelVersion,
): Promise<{ version: string; sent: boolean }> {
  const { registry, mlflow, clock } = deps;
  const identity = identityOf(version);
  await mlflow.ensureModel(version.name);
  const there = (await mlflow.versions(version.name)).find(({ tags }) =>
    tags.some(({ key, value }) => key === 'cerebro.identity' && value === identity),
  );
  if (there !== undefined) {
    await follow(mlflow, version, there.version);
    return { version: there.version, sent: false };
  }
  const started = clock.now();
  const run = await mlflow.createRun(await mlflow.experiment('cerebro'), started, `${version.name}-${version.version}`);
  const id = run.info.run_id;
  const tags = [
    { key: 'cerebro.identity', value: identity },
    { key: 'cerebro.role', value: version.role },
    { key: 'cerebro.method', value: version.method },
    { key: 'cerebro.dataHash', value: version.lineage.dataHash },
  ];
  await mlflow.logBatch(id, {
    metrics: Object.entries(version.metrics).map(([key, value]) => ({ key, value, timestamp: started, step: 0 })),
    params: Object.entries({
      ...version.options,
      seed: version.lineage.seed,
      features: version.lineage.featureSet,
    }).map(([key, value]) => ({
      key,
      value: (typeof value === 'string' ? value : canonicalJson(value)).slice(0, mostParam),
    })),
    tags,
  });
  const folder = `${artifactPath(run.info.artifact_uri, id)}/model`;
  for (const file of Object.keys(version.files))
    await mlflow.putArtifact(`${folder}/${file}`, registry.read(version, file));
  await mlflow.putArtifact(`${folder}/${manifestFile}`, Buffer.from(canonicalJson(version)));
  await mlflow.putArtifact(`${folder}/MLmodel`, Buffer.from(mlmodelOf(version, id)));
  await mlflow.finishRun(id, clock.now());
  const made = await mlflow.createVersion({ name: version.name, source: `mlflow-artifacts:/${folder}`, run: id, tags });
  await follow(mlflow, version, made.version);
  return { version: made.version, sent: true };
}

/**
 * Takes a version of MLflow that Cerebro exported (here or elsewhere) into the registry, stage `none`, and checks every file against the
 * checksum that was written when it was trained. The newest unless a number is told. Throws NOT_FOUND, and BACKEND_MALFORMED for a
 * version of other making or with damaged files.
 */
export async function importModel(
  deps: { registry: ModelRegistry; mlflow: MlflowApi },
  name: string,
  version?: string,
): Promise<{ version: ModelVersion; added: boolean }> {
  const { registry, mlflow } = deps;
  const all = (await mlflow.versions(name)).sort((left, right) => Number(right.version) - Number(left.version));
  const chosen =
    version === undefined ? all[0] : all.find((one) => one.version === version || one.aliases.includes(version));
  if (chosen === undefined)
    throw new CerebroError(
      'NOT_FOUND',
      `MLflow has no ${name}${version === undefined ? '' : ` ${version}`}; it has ${all.map((one) => one.version).join(', ') || 'no version of it'}.`,
    );
  const folder = artifactPath(chosen.source, chosen.run_id);
  let manifest: ModelVersion;
  try {
    manifest = modelVersion.parse(
      JSON.parse(Buffer.from(await mlflow.getArtifact(`${folder}/${manifestFile}`)).toString()),
    );
  } catch (thrown) {
    throw new CerebroError(
      'BACKEND_MALFORMED',
      `${name} ${chosen.version} in MLflow has no readable ${manifestFile}: it was not exported by Cerebro.`,
      { cause: thrown },
    );
  }
  const same = registry.list(manifest.name).find((one) => identityOf(one) === identityOf(manifest));
  if (same !== undefined) return { version: same, added: false };
  const files: Record<string, Uint8Array> = {};
  for (const [file, { sha256 }] of Object.entries(manifest.files)) {
    files[file] = await mlflow.getArtifact(`${folder}/${file}`);
    if (bytesHash(files[file]) !== sha256)
      throw new CerebroError(
        'BACKEND_MALFORMED',
        `${file} of ${name} ${chosen.version} in MLflow is not the file that was exported (its checksum differs).`,
      );
  }
  const { method, role, lineage, metrics, options } = manifest;
  return {
    version: registry.add({ name: manifest.name, method, role, lineage, metrics, options, files }),
    added: true,
  };
}

async function follow(mlflow: MlflowApi, version: ModelVersion, number: string): Promise<void> {
  await mlflow.transition(version.name, number, stages[version.stage]);
  for (const alias of version.aliases) await mlflow.setAlias(version.name, alias, number);
}

/** What makes two versions the same model: the bytes of their files and what they are for. */
function identityOf({ name, role, files }: ModelVersion): string {
  return bytesHash(canonicalJson({ name, role, files })).slice(0, 32);
}

/** The path below the artifact proxy of `mlflow-artifacts:/1/abc/artifacts/model`; runs that keep elsewhere get a path by their id. */
function artifactPath(uri: string, run: string): string {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.*)$/.exec(uri);
  return match?.[1] === undefined || match[1] === '' ? `cerebro/${run}` : match[1].replace(/\/$/, '');
}

function mlmodelOf(version: ModelVersion, run: string): string {
  const onnx =
    version.files['model.onnx'] === undefined
      ? ''
      : 'flavors:\n  onnx:\n    data: model.onnx\n    onnx_version: "1"\n  python_function:\n    data: model.onnx\n    loader_module: mlflow.onnx\n';
  return `artifact_path: model\n${onnx === '' ? 'flavors: {}\n' : onnx}run_id: ${run}\nutc_time_created: '${version.createdAt}'\n`;
}
