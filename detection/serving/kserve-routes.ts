import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { z } from 'zod';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Matrix } from '../matrix.ts';
import type { ModelServer } from './model-server.ts';

const tensor = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)).min(1).max(3),
  datatype: z.string(),
  data: z.array(z.unknown()),
});
const inferRequest = z.object({
  id: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  inputs: z.array(tensor).min(1),
  outputs: z.array(z.object({ name: z.string() })).optional(),
});
const datatypes = new Set([
  'FP32',
  'FP64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'BOOL',
]);
const outputNames = ['score', 'abnormal'];

interface ModelPath {
  model: string;
  version?: string;
}

/**
 * The HTTP doors of the Open Inference Protocol (KServe v2, as Triton and KServe serve it) over a model server. The input is one tensor
 * `features` [rows, features]; `null` is a missing value. Outputs are `score` FP32 [rows] and `abnormal` BOOL [rows]. A request without a
 * version is routed by `parameters.routing_key` or the header `x-routing-key`. Errors are `{ error }` with the status of their code.
 */
export function createKserveRoutes(server: ModelServer, about: { version: string }): FastifyPluginAsync {
  return (app) => {
    app.setErrorHandler(async (thrown, _request, reply) => {
      const error =
        thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number'
          ? undefined
          : CerebroError.from(thrown);
      if (error === undefined && thrown instanceof Error) return reply.code(400).send({ error: thrown.message });
      return reply.code(error?.status ?? 500).send({ error: error?.message });
    });
    app.get('/v2', async () => ({ name: 'cerebro', version: about.version, extensions: ['model_repository(read)'] }));
    app.get('/v2/health/live', async () => ({ live: true }));
    app.get('/v2/health/ready', async (_request, reply) => ready(reply, server));
    app.get('/v2/models', async () => ({ models: server.names() }));
    for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
      app.get<{ Params: ModelPath }>(path, async ({ params }) => metadata(server, params));
      app.get<{ Params: ModelPath }>(`${path}/ready`, async ({ params }, reply) => {
        try {
          await server.makeReady(server.describe(params.model, params.version));
          return { name: params.model, ready: true };
        } catch (thrown) {
          const { code, message } = CerebroError.from(thrown);
          return reply
            .code(code === 'NOT_FOUND' ? 404 : 400)
            .send({ name: params.model, ready: false, error: message });
        }
      });
      app.post<{ Params: ModelPath }>(
        `${path}/infer`,
        { bodyLimit: 64 * 1024 ** 2 },
        async ({ params, body, headers }) => infer(server, params, body, headers['x-routing-key']),
      );
    }
    return Promise.resolve();
  };
}

async function ready(reply: FastifyReply, server: ModelServer): Promise<FastifyReply> {
  try {
    for (const name of server.names()) await server.makeReady(server.describe(name));
    return await reply.send({ ready: true });
  } catch (thrown) {
    return reply.code(400).send({ ready: false, error: CerebroError.from(thrown).message });
  }
}

function metadata(server: ModelServer, { model, version }: ModelPath): object {
  const described = server.describe(model, version);
  const versions = version === undefined ? { versions: [String(described.version)] } : {};
  return {
    name: model,
    ...versions,
    platform: described.files['model.onnx'] === undefined ? 'cerebro_native' : 'onnxruntime_onnx',
    inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, server.featuresOf(described).length] }],
    outputs: [
      { name: 'score', datatype: 'FP32', shape: [-1] },
      { name: 'abnormal', datatype: 'BOOL', shape: [-1] },
    ],
  };
}

async function infer(
  server: ModelServer,
  path: ModelPath,
  body: unknown,
  header: string | string[] | undefined,
): Promise<object> {
  const parsed = inferRequest.safeParse(body);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw new CerebroError(
      'INPUT_INVALID',
      `The inference request does not fit at ${first?.path.join('.')}: ${first?.message}.`,
    );
  }
  const { id, parameters, inputs, outputs } = parsed.data;
  if (inputs.length !== 1)
    throw new CerebroError('INPUT_INVALID', `One input tensor is expected, not ${inputs.length}.`);
  const unknown = outputs?.find(({ name }) => !outputNames.includes(name));
  if (unknown !== undefined)
    throw new CerebroError(
      'INPUT_INVALID',
      `There is no output ${unknown.name}; the outputs are ${outputNames.join(', ')}.`,
    );
  const rows = rowsOf(inputs[0]!);
  const said = parameters?.['routing_key'] ?? header;
  const { version, scores, threshold } = await server.score(path.model, rows, {
    reference: path.version,
    routingKey: typeof said === 'string' ? said : undefined,
  });
  const wanted = (name: string): boolean =>
    outputs === undefined || outputs.length === 0 || outputs.some((one) => one.name === name);
  return {
    model_name: path.model,
    model_version: String(version.version),
    ...(id === undefined ? {} : { id }),
    outputs: [
      { name: 'score', datatype: 'FP32', shape: [rows.rows], data: Array.from(scores) },
      {
        name: 'abnormal',
        datatype: 'BOOL',
        shape: [rows.rows],
        data: Array.from(scores, (score) => score >= threshold),
      },
    ].filter(({ name }) => wanted(name)),
  };
}

/** The rows of a tensor; data may be flat or nested, as the protocol allows. */
function rowsOf({ name, shape, datatype, data }: z.infer<typeof tensor>): Matrix {
  if (!datatypes.has(datatype))
    throw new CerebroError('INPUT_INVALID', `${name} has the datatype ${datatype}; numbers are expected.`);
  const [rows, columns] =
    shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape.slice(1).reduce((left, right) => left * right, 1)];
  const flat: unknown[] = Array.isArray(data[0]) ? data.flat(2) : data;
  if (flat.length !== rows * columns)
    throw new CerebroError(
      'INPUT_INVALID',
      `${name} has ${flat.length} values, its shape ${shape.join(' x ')} needs ${rows * columns}.`,
    );
  const values = new Float32Array(flat.length);
  for (let i = 0; i < flat.length; i += 1) {
    const value = flat[i];
    if (typeof value === 'number') values[i] = value;
    else if (value === null) values[i] = NaN;
    else if (typeof value === 'boolean') values[i] = value ? 1 : 0;
    else throw new CerebroError('INPUT_INVALID', `${name} holds ${JSON.stringify(value)} at ${i}, which is no number.`);
  }
  return { rows, columns, values };
}
