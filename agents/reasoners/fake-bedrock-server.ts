import { createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { EventStreamCodec } from '@smithy/core/event-streams';
import type { FakeModelServer, FakeReply } from './fake-openai-server.ts';

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)),
  (text) => new TextEncoder().encode(text),
);

/**
 * A server that speaks Bedrock's Converse and ConverseStream over HTTP/2 (the AWS client's own transport, in clear on loopback), with
 * true event-stream frames (CRCs and all). With `refuseSchema` it answers ValidationException to any `outputConfig`.
 */
export async function openFakeBedrockServer(options: { refuseSchema?: boolean } = {}): Promise<FakeModelServer> {
  const requests: FakeModelServer['requests'] = [];
  const sessions = new Set<Http2Session>();
  let replies: FakeReply[] = [];
  const respond = (stream: ServerHttp2Stream, path: string, body: string): void => {
    if (options.refuseSchema === true && body.includes('"outputConfig"')) {
      refuse(stream, 400, 'ValidationException', 'outputConfig is not supported by this model');
      return;
    }
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === undefined) refuse(stream, 500, 'InternalServerException', 'nothing scripted');
    else if (reply.kind === 'status')
      refuse(stream, reply.status, nameOfStatus(reply.status), reply.body ?? 'scripted');
    else if (reply.kind === 'hang') return;
    else if (path.endsWith('/converse')) answerWhole(stream, reply);
    else answerFrames(stream, reply);
  };
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    let body = '';
    stream.on('error', () => undefined);
    stream.on('data', (part: Buffer) => {
      body += part.toString();
    });
    stream.on('end', () => {
      requests.push({
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        body,
      });
      respond(stream, decodeURIComponent(String(headers[':path'])), body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    script: (...next) => {
      replies = next;
    },
    requests,
    close: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy();
        server.close(() => resolve());
      }),
  };
}

type TextReply = Exclude<FakeReply, { kind: 'status' | 'hang' }>;

function answerWhole(stream: ServerHttp2Stream, reply: TextReply): void {
  const whole = JSON.stringify({
    output: { message: { role: 'assistant', content: [{ text: reply.text }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 },
    metrics: { latencyMs: 5 },
  });
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  if (reply.kind === 'answer') {
    stream.end(whole);
    return;
  }
  stream.write(whole.slice(0, 40));
  setImmediate(() => stream.session?.destroy());
}

function answerFrames(stream: ServerHttp2Stream, reply: TextReply): void {
  stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' });
  stream.write(frame('messageStart', { role: 'assistant' }));
  for (let index = 0; index < reply.text.length; index += 5) {
    stream.write(
      frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: reply.text.slice(index, index + 5) } }),
    );
  }
  if (reply.kind === 'die') {
    // Half a frame, then the connection is gone.
    stream.write(frame('contentBlockStop', { contentBlockIndex: 0 }).subarray(0, 20));
    setImmediate(() => stream.session?.destroy());
    return;
  }
  if (reply.kind === 'error-event')
    stream.write(exceptionFrame('modelStreamErrorException', { message: 'engine died' }));
  if (reply.kind === 'answer') {
    stream.write(frame('contentBlockStop', { contentBlockIndex: 0 }));
    stream.write(frame('messageStop', { stopReason: 'end_turn' }));
    stream.write(
      frame('metadata', { usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 }, metrics: { latencyMs: 5 } }),
    );
  }
  stream.end();
}

function frame(type: string, payload: unknown): Uint8Array {
  return encode({ ':message-type': 'event', ':event-type': type }, payload);
}

function exceptionFrame(type: string, payload: unknown): Uint8Array {
  return encode({ ':message-type': 'exception', ':exception-type': type }, payload);
}

function encode(headers: Record<string, string>, payload: unknown): Uint8Array {
  const typed = Object.entries({ ...headers, ':content-type': 'application/json' }).map(
    ([name, value]) => [name, { type: 'string' as const, value }] as const,
  );
  return codec.encode({ headers: Object.fromEntries(typed), body: new TextEncoder().encode(JSON.stringify(payload)) });
}

function refuse(stream: ServerHttp2Stream, status: number, type: string, message: string): void {
  stream.respond({ ':status': status, 'content-type': 'application/json', 'x-amzn-errortype': type });
  stream.end(JSON.stringify({ message }));
}

function nameOfStatus(status: number): string {
  if (status === 429) return 'ThrottlingException';
  if (status === 403) return 'AccessDeniedException';
  return status >= 500 ? 'InternalServerException' : 'ValidationException';
}
