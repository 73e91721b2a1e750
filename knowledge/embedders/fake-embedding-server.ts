import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2, type Http2Session } from 'node:http2';
import { z } from 'zod';
import { createRandom } from '../../infra/runtime/random.ts';

/** A loopback server of embeddings. `script` gives what it answers next: a status, or a whole body; afterwards it answers truly. */
export interface FakeEmbeddingServer {
  url: string;
  script(...replies: { status: number; body?: string }[]): void;
  requests: { path: string; headers: Record<string, string>; body: string }[];
  close(): Promise<void>;
}

const openAiRequest = z.object({ input: z.array(z.string()), encoding_format: z.string().optional() });
const titanRequest = z.object({ inputText: z.string().min(1), dimensions: z.number() });

/** A vector that depends on the text alone. */
function vectorOf(text: string, dimensions: number): number[] {
  let seed = 7;
  for (const character of text.slice(0, 10_000)) seed = (seed * 31 + character.codePointAt(0)!) % 2_147_483_647;
  const random = createRandom(seed);
  return Array.from({ length: dimensions }, () => random.next() - 0.5);
}

function answerOf(path: string, body: string, dimensions: number): string {
  if (path.includes('/invoke')) {
    const { inputText, dimensions: wanted } = titanRequest.parse(JSON.parse(body));
    return JSON.stringify({ embedding: vectorOf(inputText, wanted), inputTextTokenCount: 3 });
  }
  const { input, encoding_format: format } = openAiRequest.parse(JSON.parse(body));
  const data = input.map((text, index) => {
    const vector = vectorOf(text, dimensions);
    const embedding = format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
    return { object: 'embedding', index, embedding };
  });
  // Servers need not keep the order.
  return JSON.stringify({ object: 'list', data: data.toReversed(), usage: { prompt_tokens: 3, total_tokens: 3 } });
}

/** Opens the server: OpenAI's API over HTTP/1.1, or Bedrock's InvokeModel over HTTP/2 as the AWS client speaks it. */
export async function openFakeEmbeddingServer(
  protocol: 'openai' | 'bedrock',
  dimensions: number,
): Promise<FakeEmbeddingServer> {
  const requests: FakeEmbeddingServer['requests'] = [];
  let scripted: { status: number; body?: string }[] = [];
  const reply = (path: string, headers: Record<string, unknown>, body: string): { status: number; body: string } => {
    const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    requests.push({ path, headers: Object.fromEntries(texts), body });
    const next = scripted.shift();
    if (next !== undefined) return { status: next.status, body: next.body ?? '{"message":"scripted"}' };
    return { status: 200, body: answerOf(path, body, dimensions) };
  };
  const sessions = new Set<Http2Session>();
  const server =
    protocol === 'openai'
      ? createHttp1((request, response) => {
          let body = '';
          request.on('data', (part: Buffer) => (body += part.toString()));
          request.on('end', () => {
            const answer = reply(request.url ?? '', request.headers, body);
            response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
          });
        })
      : createHttp2();
  if (protocol === 'bedrock') {
    server.on('session', (session: Http2Session) => {
      sessions.add(session);
      session.on('close', () => sessions.delete(session));
    });
    server.on(
      'request',
      (request: NodeJS.ReadableStream & { url: string; headers: Record<string, unknown> }, response) => {
        let body = '';
        request.on('data', (part: Buffer) => (body += part.toString()));
        request.on('end', () => {
          const answer = reply(decodeURIComponent(request.url), request.headers, body);
          const names = { 429: 'ThrottlingException', 400: 'ValidationException', 403: 'AccessDeniedException' };
          const kind = Object.entries(names).find(([status]) => Number(status) === answer.status)?.[1];
          response.writeHead(answer.status, {
            'content-type': 'application/json',
            ...(kind === undefined ? {} : { 'x-amzn-errortype': kind }),
          });
          response.end(answer.body);
        });
      },
    );
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    script: (...replies) => {
      scripted = replies;
    },
    requests,
    close: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy();
        server.close(() => resolve());
      }),
  };
}
