import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { FaultDesk } from '../faults/fault-desk.ts';
import { isRecord, textIn } from '../service-kit/read-value.ts';
import { controlPage } from './control-page.ts';

export interface ControlParts {
  readonly token: string;
  readonly desk: FaultDesk;
  readonly load: (factor: number) => void;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The control port: a page for people, and the fault desk behind a bearer token. */
export function createControlServer(parts: ControlParts): Server {
  return createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/') {
      const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
      response.end(controlPage);
      return;
    }
    answer(parts, request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      },
      (error: unknown) => {
        const known = error instanceof RangeError || error instanceof SyntaxError;
        response.writeHead(known ? 400 : 500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: error instanceof Error ? error.message : 'failed' }));
      },
    );
  });
}

async function answer(parts: ControlParts, request: IncomingMessage): Promise<Answer> {
  if (!allowed(request.headers.authorization, parts.token)) return { status: 401, body: { error: 'token needed' } };
  const { desk } = parts;
  switch (`${request.method} ${request.url}`) {
    case 'GET /catalogue':
      return { status: 200, body: desk.catalogue() };
    case 'GET /faults':
      return { status: 200, body: desk.history() };
    case 'DELETE /faults':
      return { status: 200, body: await desk.clear() };
    case 'POST /faults': {
      const body = await readJson(request);
      const kind = textIn(body, 'kind');
      if (kind === '') throw new RangeError('kind is missing');
      const target = textIn(body, 'target');
      return { status: 201, body: await desk.inject(kind, target === '' ? undefined : target) };
    }
    case 'POST /load': {
      const body = await readJson(request);
      const factor = isRecord(body) ? body['factor'] : undefined;
      if (typeof factor !== 'number' || !(factor >= 0 && factor <= 10)) throw new RangeError('factor must be 0 to 10');
      parts.load(factor);
      return { status: 200, body: { factor } };
    }
    default:
      return { status: 404, body: { error: 'no such route' } };
  }
}

function allowed(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 10_000) throw new RangeError('body too large');
  }
  return JSON.parse(text === '' ? '{}' : text);
}
