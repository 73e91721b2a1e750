import { z } from 'zod';
import { entityNameOf } from '../../domain/entity.ts';
import { explainMetric } from '../../detection/evidence/technologies/explain-metric.ts';
import { isVital, readVitals } from '../../detection/evidence/vitals/read-vitals.ts';
import { relevanceOf, stemsOf } from '../../detection/evidence/vitals/relevance-of.ts';
import type { Vital } from '../../detection/evidence/vitals/vital.ts';
import { vital } from '../../detection/evidence/vitals/vital.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { MetricDescription } from '../sources/source.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';

const shownVitals = 24;
const mostSeries = 5_000;
const mostMetrics = 400;
/** Rates are taken over so long: what is true now. */
const recentMs = 2 * 60_000;

const input = z.strictObject({
  entities: entitiesField,
  about: z
    .string()
    .max(500)
    .default('')
    .describe(
      'What is wanted, in words ("free connections", "certificate expiry"): readings that speak of it come first.',
    ),
  window: windowField.optional(),
});
const shown = vital.extend({ relevance: z.number() });
const output = z.object({ vitals: z.array(shown), total: z.number().int(), truncated: z.boolean() });

/** Reads what a person sees at a glance: up or down, use against limits, lag, waiting work, errors, expiries, versions, as the newest samples show it. */
export function createReadVitals(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'read_vitals',
    description:
      'Reads the state of things as the newest samples show it: whether they are up, how much of each limit is used (connections, disk, memory, descriptors), replication lag, waiting work, error rates, locks, certificate expiry, versions. Use it for "how many connections are free?" or "is postgres healthy?"; to learn what departs from normal use find_anomalies.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      const asked = windowOr(request.window, deps.clock, 5);
      const window = { from: isoOf(Math.max(msOf(asked.from), msOf(asked.to) - recentMs)), to: asked.to };
      const where = `${source.name}, ${entitiesText(request.entities)}, ${windowText(window)}`;
      const listed = await source.list(window, signal);
      const metrics = listed.status === 'ok' ? metricsOf(listed.items, request.entities) : [];
      if (metrics.length === 0)
        return {
          status: 'no-data',
          lookedAt: where,
          hint: 'No metric there tells a state; list_services says what is known.',
        };
      const result = await source.query(
        { metrics, entities: request.entities, window, stepMs: 0, maxSeries: mostSeries },
        signal,
      );
      if (result.status === 'no-data') return { ...result, hint: 'Widen the window.' };
      const stems = stemsOf(request.about).filter((word) => !namesOf(request.entities).has(word));
      const all = readVitals(result.items, msOf(window.to))
        .map((one) => ({ ...one, relevance: Math.round(100 * relevanceOf(one, stems)) / 100 }))
        .sort((left, right) => right.relevance - left.relevance);
      if (all.length === 0)
        return {
          status: 'no-data',
          lookedAt: `${where}: ${result.items.length} series`,
          hint: 'None of them tells a state at a glance.',
        };
      return {
        status: 'ok',
        output: {
          vitals: all.slice(0, shownVitals),
          total: all.length,
          truncated: result.truncated || all.length > shownVitals,
        },
        raw: { series: result.items },
        digest: digestOf(all),
        kind: 'metrics',
        source: source.name,
        window,
        entities: [...new Set(all.map(({ entity }) => entity))].sort(),
        tainted: false,
      };
    },
  };
}

/** Names of metrics that tell a state, and their limits. */
function metricsOf(items: readonly MetricDescription[], entities: readonly string[]): string[] {
  const own = entities.length === 0 ? items : items.filter((one) => one.entities.some((id) => entities.includes(id)));
  const others = new Set(own.map(({ metric }) => metric));
  const wanted = own.filter(({ metric, type, help, unit }) =>
    isVital(
      explainMetric(metric, {
        ...(type === 'unknown' ? {} : { type }),
        ...(help === undefined ? {} : { help }),
        ...(unit === undefined ? {} : { unit }),
        others,
      }),
    ),
  );
  return wanted.map(({ metric }) => metric).slice(0, mostMetrics);
}

function namesOf(entities: readonly string[]): Set<string> {
  return new Set(entities.flatMap((id) => stemsOf(entityNameOf(id))));
}

function digestOf(all: readonly Vital[]): string {
  const words = all
    .slice(0, 12)
    .map(
      ({ entity, subject, value, unit, limit }) =>
        `${entity} ${subject} ${Number(value.toPrecision(4))}${limit === undefined ? '' : ` of ${Number(limit.toPrecision(4))}`}${unit === undefined ? '' : ` ${unit}`}`,
    );
  return `${all.length} readings: ${words.join('; ')}`;
}
