import { z } from 'zod';
import { entityIdOf } from '../../../domain/entity.ts';
import type { Sample, Series } from '../../../domain/signal.ts';
import { msOf } from '../../../infra/runtime/clock.ts';

const result = z.looseObject({
  metric_name: z.string(),
  unit: z.string().optional(),
  dimensions: z.array(z.looseObject({ Name: z.string(), Value: z.string() })).default([]),
  timestamps: z.array(z.string()),
  values: z.array(z.number()),
});
const load = z.looseObject({
  db_instance_identifier: z.string(),
  db_load: z.looseObject({ timestamps: z.array(z.string()), values: z.array(z.number()) }),
});

/** CloudWatch results (one file, or one per metric) and the load of Performance Insights, as series of their database. */
export function readCloudWatch(contents: ReadonlyMap<string, unknown>): Series[] {
  const found: Series[] = [];
  for (const [file, content] of contents) {
    if (file.startsWith('aws_cloudwatch_metrics')) found.push(...resultsIn(content).map(seriesOf));
    const insights = file === 'aws_performance_insights' ? load.safeParse(content).data : undefined;
    if (insights !== undefined)
      found.push({
        metric: 'db_load_sessions',
        type: 'gauge',
        entity: entityIdOf('database', insights.db_instance_identifier),
        labels: {},
        samples: samplesOf(insights.db_load),
      });
  }
  return found;
}

function resultsIn(content: unknown): z.infer<typeof result>[] {
  const one = result.safeParse(content);
  if (one.success) return [one.data];
  const many = z.looseObject({ metric_data_results: z.array(result) }).safeParse(content);
  return many.success ? many.data.metric_data_results : [];
}

function seriesOf({ metric_name: metric, unit, dimensions, timestamps, values }: z.infer<typeof result>): Series {
  const name = dimensions[0]?.Value ?? 'unknown';
  return {
    metric,
    type: 'gauge',
    entity: entityIdOf(dimensions[0]?.Name.startsWith('DB') === true ? 'database' : 'service', name),
    labels: {},
    ...(unit === undefined ? {} : { unit }),
    samples: samplesOf({ timestamps, values }),
  };
}

function samplesOf({ timestamps, values }: { timestamps: string[]; values: number[] }): Sample[] {
  return timestamps.flatMap((at, index): Sample[] => {
    const value = values[index];
    return value === undefined || !Number.isFinite(value) ? [] : [[msOf(at), value]];
  });
}
