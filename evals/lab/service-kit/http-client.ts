import { Agent, request as sendRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Address } from './process-config.ts';
import type { RetrySetting } from './settings.ts';
import type { Span } from './tracing.ts';

/** A peer did not answer, or answered with a server error, after all attempts. */
export class UpstreamError extends Error {
  readonly peer: string;
  readonly reason: string;

  constructor(peer: string, reason: string, detail: string) {
    super(`${peer}: ${detail}`);
    this.name = 'UpstreamError';
    this.peer = peer;
    this.reason = reason;
  }
}

export interface Call {
  readonly method: string;
  /** The peer's route pattern, for labels. */
  readonly route: string;
  readonly path: string;
  readonly body?: unknown;
  readonly span: Span;
}

export interface ClientReply {
  readonly status: number;
  readonly body: unknown;
}

/** Calls one peer, with a deadline for each attempt and a few retries. */
export interface Client {
  readonly peer: string;
  /** Answers below 500 come back; everything else throws `UpstreamError`. */
  call(call: Call): Promise<ClientReply>;
}

export interface ClientDeps {
  readonly address: Address;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly retry: () => RetrySetting;
}

interface Attempt {
  readonly status: string;
  readonly reply?: ClientReply;
  readonly detail: string;
}

/** Makes the client of one peer; connections are kept alive. */
export function createClient(deps: ClientDeps): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const peer = deps.address.name;
  const call = async (wanted: Call): Promise<ClientReply> => {
    let last: Attempt = { status: 'error', detail: 'not sent' };
    const attempts = deps.retry().attempts;
    for (let number = 1; number <= attempts; number += 1) {
      const retry = deps.retry();
      if (number > 1) {
        deps.metrics.clientRetries.inc({ peer });
        if (retry.backoffMs > 0) await delay(retry.backoffMs * number);
      }
      last = await attempt(deps, agent, { wanted, timeoutMs: retry.timeoutMs });
      if (last.reply !== undefined && last.reply.status < 500) return last.reply;
      const fields = { peer, route: wanted.route, attempt: number, trace_id: wanted.span.traceId };
      deps.log.write('warn', `call to ${peer} failed: ${last.detail}`, fields);
    }
    throw new UpstreamError(peer, last.status, last.detail);
  };
  return { peer, call };
}

async function attempt(deps: ClientDeps, agent: Agent, how: { wanted: Call; timeoutMs: number }): Promise<Attempt> {
  const { wanted } = how;
  const peer = deps.address.name;
  const span = wanted.span.child('client', wanted.method, {
    'http.request.method': wanted.method,
    'http.route': wanted.route,
    'server.address': peer,
    'peer.service': peer,
  });
  const started = performance.now();
  const result = await exchange(deps.address, agent, { ...how, traceparent: span.traceparent });
  deps.metrics.clientDuration.observe({ peer }, (performance.now() - started) / 1000);
  deps.metrics.clientRequests.inc({ peer, route: wanted.route, status: result.status });
  if (result.reply !== undefined) span.set({ 'http.response.status_code': result.reply.status });
  span.end(result.reply === undefined || result.reply.status >= 500 ? result.detail : undefined);
  return result;
}

interface Sending {
  readonly wanted: Call;
  readonly timeoutMs: number;
  readonly traceparent: string;
}

function exchange(address: Address, agent: Agent, sending: Sending): Promise<Attempt> {
  const { wanted, timeoutMs } = sending;
  const body = wanted.body === undefined ? undefined : Buffer.from(JSON.stringify(wanted.body));
  return new Promise((resolve) => {
    const outgoing = sendRequest({
      host: '127.0.0.1',
      port: address.port,
      path: wanted.path,
      method: wanted.method,
      agent,
      headers: {
        host: address.name,
        traceparent: sending.traceparent,
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
      },
    });
    const timer = setTimeout(() => {
      resolve({ status: 'timeout', detail: `timeout after ${timeoutMs} ms` });
      outgoing.destroy();
    }, timeoutMs);
    const fail = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      resolve({ status: reasons[error.code ?? ''] ?? 'error', detail: reword(error, address) });
    };
    outgoing.on('error', fail);
    outgoing.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        const status = response.statusCode ?? 0;
        resolve({ status: String(status), detail: `HTTP ${status}`, reply: { status, body: parse(text) } });
      });
    });
    outgoing.end(body);
  });
}

const reasons: Readonly<Record<string, string>> = { ECONNREFUSED: 'refused', ECONNRESET: 'reset', EPIPE: 'reset' };

function reword(error: NodeJS.ErrnoException, address: Address): string {
  return `${error.code ?? error.name}: ${error.message.replaceAll(`127.0.0.1:${address.port}`, address.name)}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
