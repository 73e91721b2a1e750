import { z } from 'zod';
import type { LogRecord } from '../../domain/signal.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createHttpClient } from '../../infra/runtime/http.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import { createEntityLabels } from './entity-labels.ts';
import { fitsLogRequest, pageSizeOf, readStoredLine, wordsOf } from './log-page.ts';
import type { LogRequest, LogSource } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';

export interface LokiOptions {
  url: string;
  name?: string;
  /** For instance `X-Scope-OrgID` and `Authorization`. */
  headers?: Record<string, string | Secret>;
  timeoutMs?: number;
  ratePerSecond?: number;
  /** The stream label that names the entity; default `service_name`, which Loki 3 sets by itself. */
  entityLabel?: string;
}

const answer = z.object({
  data: z.object({
    resultType: z.literal('streams'),
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()]).rest(z.record(z.string(), z.unknown()))),
      }),
    ),
  }),
});

const pagesMax = 30;

/** Grafana Loki (2.x and 3.x) as a source of logs, read forward page by page through `query_range`. */
export function createLoki(deps: { clock: Clock; metrics?: Metrics }, options: LokiOptions): LogSource {
  const { name = 'loki', url: baseUrl, entityLabel = 'service_name', ...limits } = options;
  const http = createHttpClient(deps, { name, baseUrl, ...limits });
  const { entityOf, namesOf } = createEntityLabels([entityLabel]);

  const readPage = async (
    query: string,
    [start, end]: [bigint, bigint],
    size: number,
    signal?: AbortSignal,
  ): Promise<Line[]> => {
    const reply = await http.request('loki/api/v1/query_range', {
      query: { query, start: String(start), end: String(end), limit: size, direction: 'forward' },
      ...(signal === undefined ? {} : { signal }),
    });
    const parsed = answer.safeParse(reply.json());
    if (!parsed.success)
      throw new CerebroError('BACKEND_MALFORMED', `The answer is not Loki's: ${parsed.error.issues[0]?.message ?? ''}`);
    const lines = parsed.data.data.result.flatMap(({ stream, values }) =>
      values.map(([nanos, text, extra]): Line => ({
        nanos: BigInt(nanos),
        text,
        labels: stream,
        key: `${nanos} ${JSON.stringify(stream)} ${text}`,
        extra: extra ?? {},
      })),
    );
    return lines.sort((left, right) => (left.nanos < right.nanos ? -1 : left.nanos > right.nanos ? 1 : 0));
  };

  return {
    name,
    async search(request, signal) {
      stopIfAborted(signal);
      const query = logqlOf(request, entityLabel, namesOf(request.entities));
      const end = nanosOf(request.window.to);
      const size = pageSizeOf(request);
      let start = nanosOf(request.window.from);
      const seen = new Set<string>();
      const found: LogRecord[] = [];
      let more = false;
      for (let page = 0; found.length <= request.limit; page += 1) {
        if (page === pagesMax) {
          more = true;
          break;
        }
        const lines = await readPage(query, [start, end], size, signal);
        const fresh = lines.filter((line) => !seen.has(line.key));
        for (const line of fresh) {
          seen.add(line.key);
          const record = readStoredLine(
            line.text,
            Number(line.nanos / 1_000n) / 1_000,
            entityOf(line.labels),
            levelLabels(line),
          );
          if (fitsLogRequest(record, request)) found.push(record);
        }
        if (lines.length < size) break;
        const last = lines.at(-1)!.nanos;
        // The next page starts at the last line's time, as lines of the same nanosecond may be cut apart; unless all were of it.
        start = last > start ? last : last + 1n;
      }
      const notes = more
        ? [`${name} was read for ${pagesMax} pages of ${size} lines; narrow the window or the words for the rest`]
        : [];
      return sourceResultOf(found, {
        limit: request.limit,
        more,
        notes,
        lookedAt: `${name} at ${baseUrl}: ${query}, ${request.window.from} to ${request.window.to}`,
      });
    },
  };
}

interface Line {
  nanos: bigint;
  text: string;
  labels: Record<string, string>;
  key: string;
  extra: Record<string, unknown>;
}

function logqlOf(request: LogRequest, label: string, names: readonly string[]): string {
  const stream =
    names.length === 0
      ? `{${label}=~".+"}`
      : `{${label}=~${JSON.stringify(names.map((one) => escapeRegex(one)).join('|'))}}`;
  const words = wordsOf(request.text).map((word) => ` |~ ${JSON.stringify(`(?i)${escapeRegex(word)}`)}`);
  const trace = request.traceId === undefined ? '' : ` |= ${JSON.stringify(request.traceId)}`;
  return `${stream}${words.join('')}${trace}`;
}

function levelLabels(line: Line): Record<string, unknown> {
  const level = line.labels['level'] ?? line.labels['detected_level'] ?? line.extra['detected_level'];
  const trace = line.extra['trace_id'];
  return { ...(level === undefined ? {} : { level }), ...(trace === undefined ? {} : { trace_id: trace }) };
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[.+*?^${}()|[\]\\]/g, '\\$&');
}

function nanosOf(instant: string): bigint {
  return BigInt(msOf(instant)) * 1_000_000n;
}
