import { z } from 'zod';
import { entityId } from '../../domain/entity.ts';
import type { Series } from '../../domain/signal.ts';
import { classifyMetric } from '../../detection/evidence/signals/classify-metric.ts';
import { deriveSeries } from '../../detection/evidence/signals/derive-series.ts';
import type { Derived } from '../../detection/evidence/signals/derived-series.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import { numberText } from './number-text.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';

const amount = z.object({ mean: z.number(), p95: z.number(), max: z.number(), limit: z.number().optional() });
const use = z.object({
  entity: entityId,
  cpuCores: amount.optional(),
  memoryBytes: amount.optional(),
  /** Requests per second, to set use against work done. */
  requestsPerSecond: z.number().optional(),
});
type Use = z.infer<typeof use>;
const input = z.strictObject({ entities: entitiesField, window: windowField.optional() });
const output = z.object({ uses: z.array(use), truncated: z.boolean() });

/** CPU (cores), memory (bytes), their limits where known, and traffic per entity over a window; largest CPU first. */
export function createReportResourceUse(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'report_resource_use',
    description:
      'Reports CPU and memory per entity over a window (mean, 95th percentile, maximum, limit where known) beside its traffic. The ground for saying what is oversized, undersized or idle.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      const window = windowOr(request.window, deps.clock, 60);
      const listed = await source.list(window, signal);
      if (listed.status === 'no-data') return listed;
      const metrics = listed.items
        .filter(({ metric, unit }) => ['cpu', 'memory', 'traffic'].includes(classifyMetric(metric, unit).role))
        .flatMap(({ metric, type }) => (type === 'histogram' ? [`${metric}_count`] : [metric]));
      const result =
        metrics.length === 0
          ? {
              status: 'no-data' as const,
              lookedAt: `${source.name}: ${listed.items.length} metrics, none of CPU, memory or traffic`,
            }
          : await source.query({ metrics, entities: request.entities, window, stepMs: 0, maxSeries: 5_000 }, signal);
      if (result.status === 'no-data') {
        return {
          ...result,
          hint: `No resource metrics of ${entitiesText(request.entities)}; export process or container CPU and memory metrics.`,
        };
      }
      const uses = usesOf(result.items);
      if (uses.length === 0)
        return {
          status: 'no-data',
          lookedAt: `${source.name}, ${windowText(window)}: ${result.items.length} series without enough samples`,
          hint: 'Widen the window.',
        };
      const said = uses
        .slice(0, 6)
        .map(
          (item) =>
            `${item.entity}${item.cpuCores === undefined ? '' : ` cpu p95 ${numberText(item.cpuCores.p95)} cores`}${item.memoryBytes === undefined ? '' : ` memory max ${numberText(item.memoryBytes.max / 1_048_576)} MiB`}`,
        );
      return {
        status: 'ok',
        output: { uses, truncated: result.truncated },
        digest: `Resource use of ${uses.length} entities, ${windowText(window)}: ${said.join('; ')}.`,
        kind: 'costs',
        source: source.name,
        window,
        entities: uses.map(({ entity }) => entity),
        tainted: false,
      };
    },
  };
}

function usesOf(series: readonly Series[]): Use[] {
  const byEntity = new Map<string, Derived[]>();
  for (const one of deriveSeries(series)) byEntity.set(one.entity, [...(byEntity.get(one.entity) ?? []), one]);
  const uses = [...byEntity].map(([entity, all]): Use => {
    const own = all.filter(({ peer }) => peer === undefined);
    const limitOf = (role: string): number | undefined =>
      own.find((one) => one.role === role && one.aspect === 'capacity')?.samples.at(-1)?.[1];
    const cpu = amountOf(largest(own.filter((one) => one.role === 'cpu' && one.unit === 'cores')), limitOf('cpu'));
    const memory = amountOf(
      largest(
        own.filter(
          (one) => one.role === 'memory' && one.aspect === 'level' && one.unit === 'bytes' && one.quantity === 'used',
        ),
      ),
      limitOf('memory'),
    );
    const traffic = largest(own.filter((one) => one.role === 'traffic' && one.aspect === 'rate'));
    return {
      entity,
      ...(cpu === undefined ? {} : { cpuCores: cpu }),
      ...(memory === undefined ? {} : { memoryBytes: memory }),
      ...(traffic === undefined ? {} : { requestsPerSecond: meanOf(traffic) }),
    };
  });
  return uses
    .filter((item) => item.cpuCores !== undefined || item.memoryBytes !== undefined)
    .sort(
      (left, right) =>
        (right.cpuCores?.mean ?? 0) - (left.cpuCores?.mean ?? 0) || (left.entity < right.entity ? -1 : 1),
    );
}

/** Several metrics can tell of one resource (resident set, heap); the largest is the one that is paid for. */
function largest(candidates: readonly Derived[]): Derived | undefined {
  return candidates.toSorted((left, right) => meanOf(right) - meanOf(left))[0];
}

function amountOf(one: Derived | undefined, limit: number | undefined): z.infer<typeof amount> | undefined {
  if (one === undefined || one.samples.length === 0) return undefined;
  const sorted = one.samples.map(([, value]) => value).sort((left, right) => left - right);
  const p95 = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0;
  return { mean: meanOf(one), p95, max: sorted.at(-1) ?? 0, ...(limit === undefined ? {} : { limit }) };
}

function meanOf(one: Derived): number {
  return one.samples.reduce((sum, [, value]) => sum + value, 0) / Math.max(1, one.samples.length);
}
