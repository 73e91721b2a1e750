import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { HttpClient } from '../../../infra/runtime/http.ts';

const tag = z.object({ key: z.string(), value: z.string().default('') });
const runReply = z.object({
  run: z.object({
    info: z.object({ run_id: z.string(), artifact_uri: z.string().default(''), status: z.string().optional() }),
    data: z
      .object({
        metrics: z.array(z.object({ key: z.string(), value: z.number() })).default([]),
        params: z.array(tag).default([]),
        tags: z.array(tag).default([]),
      })
      .default({ metrics: [], params: [], tags: [] }),
  }),
});
export type MlflowRun = z.infer<typeof runReply>['run'];
const versionReply = z.object({
  name: z.string(),
  version: z.union([z.string(), z.number()]).transform(String),
  run_id: z.string().default(''),
  source: z.string().default(''),
  current_stage: z.string().default('None'),
  tags: z.array(tag).default([]),
});
/** A version of a registered model, with the aliases that point at it. */
export type MlflowVersion = z.infer<typeof versionReply> & { aliases: string[] };
const modelReply = z.object({
  registered_model: z.object({
    aliases: z
      .array(z.object({ alias: z.string(), version: z.union([z.string(), z.number()]).transform(String) }))
      .default([]),
  }),
});

/** The calls of MLflow's REST API 2.0 that moving models needs. Names are those of the API. */
export interface MlflowApi {
  experiment(name: string): Promise<string>;
  createRun(experiment: string, startTime: number, name: string): Promise<MlflowRun>;
  logBatch(
    run: string,
    batch: {
      metrics: { key: string; value: number; timestamp: number; step: number }[];
      params: { key: string; value: string }[];
      tags: { key: string; value: string }[];
    },
  ): Promise<void>;
  finishRun(run: string, endTime: number): Promise<void>;
  run(id: string): Promise<MlflowRun>;
  putArtifact(path: string, bytes: Uint8Array): Promise<void>;
  getArtifact(path: string): Promise<Uint8Array>;
  ensureModel(name: string): Promise<void>;
  createVersion(version: {
    name: string;
    source: string;
    run: string;
    tags: { key: string; value: string }[];
  }): Promise<{ version: string }>;
  versions(name: string): Promise<MlflowVersion[]>;
  transition(name: string, version: string, stage: string): Promise<void>;
  setAlias(name: string, alias: string, version: string): Promise<void>;
}

/**
 * A client of an MLflow tracking server and registry (mlflow.org/docs/latest/rest-api.html). Artifacts go through the server's proxy
 * (`mlflow-artifacts`) as raw bytes. Errors as the HTTP client's.
 */
export function createMlflowApi(http: HttpClient): MlflowApi {
  const post = async (path: string, body: object, method = 'POST'): Promise<unknown> =>
    (await http.request(`/api/2.0/mlflow/${path}`, { method, body })).json();
  const read = <T>(schema: z.ZodType<T>, json: unknown, what: string): T => {
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    throw new CerebroError(
      'BACKEND_MALFORMED',
      `MLflow answered ${what} in another form than its REST API 2.0: ${parsed.error.issues[0]?.message}.`,
    );
  };
  const aliasesOf = async (name: string): Promise<{ alias: string; version: string }[]> => {
    const reply = await http.request('/api/2.0/mlflow/registered-models/get', { query: { name } });
    return read(modelReply, reply.json(), 'registered-models/get').registered_model.aliases;
  };
  return {
    async experiment(name) {
      try {
        const found = await http.request('/api/2.0/mlflow/experiments/get-by-name', {
          query: { experiment_name: name },
        });
        return read(z.object({ experiment: z.object({ experiment_id: z.string() }) }), found.json(), 'get-by-name')
          .experiment.experiment_id;
      } catch (thrown) {
        if (!isAbsent(thrown)) throw thrown;
        return read(
          z.object({ experiment_id: z.string() }),
          await post('experiments/create', { name }),
          'experiments/create',
        ).experiment_id;
      }
    },
    createRun: async (experiment, startTime, name) =>
      read(
        runReply,
        await post('runs/create', { experiment_id: experiment, start_time: startTime, run_name: name }),
        'runs/create',
      ).run,
    logBatch: async (run, batch) => {
      await post('runs/log-batch', { run_id: run, ...batch });
    },
    finishRun: async (run, endTime) => {
      await post('runs/update', { run_id: run, status: 'FINISHED', end_time: endTime });
    },
    run: async (id) =>
      read(runReply, (await http.request('/api/2.0/mlflow/runs/get', { query: { run_id: id } })).json(), 'runs/get')
        .run,
    putArtifact: async (path, content) => {
      await http.request(`/api/2.0/mlflow-artifacts/artifacts/${path}`, {
        method: 'PUT',
        idempotent: true,
        body: content,
        headers: { 'content-type': 'application/octet-stream' },
      });
    },
    getArtifact: async (path) => (await http.request(`/api/2.0/mlflow-artifacts/artifacts/${path}`)).bytes(),
    async ensureModel(name) {
      try {
        await post('registered-models/create', { name });
      } catch (thrown) {
        if (!(thrown instanceof CerebroError && /RESOURCE_ALREADY_EXISTS/.test(thrown.message))) throw thrown;
      }
    },
    createVersion: async ({ name, source, run, tags }) =>
      read(
        z.object({ model_version: versionReply }),
        await post('model-versions/create', { name, source, run_id: run, tags }),
        'model-versions/create',
      ).model_version,
    async versions(name) {
      const found: z.infer<typeof versionReply>[] = [];
      let token: string | undefined;
      do {
        const reply = await http.request('/api/2.0/mlflow/model-versions/search', {
          query: { filter: `name='${name.replaceAll("'", "''")}'`, max_results: 200, page_token: token },
        });
        const page = read(
          z.object({ model_versions: z.array(versionReply).default([]), next_page_token: z.string().optional() }),
          reply.json(),
          'model-versions/search',
        );
        found.push(...page.model_versions);
        token = page.next_page_token === '' ? undefined : page.next_page_token;
      } while (token !== undefined);
      // A search answers without aliases, whatever the version has.
      const named = found.length === 0 ? [] : await aliasesOf(name);
      return found.map((one) => ({
        ...one,
        aliases: named.filter(({ version }) => version === one.version).map(({ alias }) => alias),
      }));
    },
    transition: async (name, version, stage) => {
      await post('model-versions/transition-stage', {
        name,
        version,
        stage,
        // A stage holds one version here, so it does there.
        archive_existing_versions: stage === 'Production' || stage === 'Staging',
      });
    },
    setAlias: async (name, alias, version) => {
      await post('registered-models/alias', { name, alias, version });
    },
  };
}

function isAbsent(thrown: unknown): boolean {
  return (
    thrown instanceof CerebroError &&
    (thrown.details['status'] === 404 || /RESOURCE_DOES_NOT_EXIST/.test(thrown.message))
  );
}
