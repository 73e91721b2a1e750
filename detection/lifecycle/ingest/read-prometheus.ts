import { z } from 'zod';
import { canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { HttpClient } from '../../../infra/runtime/http.ts';
import { tableOfSeries, type NamedSeries } from './series-table.ts';
import type { TelemetryTable } from './telemetry-table.ts';

const reply = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
    ),
  }),
});
/** Prometheus refuses more points a series in one answer. */
const mostPoints = 11_000;
const entityLabels = ['instance', 'pod', 'service', 'job', 'host', 'node'];

/** What to read. Times in milliseconds, both ends included. */
export interface RangeQuery {
  query: string;
  from: number;
  to: number;
  stepMs: number;
  /** Label that names the entity; the first of instance, pod, service, job, host, node that is there unless told. */
  entityLabel?: string | undefined;
}

/**
 * Reads ranges of PromQL (`/api/v1/query_range`), in pieces of at most 11,000 points, and puts the series of one entity side by side; a column's
 * name is the metric's with its other labels. Throws BACKEND_MALFORMED for another form of answer, NOT_FOUND when no series came.
 */
export async function readPrometheus(http: HttpClient, queries: readonly RangeQuery[]): Promise<TelemetryTable> {
  const series: NamedSeries[] = [];
  for (const query of queries) series.push(...(await readOne(http, query)));
  if (series.length === 0)
    throw new CerebroError(
      'NOT_FOUND',
      `No series answers ${queries.map(({ query }) => query).join(' or ')} in that time.`,
    );
  return tableOfSeries(queries.map(({ query }) => query).join('; '), series, queries[0]!.stepMs);
}

async function readOne(http: HttpClient, { query, from, to, stepMs, entityLabel }: RangeQuery): Promise<NamedSeries[]> {
  const found = new Map<string, { entity: string; name: string; at: number[]; values: number[] }>();
  for (let start = from; start <= to; start += mostPoints * stepMs) {
    const end = Math.min(to, start + (mostPoints - 1) * stepMs);
    const answer = await http.request('/api/v1/query_range', {
      query: { query, start: start / 1_000, end: end / 1_000, step: stepMs / 1_000 },
    });
    const parsed = reply.safeParse(answer.json());
    if (!parsed.success)
      throw new CerebroError('BACKEND_MALFORMED', `Prometheus answered ${query} with no matrix.`, {
        cause: parsed.error,
      });
    for (const { metric, values } of parsed.data.data.result) {
      const key = canonicalJson(metric);
      let one = found.get(key);
      if (one === undefined) {
        const label = entityLabel ?? entityLabels.find((name) => metric[name] !== undefined);
        one = {
          entity: (label === undefined ? undefined : metric[label]) ?? 'series',
          name: nameOf(metric, label, query),
          at: [],
          values: [],
        };
        found.set(key, one);
      }
      for (const [at, text] of values) {
        one.at.push(at * 1_000);
        one.values.push(numberOf(text));
      }
    }
  }
  return [...found.values()];
}

/** The metric's name with the labels that tell series of one entity apart; the query itself where an expression has no name. */
function nameOf(metric: Readonly<Record<string, string>>, entity: string | undefined, query: string): string {
  const labels = Object.entries(metric)
    .filter(([name]) => name !== '__name__' && name !== entity && name !== 'job' && name !== 'instance')
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  const base = metric['__name__'] ?? query;
  return labels.length === 0 ? base : `${base}{${labels.join(',')}}`;
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
