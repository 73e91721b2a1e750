import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One scripted reply of a fake model server; the last one repeats. */
export type FakeReply =
  | { kind: 'answer'; text: string }
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string> }
  /** Sends a beginning, then breaks the connection. */
  | { kind: 'die'; text: string }
  /** Ends the stream politely, but without the provider's end marker. */
  | { kind: 'cut'; text: string }
  /** Reports an error inside the stream. */
  | { kind: 'error-event'; text: string }
  /** Never answers. */
  | { kind: 'hang' };

/** A provider on loopback that replies by script and keeps what it was sent. */
export interface FakeModelServer {
  url: string;
  script(...replies: FakeReply[]): void;
  /** Each request as it came over the wire: headers (lower case) and body. */
  requests: { headers: Record<string, string>; body: string }[];
  close(): Promise<void>;
}

/** A server that speaks OpenAI's chat completions over SSE; with `refuseSchema` it answers 400 to any `response_format`. */
export async function openFakeOpenAiServer(
  options: { refuseSchema?: boolean; streams?: boolean } = {},
): Promise<FakeModelServer> {
  const requests: FakeModelServer['requests'] = [];
  let replies: FakeReply[] = [];
  const respond = (response: ServerResponse, body: string): void => {
    if (options.refuseSchema === true && body.includes('"response_format"')) {
      response.writeHead(400).end('{"error":{"message":"response_format is not supported"}}');
      return;
    }
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === undefined) response.writeHead(500).end('nothing scripted');
    else if (reply.kind === 'status') response.writeHead(reply.status, reply.headers).end(reply.body ?? 'scripted');
    else if (reply.kind === 'answer' && options.streams === false) {
      const whole = {
        choices: [{ message: { content: reply.text }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 11, completion_tokens: 7 },
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
    } else if (reply.kind !== 'hang') stream(response, reply);
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      requests.push({ headers: headersOf(request), body });
      respond(response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    script: (...next) => {
      replies = next;
    },
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function stream(response: ServerResponse, reply: Exclude<FakeReply, { kind: 'status' | 'hang' }>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (data: unknown): boolean => response.write(`data: ${JSON.stringify(data)}\n\n`);
  // Small pieces, so that characters and events are split as a real server splits them.
  for (let index = 0; index < reply.text.length; index += 5) {
    send({
      id: 'chatcmpl-1',
      choices: [{ index: 0, delta: { content: reply.text.slice(index, index + 5) }, finish_reason: null }],
    });
  }
  if (reply.kind === 'die') {
    setImmediate(() => response.destroy());
    return;
  }
  if (reply.kind === 'error-event') send({ error: { message: 'engine died', code: 500 } });
  if (reply.kind === 'answer') {
    send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    send({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 7 } });
    response.write('data: [DONE]\n\n');
  }
  response.end();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) body += String(part);
  return body;
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}
