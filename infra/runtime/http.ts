import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import type { Clock } from './clock.ts';
import { CerebroError } from './errors.ts';
import type { Metrics } from './metrics.ts';
import type { Secret } from './secret.ts';

export interface HttpClientOptions {
  /** Names the back end in errors and metrics. */
  name: string;
  baseUrl: string;
  headers?: Record<string, string | Secret>;
  /** Per attempt; default 10 s. */
  timeoutMs?: number;
  /** Most requests a second toward the back end; default 20. */
  ratePerSecond?: number;
  /** Tries in all for retryable failures; default 3. Only safe methods and those marked `idempotent` are tried again. */
  attempts?: number;
  /** Largest reply body; default 32 MiB. */
  maxBytes?: number;
}

export interface HttpRequest {
  method?: string;
  query?: Record<string, string | number | string[] | undefined>;
  /** Sent as JSON unless it is a string or bytes (sent as given). */
  body?: unknown;
  headers?: Record<string, string>;
  /** A POST that only reads may be tried again. */
  idempotent?: boolean;
  signal?: AbortSignal;
}

export interface HttpReply {
  status: number;
  headers: Headers;
  text(): string;
  bytes(): Uint8Array<ArrayBuffer>;
  /** The body parsed as JSON; throws BACKEND_MALFORMED. */
  json(): unknown;
}

/** A client of one back end: a timeout, one retry policy with jitter, a rate limit and a size cap around every request. */
export interface HttpClient {
  request(path: string, init?: HttpRequest): Promise<HttpReply>;
}

/** Makes the client. Throws CerebroError: BACKEND_UNAVAILABLE (5xx, 429, no connection), BACKEND_REJECTED (other 4xx), TIMEOUT, CANCELLED, BACKEND_MALFORMED (body too large or not JSON). */
export function createHttpClient(deps: { clock: Clock; metrics?: Metrics }, options: HttpClientOptions): HttpClient {
  const bucket = createTokenBucket(deps.clock, options.ratePerSecond ?? 20);
  const policy = retry(
    handleWhen((thrown) => thrown instanceof CerebroError && thrown.retryable),
    {
      maxAttempts: Math.max(0, (options.attempts ?? 3) - 1),
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2_000 }),
    },
  );
  return {
    async request(path, init = {}) {
      const method = init.method ?? 'GET';
      const attempt = async (): Promise<HttpReply> => {
        await bucket.take(init.signal);
        try {
          const reply = await once(options, path, method, init);
          deps.metrics?.count('cerebro_source_requests_total', { source: options.name, status: 'ok' });
          return reply;
        } catch (thrown) {
          deps.metrics?.count('cerebro_source_requests_total', { source: options.name, status: 'failed' });
          throw thrown;
        }
      };
      const mayRepeat = method === 'GET' || method === 'HEAD' || init.idempotent === true;
      return mayRepeat ? policy.execute(attempt, init.signal) : attempt();
    },
  };
}

async function once(options: HttpClientOptions, path: string, method: string, init: HttpRequest): Promise<HttpReply> {
  const url = urlOf(options.baseUrl, path, init.query);
  const headers = headersOf(options, init);
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 10_000);
  const signal = init.signal === undefined ? timeout : AbortSignal.any([init.signal, timeout]);
  const where = `${options.name} at ${url.origin}${url.pathname}`;
  try {
    const response = await fetch(url, { method, headers, body: bodyOf(init.body), signal, redirect: 'manual' });
    const bytes = await readLimited(response, options.maxBytes ?? 32 * 1024 * 1024, where);
    if (response.status >= 400 || (response.status >= 300 && response.status < 400)) {
      const code = response.status >= 500 || response.status === 429 ? 'BACKEND_UNAVAILABLE' : 'BACKEND_REJECTED';
      throw new CerebroError(code, `${where} answered ${response.status}: ${textOf(bytes).slice(0, 300)}`, {
        details: { status: response.status },
      });
    }
    return {
      status: response.status,
      headers: response.headers,
      text: () => textOf(bytes),
      bytes: () => bytes,
      json: () => parse(textOf(bytes), where),
    };
  } catch (thrown) {
    if (thrown instanceof CerebroError) throw thrown;
    if (init.signal?.aborted === true)
      throw new CerebroError('CANCELLED', `The request to ${where} was withdrawn.`, { cause: thrown });
    if (timeout.aborted)
      throw new CerebroError('TIMEOUT', `${where} did not answer within ${options.timeoutMs ?? 10_000} ms.`, {
        cause: thrown,
      });
    throw new CerebroError('BACKEND_UNAVAILABLE', `${where} cannot be reached: ${causeOf(thrown)}`, { cause: thrown });
  }
}

function headersOf(options: HttpClientOptions, init: HttpRequest): Headers {
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(options.headers ?? {}))
    headers.set(name, typeof value === 'string' ? value : value.reveal());
  if (init.body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
  return headers;
}

function urlOf(baseUrl: string, path: string, query: HttpRequest['query']): URL {
  const url = new URL(path.replace(/^\//, ''), baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined) url.searchParams.append(name, String(item));
  }
  return url;
}

function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> | null {
  if (body === undefined) return null;
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Uint8Array.from(body) : JSON.stringify(body);
}

async function readLimited(response: Response, maxBytes: number, where: string): Promise<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw new CerebroError('BACKEND_MALFORMED', `${where} answered with more than ${maxBytes} bytes; ask for less.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new CerebroError(
      'BACKEND_MALFORMED',
      `${where} answered with something that is not JSON: ${text.slice(0, 120)}`,
      { cause: thrown },
    );
  }
}

function causeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? `${thrown.message} (${thrown.cause.message})` : thrown.message;
}

/** Lets `ratePerSecond` requests through on average, with a burst of one second's worth. */
function createTokenBucket(clock: Clock, ratePerSecond: number): { take(signal?: AbortSignal): Promise<void> } {
  let tokens = ratePerSecond;
  let filledAt = clock.monotonic();
  return {
    async take(signal) {
      const now = clock.monotonic();
      tokens = Math.min(ratePerSecond, tokens + ((now - filledAt) / 1000) * ratePerSecond);
      filledAt = now;
      tokens -= 1;
      if (tokens < 0) await clock.sleep((-tokens / ratePerSecond) * 1000, signal);
    },
  };
}
