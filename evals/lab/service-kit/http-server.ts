import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Random } from '../random.ts';
import { enrichReply } from './enrichment.ts';
import { UpstreamError } from './http-client.ts';
import type { HttpReply, HttpRequest } from './http-message.ts';
import type { Log } from './log.ts';
import { errorFields } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Settings } from './settings.ts';
import type { Span, Tracer } from './tracing.ts';

export interface Route {
  readonly method: string;
  /** Like `/products/:id`. */
  readonly path: string;
  readonly handle: (request: HttpRequest) => Promise<HttpReply> | HttpReply;
}

export interface HttpServerDeps {
  readonly name: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly settings: Settings;
  readonly random: Random;
  /** The first to be asked; a reply ends the request. */
  readonly admit?: () => HttpReply | undefined;
  readonly onRequest: () => void;
}

/** An HTTP server with `/healthz`, `/metrics` and measured, traced and logged routes. */
export function createHttpServer(deps: HttpServerDeps, routes: readonly Route[]): Server {
  const table = routes.map((route) => ({ ...route, segments: route.path.split('/') }));
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://service');
    if (url.pathname === '/healthz') return reply(response, 200, { status: 'ok', version: deps.settings.version });
    if (url.pathname === '/metrics') return void sendMetrics(deps.metrics, response);
    const segments = url.pathname.split('/');
    for (const route of table) {
      const params = route.method === incoming.method ? match(route.segments, segments) : undefined;
      if (params !== undefined) return void serve(deps, route, { incoming, response, url, params });
    }
    return reply(response, 404, { error: 'no such route' });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly params: Record<string, string>;
}

async function serve(deps: HttpServerDeps, route: Route, exchange: Exchange): Promise<void> {
  const { metrics, settings, random } = deps;
  const header = exchange.incoming.headers['traceparent'];
  const span = deps.tracer.start({
    kind: 'server',
    name: `${route.method} ${route.path}`,
    traceparent: typeof header === 'string' ? header : undefined,
  });
  const started = performance.now();
  metrics.inFlight.inc();
  let status = 500;
  let failure: unknown;
  try {
    const body = await readBody(exchange.incoming);
    deps.onRequest();
    let result = deps.admit?.();
    if (result === undefined && random.chance(settings.unavailableShare)) {
      result = { status: 503, body: { error: 'shard is moving' } };
      deps.log.write('warn', 'shard is moving, request refused', { route: route.path, trace_id: span.traceId });
    }
    result ??= await route.handle({ params: exchange.params, query: exchange.url.searchParams, body, span });
    if (settings.enrichedShare > 0 && random.chance(settings.enrichedShare)) result = enrichReply(result);
    status = result.status ?? 200;
    reply(exchange.response, status, result.body);
  } catch (error) {
    failure = error;
    status = statusOf(error);
    reply(exchange.response, status, { error: error instanceof Error ? error.message : String(error) });
  } finally {
    const seconds = (performance.now() - started) / 1000;
    metrics.inFlight.dec();
    metrics.requests.inc({ method: route.method, route: route.path, status });
    metrics.duration.observe({ method: route.method, route: route.path }, seconds);
    span.set({ 'http.request.method': route.method, 'http.route': route.path, 'http.response.status_code': status });
    span.end(status >= 500 ? (failure instanceof Error ? failure.name : 'error') : undefined);
    logRequest(deps, { route, status, seconds, failure, span });
  }
}

interface Served {
  readonly route: Route;
  readonly status: number;
  readonly seconds: number;
  readonly failure: unknown;
  readonly span: Span;
}

function logRequest(deps: HttpServerDeps, served: Served): void {
  const fields = {
    trace_id: served.span.traceId,
    route: served.route.path,
    method: served.route.method,
    status: served.status,
    duration_ms: Math.round(served.seconds * 1000),
  };
  if (served.status >= 500) {
    const err = served.failure === undefined ? undefined : errorFields(served.failure, deps.name);
    deps.log.write('error', 'request failed', { ...fields, err });
  } else if (served.seconds > 1) {
    deps.log.write('warn', 'slow request', fields);
  } else if (deps.random.chance(0.04)) {
    deps.log.write('info', 'request served', fields);
  }
}

function statusOf(error: unknown): number {
  if (error instanceof UpstreamError) return error.reason === 'timeout' ? 504 : 502;
  if (error instanceof Error && error.name === 'PoolTimeoutError') return 503;
  return 500;
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const value = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return params;
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  if (incoming.method === 'GET') return undefined;
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length });
  response.end(text);
}

async function sendMetrics(metrics: Metrics, response: ServerResponse): Promise<void> {
  const text = await metrics.registry.metrics();
  response.writeHead(200, { 'content-type': metrics.registry.contentType });
  response.end(text);
}
