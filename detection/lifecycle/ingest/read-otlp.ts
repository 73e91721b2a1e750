import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { epochMs } from './parse-time.ts';
import { type NamedSeries, tableOfSeries } from './series-table.ts';
import type { TelemetryTable } from './telemetry-table.ts';

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()).default({}) });
const integer = z.union([z.string(), z.number()]).transform(Number);
const point = z.object({
  attributes: z.array(attribute).default([]),
  timeUnixNano: z.union([z.string(), z.number()]),
  asDouble: z.number().optional(),
  asInt: integer.optional(),
  count: integer.optional(),
  sum: z.number().optional(),
});
const points = z.object({ dataPoints: z.array(point).default([]) });
const metric = z.object({
  name: z.string(),
  gauge: points.optional(),
  sum: points.optional(),
  histogram: points.optional(),
  exponentialHistogram: points.optional(),
  summary: points.optional(),
});
const request = z.object({
  resourceMetrics: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute).default([]) }).optional(),
      scopeMetrics: z.array(z.object({ metrics: z.array(metric).default([]) })).default([]),
    }),
  ),
});
const entityKeys = ['host.name', 'service.instance.id', 'k8s.pod.name', 'service.name'];

/**
 * Reads OTLP metrics in their JSON encoding (opentelemetry-proto, `ExportMetricsServiceRequest`): one request, or one a line as the
 * collector's file exporter writes them. Gauges and sums give their value; histograms and summaries give `<name>:count` and
 * `<name>:sum`. The entity is the host, instance, pod or service of the resource; labels of a point join the column's name. Throws
 * INPUT_INVALID that names the line.
 */
export function readOtlp(text: string, source: string, stepMs: number): TelemetryTable {
  const series = new Map<string, { entity: string; name: string; at: number[]; values: number[] }>();
  for (const [line, json] of jsonOf(text)) {
    const parsed = request.safeParse(json);
    if (!parsed.success)
      throw new CerebroError(
        'INPUT_INVALID',
        `${source} line ${line} is no OTLP metrics request: ${parsed.error.issues[0]?.path.join('.')}.`,
      );
    for (const { resource, scopeMetrics } of parsed.data.resourceMetrics) {
      const about = new Map((resource?.attributes ?? []).map(({ key, value }) => [key, textOf(value)]));
      const entity =
        entityKeys.map((key) => about.get(key)).find((found) => found !== undefined && found !== '') ?? 'series';
      for (const one of scopeMetrics.flatMap(({ metrics }) => metrics)) take(series, entity, one);
    }
  }
  const all: NamedSeries[] = [...series.values()];
  if (all.length === 0) throw new CerebroError('INPUT_INVALID', `${source} holds no metric.`);
  return tableOfSeries(source, all, stepMs);
}

function take(
  series: Map<string, { entity: string; name: string; at: number[]; values: number[] }>,
  entity: string,
  one: z.infer<typeof metric>,
): void {
  const add = (name: string, at: number, value: number): void => {
    const key = `${entity}\u0000${name}`;
    const found = series.get(key) ?? { entity, name, at: [], values: [] };
    series.set(key, found);
    found.at.push(at);
    found.values.push(value);
  };
  for (const given of [one.gauge, one.sum, one.histogram, one.exponentialHistogram, one.summary]) {
    for (const { attributes, timeUnixNano, asDouble, asInt, count, sum } of given?.dataPoints ?? []) {
      const labels = attributes.map(({ key, value }) => `${key}=${textOf(value)}`).sort();
      const name = labels.length === 0 ? one.name : `${one.name}{${labels.join(',')}}`;
      const at = epochMs(Number(timeUnixNano));
      const value = asDouble ?? asInt;
      if (value !== undefined) add(name, at, value);
      if (count !== undefined) add(`${name}:count`, at, count);
      if (sum !== undefined) add(`${name}:sum`, at, sum);
    }
  }
}

/** JSON documents of a text: the whole, or one a line; with the line where each begins. */
function jsonOf(text: string): [number, unknown][] {
  try {
    return [[1, JSON.parse(text)]];
  } catch {
    return text.split('\n').flatMap((line, index): [number, unknown][] => {
      if (line.trim() === '') return [];
      try {
        return [[index + 1, JSON.parse(line)]];
      } catch (thrown) {
        throw new CerebroError('INPUT_INVALID', `Line ${index + 1} is not JSON.`, { cause: thrown });
      }
    });
  }
}

function textOf(value: Readonly<Record<string, unknown>>): string {
  const [first] = Object.values(value);
  return typeof first === 'string' || typeof first === 'number' || typeof first === 'boolean' ? String(first) : '';
}
