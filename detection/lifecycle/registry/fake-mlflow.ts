import { createServer } from 'node:http';
import { z } from 'zod';

/** A tracking server on loopback that keeps everything in memory and answers in the shapes of MLflow's REST API 2.0, errors included. */
export interface FakeMlflow {
  url: string;
  artifacts: Map<string, Buffer>;
  calls: string[];
  close(): Promise<void>;
}

interface Version {
  name: string;
  version: string;
  run_id: string;
  source: string;
  current_stage: string;
  tags: unknown;
  aliases: string[];
}

const anyBody = z.record(z.string(), z.unknown());

/** Starts one on a free port. */
export async function startFakeMlflow(): Promise<FakeMlflow> {
  const artifacts = new Map<string, Buffer>();
  const calls: string[] = [];
  const experiments = new Map<string, string>();
  const runs = new Map<string, { info: Record<string, unknown>; data: Record<string, unknown> }>();
  const models = new Map<string, Version[]>();
  const absent = { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'not found' } };

  const routes: Record<
    string,
    (body: Record<string, unknown>, query: URLSearchParams) => { status?: number; body: unknown }
  > = {
    'GET experiments/get-by-name': (_body, query) => {
      const id = experiments.get(query.get('experiment_name') ?? '');
      return id === undefined
        ? absent
        : { body: { experiment: { experiment_id: id, name: query.get('experiment_name') } } };
    },
    'POST experiments/create': ({ name }) => {
      experiments.set(String(name), String(experiments.size + 1));
      return { body: { experiment_id: experiments.get(String(name)) } };
    },
    'POST runs/create': ({ experiment_id: experiment, run_name: name }) => {
      const id = `run${runs.size + 1}`;
      const info = {
        run_id: id,
        run_uuid: id,
        run_name: name,
        experiment_id: experiment,
        status: 'RUNNING',
        artifact_uri: `mlflow-artifacts:/${String(experiment)}/${id}/artifacts`,
      };
      runs.set(id, { info, data: {} });
      return { body: { run: runs.get(id) } };
    },
    'POST runs/log-batch': ({ run_id: id, ...data }) => {
      const run = runs.get(String(id));
      if (run === undefined) return absent;
      run.data = data;
      return { body: {} };
    },
    'POST runs/update': ({ run_id: id, status }) => {
      const run = runs.get(String(id));
      if (run === undefined) return absent;
      run.info['status'] = status;
      return { body: { run_info: run.info } };
    },
    'GET runs/get': (_body, query) => {
      const run = runs.get(query.get('run_id') ?? '');
      return run === undefined ? absent : { body: { run } };
    },
    'POST registered-models/create': ({ name }) => {
      if (models.has(String(name)))
        return {
          status: 400,
          body: {
            error_code: 'RESOURCE_ALREADY_EXISTS',
            message: `Registered Model (name=${String(name)}) already exists.`,
          },
        };
      models.set(String(name), []);
      return { body: { registered_model: { name } } };
    },
    'POST model-versions/create': ({ name, source, run_id: run, tags }) => {
      const versions = models.get(String(name));
      if (versions === undefined) return absent;
      const version = {
        name: String(name),
        version: String(versions.length + 1),
        run_id: String(run),
        source: String(source),
        current_stage: 'None',
        tags,
        aliases: [],
      };
      versions.push(version);
      return { body: { model_version: version } };
    },
    'GET model-versions/search': (_body, query) => {
      const name = /name='(.*)'/.exec(query.get('filter') ?? '')?.[1] ?? '';
      const versions = models.get(name) ?? [];
      // One a page, so that the client has to follow the token.
      const from = Number(query.get('page_token') ?? 0);
      const next = from + 1 < versions.length ? { next_page_token: String(from + 1) } : {};
      // As the real one: a search does not tell aliases.
      const page = versions.slice(from, from + 1).map(({ aliases: _told, ...version }) => version);
      return { body: { model_versions: page, ...next } };
    },
    'GET registered-models/get': (_body, query) => {
      const versions = models.get(query.get('name') ?? '');
      if (versions === undefined) return absent;
      const aliases = versions.flatMap(({ aliases: held, version }) => held.map((alias) => ({ alias, version })));
      return { body: { registered_model: { name: query.get('name'), aliases } } };
    },
    'POST model-versions/transition-stage': ({ name, version, stage }) => {
      const found = models.get(String(name))?.find((one) => one.version === String(version));
      if (found === undefined) return absent;
      found.current_stage = String(stage);
      return { body: { model_version: found } };
    },
    'POST registered-models/alias': ({ name, alias, version }) => {
      for (const one of models.get(String(name)) ?? [])
        one.aliases = [
          ...one.aliases.filter((had) => had !== alias),
          ...(one.version === version ? [String(alias)] : []),
        ];
      return { body: {} };
    },
  };

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const content = Buffer.concat(parts);
      const artifact = /^\/api\/2\.0\/mlflow-artifacts\/artifacts\/(.+)$/.exec(url.pathname)?.[1];
      calls.push(`${request.method} ${url.pathname}`);
      if (artifact !== undefined) {
        if (request.method === 'PUT') artifacts.set(artifact, content);
        const kept = artifacts.get(artifact);
        response.writeHead(kept === undefined ? 404 : 200).end(request.method === 'PUT' ? '{}' : (kept ?? ''));
        return;
      }
      const route = routes[`${request.method} ${url.pathname.replace('/api/2.0/mlflow/', '')}`];
      const body = anyBody.parse(content.length === 0 ? {} : JSON.parse(content.toString()));
      const answer =
        route === undefined
          ? { status: 404, body: { error_code: 'ENDPOINT_NOT_FOUND' } }
          : route(body, url.searchParams);
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    artifacts,
    calls,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
