import { pipeline } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { FastifyPluginAsync, FastifyReply, RequestPayload } from 'fastify';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { OnlineFeatures } from '../features/online-features.ts';
import { binaryExtension, jsonLengthHeader } from './binary-tensors.ts';
import { infer } from './infer.ts';
import type { ModelServer } from './model-server.ts';

interface ModelPath {
  model: string;
  version?: string;
}

/**
 * The HTTP doors of the Open Inference Protocol (KServe v2, as Triton and KServe serve it) over a model server, with Triton's binary tensor
 * data and its repository index; `infer` says what goes in and out. A request without a version is routed by `parameters.routing_key` or the header
 * `x-routing-key`. Errors are `{ error }` with the status of their code.
 */
export function createKserveRoutes(
  server: ModelServer,
  about: { version: string; online?: OnlineFeatures | undefined },
): FastifyPluginAsync {
  return (app) => {
    // Clients send tensors as bytes with no content type, or with one of their own.
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.addHook('preParsing', async (request, _reply, payload) =>
      decompress(request.headers['content-encoding'], payload),
    );
    app.setErrorHandler(async (thrown, _request, reply) => {
      const error =
        thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number'
          ? undefined
          : CerebroError.from(thrown);
      if (error === undefined && thrown instanceof Error) return reply.code(400).send({ error: thrown.message });
      return reply.code(error?.status ?? 500).send({ error: error?.message });
    });
    app.get('/v2', async () => ({
      name: 'cerebro',
      version: about.version,
      extensions: [binaryExtension, 'model_repository(read)'],
    }));
    app.get('/v2/health/live', async () => ({ live: true }));
    app.get('/v2/health/ready', async (_request, reply) => ready(reply, server));
    app.post('/v2/repository/index', async () =>
      server.names().map((name) => ({ name, version: String(server.describe(name).version), state: 'READY' })),
    );
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
        async ({ params, body, headers }, reply) => {
          const answer = await infer(
            { server, online: about.online },
            {
              ...params,
              body,
              jsonLength: one(headers[jsonLengthHeader]),
              routingKey: one(headers['x-routing-key']),
            },
          );
          return reply.headers(answer.headers).send(answer.body);
        },
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
    inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, server.headOf(described).features.length] }],
    outputs: [
      { name: 'score', datatype: 'FP32', shape: [-1] },
      { name: 'abnormal', datatype: 'BOOL', shape: [-1] },
    ],
  };
}

function one(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** The body as it was before it was compressed; Fastify bounds how large that may be. Broken data is a 400. Throws INPUT_INVALID for another coding. */
function decompress(coding: string | undefined, payload: RequestPayload): RequestPayload {
  if (coding === undefined || coding === 'identity') return payload;
  const inflate = coding === 'gzip' ? createGunzip() : coding === 'deflate' ? createInflate() : undefined;
  if (inflate === undefined)
    throw new CerebroError('INPUT_INVALID', `The body is coded as ${coding}; gzip and deflate can be read.`);
  let received = 0;
  const counted = Object.assign(inflate, { receivedEncodedLength: 0 });
  payload.on('data', (part: Buffer) => {
    received += part.length;
    counted.receivedEncodedLength = received;
  });
  return pipeline(payload, counted, () => undefined);
}
