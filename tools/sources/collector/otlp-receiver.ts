import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { listenLocally } from '../listen-locally.ts';
import { decodeOtlpTraces, encodeOtlpReply } from '../otlp-protobuf.ts';
import { readOtlpSpans } from '../otlp-spans.ts';
import type { NamedSpan } from '../otlp-spans.ts';

export interface OtlpReceiver {
  /** `http://127.0.0.1:<port>`; traces go to `/v1/traces`. */
  url: string;
  close(): Promise<void>;
}

const unzip = promisify(gunzip);

const protobufType = 'application/x-protobuf';

/** How each content type that OTLP/HTTP knows is read. */
const decoders: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  'application/json': (bytes) => JSON.parse(bytes.toString('utf8')),
  [protobufType]: decodeOtlpTraces,
};

/** Listens on the loopback interface for OTLP/HTTP traces in JSON or protobuf (plain or gzip). */
export async function openOtlpReceiver(
  handlers: { spans(spans: NamedSpan[]): void; dropped(reason: string, count: number): void },
  options: { port?: number; maxBytes?: number } = {},
): Promise<OtlpReceiver> {
  const { port = 0, maxBytes = 8 * 1024 * 1024 } = options;
  const handle = async (incoming: IncomingMessage): Promise<{ status: number; body: object }> => {
    if (incoming.url?.split('?')[0] !== '/v1/traces')
      return { status: 404, body: { message: 'Only POST /v1/traces is served.' } };
    if (incoming.method !== 'POST') return { status: 405, body: { message: 'Send traces with POST.' } };
    const type = contentTypeOf(incoming);
    const decode = decoders[type];
    if (decode === undefined) {
      handlers.dropped('content-type', 1);
      return { status: 415, body: { message: 'Send OTLP over HTTP, as application/x-protobuf or application/json.' } };
    }
    const bytes = await readBody(incoming, maxBytes);
    if (bytes === undefined) {
      handlers.dropped('oversized', 1);
      return { status: 413, body: { message: `At most ${maxBytes} bytes a request; send smaller batches.` } };
    }
    let body: unknown;
    try {
      body = decode(bytes);
    } catch {
      handlers.dropped('malformed', 1);
      return { status: 400, body: { message: `The body is not what ${type} says it is.` } };
    }
    const { spans, dropped } = readOtlpSpans(body);
    handlers.spans(spans);
    if (dropped > 0) handlers.dropped('malformed', dropped);
    const partial = { rejectedSpans: String(dropped), errorMessage: `${dropped} spans lack ids or times` };
    return { status: 200, body: dropped > 0 ? { partialSuccess: partial } : {} };
  };
  const server = createServer((incoming, response) => {
    handle(incoming).then(
      ({ status, body }) => reply(incoming, response, status, body),
      () => reply(incoming, response, 400, { message: 'The request could not be read.' }),
    );
  });
  server.requestTimeout = 30_000;
  const url = await listenLocally(server, port).catch((cause: unknown) => {
    throw new CerebroError('CONFLICT', `The trace receiver cannot listen on 127.0.0.1:${port}; choose another port.`, {
      cause,
    });
  });
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The body, unzipped where needed; `undefined` when it is larger than allowed. */
async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (incoming.headers['content-encoding'] !== 'gzip') return bytes;
  try {
    return await unzip(bytes, { maxOutputLength: maxBytes });
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

/** Answers in the encoding of the request. */
function reply(incoming: IncomingMessage, response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  const inProtobuf = contentTypeOf(incoming) === protobufType;
  const bytes = inProtobuf ? Buffer.from(encodeOtlpReply(body)) : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': inProtobuf ? protobufType : 'application/json',
    'content-length': bytes.length,
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(bytes);
}

function contentTypeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
