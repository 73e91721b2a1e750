import { z } from 'zod';
import { topology as topologySchema } from '../../domain/entity.ts';
import type { Topology } from '../../domain/entity.ts';
import { span } from '../../domain/signal.ts';
import type { Window } from '../../domain/time.ts';
import { classifyMetric } from '../../detection/evidence/signals/classify-metric.ts';
import { topologyFromSeries } from '../../detection/evidence/signals/topology-from-series.ts';
import { topologyFromSpans } from '../../detection/evidence/traces/topology-from-spans.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import type { MetricSource } from '../sources/source.ts';
import type { ReadDeps } from './read-deps.ts';
import { mergeTopologies } from './topology-view.ts';

const stored = z.object({ topology: topologySchema });
const spans = z.object({ spans: z.array(span) });

/**
 * The topology of a window: what the source knows, joined with what evidence (topologies, spans) shows. Where no source knows any, the peer
 * labels of client-side metrics tell. Says which parts it came from.
 */
export async function readTopology(
  deps: ReadDeps,
  window: Window,
  evidence: readonly string[],
  signal: AbortSignal,
): Promise<{ topology: Topology; from: string[] }> {
  const parts: Topology[] = [];
  const from: string[] = [];
  const result = await deps.sources.topology?.read(window, signal);
  if (result?.status === 'ok') {
    parts.push(...result.items);
    from.push(deps.sources.topology?.name ?? 'topology');
  } else if (deps.sources.topology === undefined && deps.sources.metrics !== undefined) {
    const declared = await topologyOfMetrics(deps.sources.metrics, window, signal);
    if (declared !== undefined) {
      parts.push(declared);
      from.push(deps.sources.metrics.name);
    }
  }
  for (const id of evidence) {
    const part = topologyIn(deps.evidence.get(id) === undefined ? undefined : deps.evidence.raw(id));
    if (part === undefined) continue;
    parts.push(part);
    from.push(id);
  }
  return { topology: mergeTopologies(parts), from };
}

const tellingRoles = new Set([
  'traffic',
  'latency',
  'errors',
  'database-work',
  'database-latency',
  'cache',
  'queue',
  'pool',
]);
const longestLook = 5 * 60_000;
const mostSeries = 2_000;

/** What peer labels of client-side metrics tell; undefined where there are none. Only labels are needed: the last five minutes of the metrics that can name a peer. */
export async function topologyOfMetrics(
  source: MetricSource,
  window: Window,
  signal: AbortSignal,
): Promise<Topology | undefined> {
  const short = { from: isoOf(Math.max(Date.parse(window.from), Date.parse(window.to) - longestLook)), to: window.to };
  const listed = await source.list(short, signal);
  if (listed.status === 'no-data') return undefined;
  const metrics = listed.items
    .filter(({ metric, unit }) =>
      tellingRoles.has(classifyMetric(metric.replace(/_(bucket|sum|count)$/, ''), unit).role),
    )
    .flatMap(({ metric, type }) =>
      type === 'histogram' && !/_(bucket|sum|count)$/.test(metric) ? [`${metric}_count`] : [metric],
    )
    .filter((metric) => !metric.endsWith('_bucket'));
  if (metrics.length === 0) return undefined;
  const result = await source.query(
    { metrics, entities: [], window: short, stepMs: 60_000, maxSeries: mostSeries },
    signal,
  );
  return result.status === 'ok' ? topologyFromSeries(result.items) : undefined;
}

function topologyIn(raw: unknown): Topology | undefined {
  const whole = stored.safeParse(raw);
  if (whole.success) return whole.data.topology;
  const traced = spans.safeParse(raw);
  return traced.success ? topologyFromSpans(traced.data.spans) : undefined;
}
