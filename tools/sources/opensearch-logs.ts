import { z } from 'zod';
import type { LogRecord } from '../../domain/signal.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createHttpClient } from '../../infra/runtime/http.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import { createEntityLabels } from './entity-labels.ts';
import { readLogFields } from '../../detection/evidence/logs/formats/json-fields.ts';
import { timeOf } from '../../detection/evidence/logs/formats/log-time.ts';
import { fitsLogRequest, pageSizeOf, wordsOf } from './log-page.ts';
import type { LogRequest, LogSource } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';

export interface OpenSearchLogsOptions {
  url: string;
  name?: string;
  headers?: Record<string, string | Secret>;
  timeoutMs?: number;
  ratePerSecond?: number;
  /** Index, alias or pattern; default `logs-*`. */
  index?: string;
  /** Default `@timestamp`. */
  timeField?: string;
  /** Exact (keyword) field that names the entity; default `service.name`. */
  entityField?: string;
}

const answer = z.object({
  timed_out: z.boolean().optional(),
  _shards: z.object({ failed: z.number().optional() }).optional(),
  hits: z.object({
    hits: z.array(
      z.object({ _id: z.string(), _source: z.record(z.string(), z.unknown()), sort: z.array(z.unknown()).optional() }),
    ),
  }),
});

const pagesMax = 30;

/** OpenSearch (and Elasticsearch 7 and later) as a source of logs: `_search`, sorted by time, page by page. */
export function createOpenSearchLogs(
  deps: { clock: Clock; metrics?: Metrics },
  options: OpenSearchLogsOptions,
): LogSource {
  const {
    name = 'opensearch',
    url: baseUrl,
    index = 'logs-*',
    timeField = '@timestamp',
    entityField = 'service.name',
    ...limits
  } = options;
  const http = createHttpClient(deps, { name, baseUrl, ...limits });
  const { entityOf, namesOf } = createEntityLabels(['entity']);

  const readPage = async (body: object, signal?: AbortSignal): Promise<z.infer<typeof answer>> => {
    const reply = await http.request(`${encodeURIComponent(index)}/_search`, {
      method: 'POST',
      idempotent: true,
      query: { ignore_unavailable: 'true' },
      body,
      ...(signal === undefined ? {} : { signal }),
    });
    const parsed = answer.safeParse(reply.json());
    if (!parsed.success)
      throw new CerebroError(
        'BACKEND_MALFORMED',
        `The answer is not OpenSearch's: ${parsed.error.issues[0]?.message ?? ''}`,
      );
    return parsed.data;
  };
  const recordOf = (source: Record<string, unknown>): LogRecord | undefined => {
    const at = timeOf(memberOf(source, timeField));
    if (at === undefined) return undefined;
    const { level, message, fields, traceId } = readLogFields(flattened(source));
    return {
      at: new Date(at).toISOString(),
      entity: entityOf({ entity: memberOf(source, entityField) }),
      level,
      message,
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(traceId === undefined ? {} : { traceId }),
    };
  };

  return {
    name,
    async search(request, signal) {
      stopIfAborted(signal);
      const found: LogRecord[] = [];
      const notes = new Set<string>();
      let from: unknown = request.window.from;
      let edge: string[] = [];
      let more = false;
      for (let page = 0; found.length <= request.limit; page += 1) {
        if (page === pagesMax) {
          more = true;
          notes.add(
            `${name} was read for ${pagesMax} pages of ${pageSizeOf(request)} records; narrow the window or the words for the rest`,
          );
          break;
        }
        const filter = { from, edge, timeField, entityField, names: namesOf(request.entities) };
        const { hits, timed_out, _shards } = await readPage(bodyOf(request, filter), signal);
        if (timed_out === true || (_shards?.failed ?? 0) > 0)
          notes.add(`${name} answered in part: some shards failed or ran out of time`);
        for (const hit of hits.hits) {
          const record = recordOf(hit._source);
          if (record !== undefined && fitsLogRequest(record, request)) found.push(record);
        }
        const last = hits.hits.at(-1)?.sort?.[0];
        if (hits.hits.length < pageSizeOf(request) || last === undefined) break;
        // Records of the last time may be cut apart by the page, so the next begins there and leaves out those already read.
        edge = [
          ...(last === from ? edge : []),
          ...hits.hits.filter((hit) => hit.sort?.[0] === last).map((hit) => hit._id),
        ];
        from = last;
      }
      found.sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
      return sourceResultOf(found, {
        limit: request.limit,
        more,
        notes: [...notes],
        lookedAt: `${name} at ${baseUrl}, index ${index}; asked for ${request.entities.join(', ') || 'all entities'}${request.text === undefined ? '' : `, words ${request.text}`}, ${request.window.from} to ${request.window.to}`,
      });
    },
  };
}

interface PageFilter {
  from: unknown;
  edge: string[];
  timeField: string;
  entityField: string;
  names: string[];
}

function bodyOf(request: LogRequest, filter: PageFilter): object {
  const { from, edge, timeField, entityField, names } = filter;
  const words = wordsOf(request.text);
  const must: object[] = [
    { range: { [timeField]: { gte: from, lt: request.window.to, format: 'strict_date_optional_time||epoch_millis' } } },
  ];
  if (names.length > 0) must.push({ terms: { [entityField]: names } });
  if (request.traceId !== undefined)
    must.push({ multi_match: { query: request.traceId, fields: ['trace_id', 'trace.id', 'traceId'], lenient: true } });
  if (words.length > 0)
    must.push({
      multi_match: {
        query: words.join(' '),
        operator: 'and',
        type: 'cross_fields',
        fields: ['message', 'msg', 'body', 'error.*'],
        lenient: true,
      },
    });
  return {
    size: pageSizeOf(request),
    track_total_hits: false,
    sort: [{ [timeField]: { order: 'asc' } }],
    query: { bool: { filter: must, ...(edge.length === 0 ? {} : { must_not: [{ ids: { values: edge } }] }) } },
  };
}

/** A member by its path, given nested or with dots in its name. */
function memberOf(source: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(source, path)) return source[path];
  let value: unknown = source;
  for (const part of path.split('.')) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return value;
}

/** The ECS members that carry level, trace and message nested, lifted to the names that log lines use. */
function flattened(source: Record<string, unknown>): Record<string, unknown> {
  const lifted: Record<string, unknown> = { ...source };
  for (const path of ['log.level', 'trace.id']) {
    const value = memberOf(source, path);
    if (value !== undefined) lifted[path] = value;
  }
  return lifted;
}
