import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { LogRecord } from './parse-log-line.ts';
import { parseLogLine } from './parse-log-line.ts';
import { epochMs, parseTime } from './parse-time.ts';
import { type NamedSeries, tableOfSeries } from './series-table.ts';
import type { TelemetryTable } from './telemetry-table.ts';

const instant = z.union([z.string().transform(parseTime), z.number().transform(epochMs)]);
const dimension = z.object({ Name: z.string(), Value: z.string() });
const metricData = z.object({
  MetricDataResults: z.array(
    z.object({
      Id: z.string(),
      Label: z.string().optional(),
      Timestamps: z.array(instant),
      Values: z.array(z.number()),
    }),
  ),
});
const statistics = z.object({
  Label: z.string(),
  Dimensions: z.array(dimension).optional(),
  Datapoints: z.array(
    z.object({
      Timestamp: instant,
      Average: z.number().optional(),
      Sum: z.number().optional(),
      Maximum: z.number().optional(),
      Minimum: z.number().optional(),
      SampleCount: z.number().optional(),
    }),
  ),
});
const streamed = z.object({
  metric_name: z.string(),
  dimensions: z.record(z.string(), z.string()).default({}),
  timestamp: instant,
  value: z.object({ max: z.number(), min: z.number(), sum: z.number(), count: z.number() }),
});
const events = z.object({
  events: z.array(z.object({ timestamp: instant, message: z.string(), logStreamName: z.string().optional() })),
});

/**
 * Reads metrics that AWS's own tools exported as JSON: `get-metric-data`, `get-metric-statistics` (one document or a list), or a metric stream's
 * lines. Average counts where there is one, then sum. The entity is the first dimension's value. No AWS client is used: what exports is the
 * user's `aws cloudwatch` or their stream. Throws INPUT_INVALID for other shapes.
 */
export function readCloudWatchMetrics(text: string, source: string, stepMs: number): TelemetryTable {
  const documents = documentsOf(text, source);
  const series = documents.flatMap((json) => seriesOf(json, source));
  if (series.length === 0) throw new CerebroError('INPUT_INVALID', `${source} holds no metric of CloudWatch.`);
  return tableOfSeries(source, series, stepMs);
}

/** Reads `aws logs filter-log-events` or `get-log-events` output; the stream is the source of a record that names none itself. */
export function readCloudWatchLogs(text: string, source: string): LogRecord[] {
  return documentsOf(text, source).flatMap((json) => {
    const parsed = events.safeParse(json);
    if (!parsed.success)
      throw new CerebroError(
        'INPUT_INVALID',
        `${source} is no export of CloudWatch logs: ${parsed.error.issues[0]?.path.join('.')}.`,
      );
    return parsed.data.events.map(({ timestamp, message, logStreamName }) =>
      parseLogLine(message, { at: timestamp, source: logStreamName ?? source }),
    );
  });
}

function seriesOf(json: unknown, source: string): NamedSeries[] {
  const data = metricData.safeParse(json);
  if (data.success)
    return data.data.MetricDataResults.map(({ Id, Label, Timestamps, Values }) => ({
      entity: 'series',
      name: Label ?? Id,
      at: Timestamps,
      values: Values,
    }));
  const stats = statistics.safeParse(json);
  if (stats.success) {
    const { Label, Dimensions, Datapoints } = stats.data;
    const sorted = Datapoints.toSorted((left, right) => left.Timestamp - right.Timestamp);
    return [
      {
        entity: Dimensions?.[0]?.Value ?? 'series',
        name: Label,
        at: sorted.map(({ Timestamp }) => Timestamp),
        values: sorted.map(
          ({ Average, Sum, Maximum, Minimum, SampleCount }) =>
            Average ?? Sum ?? Maximum ?? Minimum ?? SampleCount ?? NaN,
        ),
      },
    ];
  }
  const stream = streamed.safeParse(json);
  if (stream.success) {
    const { metric_name: name, dimensions, timestamp, value } = stream.data;
    return [
      {
        entity: Object.values(dimensions)[0] ?? 'series',
        name,
        at: [timestamp],
        values: [value.count === 0 ? NaN : value.sum / value.count],
      },
    ];
  }
  throw new CerebroError(
    'INPUT_INVALID',
    `${source} is no export of CloudWatch metrics (get-metric-data, get-metric-statistics, or a metric stream).`,
  );
}

function documentsOf(text: string, source: string): unknown[] {
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json : [json];
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line, index) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (thrown) {
        throw new CerebroError('INPUT_INVALID', `${source} is not JSON at line ${index + 1}.`, { cause: thrown });
      }
    });
  }
}
