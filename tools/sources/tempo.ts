import { z } from 'zod';
import { entityNameOf } from '../../domain/entity.ts';
import type { Span } from '../../domain/signal.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createHttpClient } from '../../infra/runtime/http.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import { withinRequest } from './jaeger.ts';
import { readOtlpSpans } from './otlp-spans.ts';
import type { TraceRequest, TraceSource } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';
import { groupTraces, takeWholeTraces } from './whole-traces.ts';

export interface TempoOptions {
  url: string;
  name?: string;
  headers?: Record<string, string | Secret>;
  timeoutMs?: number;
  ratePerSecond?: number;
}

const searchAnswer = z.object({ traces: z.array(z.object({ traceID: z.string() })).nullish() });

const tracesMax = 100;
const sideBySide = 4;

/** Grafana Tempo (2.x) as a source of traces: TraceQL finds them, each is then read whole. */
export function createTempo(deps: { clock: Clock; metrics?: Metrics }, options: TempoOptions): TraceSource {
  const { name = 'tempo', url: baseUrl, ...limits } = options;
  const http = createHttpClient(deps, { name, baseUrl, ...limits });
  const find = async (request: TraceRequest, query: string, signal?: AbortSignal): Promise<string[]> => {
    const limit = Math.max(1, Math.min(request.limit, tracesMax));
    const start = Math.floor(msOf(request.window.from) / 1_000);
    const end = Math.ceil(msOf(request.window.to) / 1_000);
    const reply = await http.request('api/search', {
      query: { q: query, start, end, limit },
      ...(signal === undefined ? {} : { signal }),
    });
    const parsed = searchAnswer.safeParse(reply.json());
    if (!parsed.success)
      throw new CerebroError(
        'BACKEND_MALFORMED',
        `The answer to a search is not Tempo's: ${parsed.error.issues[0]?.message ?? ''}`,
      );
    // Tempo leaves leading zeros of ids out.
    return (parsed.data.traces ?? []).map((trace) => trace.traceID.padStart(32, '0'));
  };
  const readOne = async (traceId: string, signal?: AbortSignal): Promise<Span[]> => {
    try {
      const reply = await http.request(`api/traces/${encodeURIComponent(traceId)}`, {
        headers: { accept: 'application/json' },
        ...(signal === undefined ? {} : { signal }),
      });
      return readOtlpSpans(reply.json()).spans.map(({ span }) => span);
    } catch (thrown) {
      // A trace can be gone between the search and the read.
      if (thrown instanceof CerebroError && thrown.details['status'] === 404) return [];
      throw thrown;
    }
  };
  return {
    name,
    async search(request, signal) {
      stopIfAborted(signal);
      const query = traceqlOf(request);
      const ids = request.traceId === undefined ? await find(request, query, signal) : [request.traceId];
      const found: Span[] = [];
      for (let next = 0; next < ids.length; next += sideBySide) {
        const read = await Promise.all(ids.slice(next, next + sideBySide).map((id) => readOne(id, signal)));
        for (const spans of read) found.push(...spans);
      }
      const taken = takeWholeTraces(groupTraces(withinRequest(found, request)), request.limit);
      return sourceResultOf(taken.found, {
        limit: request.limit,
        more: taken.more || ids.length >= tracesMax || (request.traceId === undefined && ids.length >= request.limit),
        lookedAt: `${name} at ${baseUrl}: ${request.traceId ?? query}, ${request.window.from} to ${request.window.to}`,
      });
    },
  };
}

function traceqlOf(request: TraceRequest): string {
  const parts: string[] = [];
  if (request.entities.length > 0) {
    const names = request.entities.map((id) => entityNameOf(id).replaceAll(/[.+*?^${}()|[\]\\]/g, '\\$&'));
    parts.push(`resource.service.name =~ ${JSON.stringify(names.join('|'))}`);
  }
  if (request.onlyErrors === true) parts.push('status = error');
  if (request.minDurationMs !== undefined) parts.push(`duration >= ${request.minDurationMs}ms`);
  return `{ ${parts.join(' && ')} }`;
}
