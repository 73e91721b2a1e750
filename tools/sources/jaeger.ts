import { z } from 'zod';
import { entityIdOf, entityNameOf } from '../../domain/entity.ts';
import type { Span } from '../../domain/signal.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createHttpClient } from '../../infra/runtime/http.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import type { TraceRequest, TraceSource } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';
import { groupTraces, takeWholeTraces } from './whole-traces.ts';

export interface JaegerOptions {
  /** Base of the query service, for instance `http://jaeger:16686`. */
  url: string;
  name?: string;
  headers?: Record<string, string | Secret>;
  timeoutMs?: number;
  ratePerSecond?: number;
}

const tag = z.object({ key: z.string(), value: z.union([z.string(), z.number(), z.boolean()]).catch('') });
const jaegerSpan = z.object({
  traceID: z.string(),
  spanID: z.string(),
  operationName: z.string(),
  references: z.array(z.object({ refType: z.string(), spanID: z.string() })).nullish(),
  startTime: z.number(),
  duration: z.number().min(0),
  tags: z.array(tag).nullish(),
  processID: z.string().optional(),
});
const traces = z.object({
  data: z.array(
    z.object({
      traceID: z.string(),
      spans: z.array(jaegerSpan),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
});
const services = z.object({ data: z.array(z.string()).nullable() });

const tracesMax = 500;
const servicesMax = 50;

/** Jaeger's query service (1.x and 2.x, the JSON API of its own page) as a source of traces. */
export function createJaeger(deps: { clock: Clock; metrics?: Metrics }, options: JaegerOptions): TraceSource {
  const { name = 'jaeger', url: baseUrl, ...limits } = options;
  const http = createHttpClient(deps, { name, baseUrl, ...limits });
  const get = async <T>(
    path: string,
    schema: z.ZodType<T>,
    query: Record<string, string | undefined>,
    signal?: AbortSignal,
  ): Promise<T> => {
    const reply = await http.request(`api/${path}`, { query, ...(signal === undefined ? {} : { signal }) });
    const parsed = schema.safeParse(reply.json());
    if (!parsed.success)
      throw new CerebroError(
        'BACKEND_MALFORMED',
        `The answer to ${path} is not Jaeger's: ${parsed.error.issues[0]?.message ?? ''}`,
      );
    return parsed.data;
  };
  const readOne = async (traceId: string, signal?: AbortSignal): Promise<z.infer<typeof traces>['data']> => {
    try {
      return (await get(`traces/${encodeURIComponent(traceId)}`, traces, {}, signal)).data;
    } catch (thrown) {
      if (thrown instanceof CerebroError && thrown.details['status'] === 404) return [];
      throw thrown;
    }
  };
  return {
    name,
    async search(request, signal) {
      stopIfAborted(signal);
      const notes: string[] = [];
      let more = false;
      const found: Span[] = [];
      if (request.traceId === undefined) {
        let names = request.entities.map((id) => entityNameOf(id));
        if (names.length === 0) names = (await get('services', services, {}, signal)).data ?? [];
        if (names.length > servicesMax) {
          notes.push(
            `${name} knows ${names.length} services; the first ${servicesMax} were read, name the ones that matter`,
          );
          more = true;
        }
        for (const service of names.sort().slice(0, servicesMax)) {
          const read = await get('traces', traces, queryOf(service, request), signal);
          more ||= read.data.length >= Math.max(1, Math.min(request.limit, tracesMax));
          for (const trace of read.data) found.push(...spansOf(trace));
        }
      } else for (const trace of await readOne(request.traceId, signal)) found.push(...spansOf(trace));
      const taken = takeWholeTraces(groupTraces(withinRequest(found, request)), request.limit);
      return sourceResultOf(taken.found, {
        limit: request.limit,
        more: more || taken.more,
        notes,
        lookedAt: `${name} at ${baseUrl}: ${request.traceId ?? (request.entities.join(', ') || 'all services')}, ${request.window.from} to ${request.window.to}`,
      });
    },
  };
}

/** Spans of the window, of traces in which some span fits entity, error and duration; back ends say this less exactly. */
export function withinRequest(spans: readonly Span[], request: TraceRequest): Span[] {
  const [from, to] = [msOf(request.window.from), msOf(request.window.to)];
  const inside = spans.filter((one) => one.startMs >= from && one.startMs < to);
  const names = new Set(request.entities.map((id) => entityNameOf(id)));
  const fitting = inside.filter(
    (one) =>
      (names.size === 0 || names.has(entityNameOf(one.entity))) &&
      (request.onlyErrors !== true || one.status === 'error') &&
      one.durationMs >= (request.minDurationMs ?? 0),
  );
  const wanted = new Set(fitting.map((one) => one.traceId));
  return inside.filter((one) => wanted.has(one.traceId));
}

function queryOf(service: string, request: TraceRequest): Record<string, string | undefined> {
  return {
    service,
    start: String(msOf(request.window.from) * 1_000),
    end: String(msOf(request.window.to) * 1_000),
    limit: String(Math.max(1, Math.min(request.limit, tracesMax))),
    minDuration: request.minDurationMs === undefined ? undefined : `${request.minDurationMs}ms`,
    tags: request.onlyErrors === true ? '{"error":"true"}' : undefined,
  };
}

function spansOf(trace: z.infer<typeof traces>['data'][number]): Span[] {
  return trace.spans.map((one): Span => {
    const attributes = Object.fromEntries((one.tags ?? []).map(({ key, value }) => [key, value]));
    const { 'span.kind': kind, error, 'otel.status_code': code, ...rest } = attributes;
    const parent = (one.references ?? []).find((reference) => reference.refType === 'CHILD_OF') ?? one.references?.[0];
    return {
      traceId: one.traceID.padStart(32, '0'),
      spanId: one.spanID.padStart(16, '0'),
      ...(parent === undefined ? {} : { parentId: parent.spanID.padStart(16, '0') }),
      entity: entityIdOf('service', trace.processes[one.processID ?? '']?.serviceName ?? 'unknown'),
      name: one.operationName,
      kind: kind === 'server' || kind === 'client' || kind === 'producer' || kind === 'consumer' ? kind : 'internal',
      startMs: one.startTime / 1_000,
      durationMs: one.duration / 1_000,
      status: error === true || error === 'true' || code === 'ERROR' ? 'error' : code === 'OK' ? 'ok' : 'unset',
      attributes: rest,
    };
  });
}
