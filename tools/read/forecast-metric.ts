import { z } from 'zod';
import { entityId } from '../../domain/entity.ts';
import { instant } from '../../domain/time.ts';
import { createAutomaticForecaster } from '../../detection/forecast/automatic-forecaster.ts';
import { forecastSamples } from '../../detection/forecast/forecast-samples.ts';
import { planCapacity } from '../../detection/forecast/plan-capacity.ts';
import { breachWords, type Breach } from '../../detection/forecast/time-to-breach.ts';
import { formatValue, measureName, plainName } from '../../detection/signals/describe-shift.ts';
import { derivedOf } from '../../detection/signals/detect-anomalies.ts';
import { roundSignificant } from '../../detection/signals/make-finding.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import type { Sample, Series } from '../../domain/signal.ts';
import type { Derived } from '../../detection/signals/derived-series.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesText, windowField, windowOr, windowText } from './request-fields.ts';

const input = z.strictObject({
  entities: z.array(entityId).max(100).default([]),
  metric: z.string().describe('A metric name, `*` as a wildcard.'),
  window: windowField.optional().describe('The history to learn from. Absent: the last three hours.'),
  horizonMs: z
    .number()
    .min(1_000)
    .max(90 * 86_400_000)
    .default(3_600_000),
  threshold: z.number().optional().describe('In the unit of the forecast: when is it reached?'),
});
const point = z.object({ at: instant, value: z.number(), low: z.number(), high: z.number() });
const row = z.object({
  entity: entityId,
  measure: z.string(),
  metric: z.string(),
  unit: z.string(),
  method: z.string(),
  last: z.number(),
  points: z.array(point),
  reachesAt: instant.optional(),
  reachesEarliest: instant.optional(),
  reachesLatest: instant.optional(),
  /** When the threshold is reached, in words with the interval. */
  reaches: z.string().optional(),
  /** From a day ahead on: the peak to come, and what has to be there for a fifth of it to stay free. */
  capacity: z
    .object({ days: z.number(), peak: z.number(), high: z.number(), needed: z.number(), thin: z.boolean() })
    .optional(),
});
const output = z.object({ forecasts: z.array(row) });

/** Forecasts metrics with 95 % intervals and tells when a threshold is reached. Counters are forecast as rates. */
export function createForecastMetric(
  deps: Pick<ReadDeps, 'sources' | 'clock'>,
): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'forecast_metric',
    description:
      'Forecasts a metric of entities over a horizon (up to 90 days) with 95 % intervals, by the methods that did best on the series itself, and, given a threshold, when it is reached and between when and when: disk full, memory limit, queue depth. Counters become rates. From a day ahead on also the capacity needed.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      const window = windowOr(request.window, deps.clock, 180);
      const result = await source.query(
        { metrics: [request.metric], entities: request.entities, window, stepMs: 0, maxSeries: 200 },
        signal,
      );
      const where = `${plainName(request.metric)} of ${entitiesText(request.entities)}, ${windowText(window)}`;
      if (result.status === 'no-data')
        return { ...result, hint: `No samples of ${where}. Take metric names from query_metrics.` };
      const known = derivedOf(result.items);
      const forecaster = createAutomaticForecaster();
      const forecasts = (known.length > 0 ? known : result.items.map(plainLevel)).slice(0, 12).flatMap((derived) => {
        const made = forecastSamples(derived.samples, forecaster, {
          horizonMs: request.horizonMs,
          ...(request.threshold === undefined ? {} : { threshold: request.threshold }),
        });
        if (made === undefined) return [];
        const points = made.points.map(({ at, value, low, high }) => ({
          at: isoOf(Math.round(at)),
          value: roundSignificant(value),
          low: roundSignificant(low),
          high: roundSignificant(high),
        }));
        const last = derived.samples.at(-1)!;
        const capacity = capacityOf(derived.samples, request.horizonMs);
        return [
          {
            entity: derived.entity,
            measure: measureName(derived),
            metric: derived.metric,
            unit: derived.unit,
            method: made.method,
            last: roundSignificant(last[1]),
            points,
            ...(made.breach === undefined ? {} : breachFields(made.breach, last[0])),
            ...(capacity === undefined ? {} : { capacity }),
          },
        ];
      });
      if (forecasts.length === 0)
        return {
          status: 'no-data',
          lookedAt: where,
          hint: 'Fewer than four samples, or a metric whose meaning is not known by its name; widen the window.',
        };
      const told = forecasts
        .slice(0, 3)
        .map(
          (one) =>
            `${one.measure} of ${one.entity}: now ${formatValue(one.last, unitOf(one.unit))}, then ${formatValue(one.points.at(-1)?.value ?? one.last, unitOf(one.unit))}${one.reachesAt === undefined ? '' : `, reaches the threshold ${one.reaches}`}`,
        );
      return {
        status: 'ok',
        output: { forecasts },
        digest: `${told.join('; ')}.`.slice(0, 590),
        kind: 'metrics',
        source: source.name,
        window,
        entities: [...new Set(forecasts.map(({ entity }) => entity))].sort(),
        tainted: false,
      };
    },
  };
}

function breachFields(
  breach: Breach,
  from: number,
): Pick<z.infer<typeof row>, 'reaches' | 'reachesAt' | 'reachesEarliest' | 'reachesLatest'> {
  const at = (ms: number): string => isoOf(Math.round(from + ms));
  return {
    reaches: breachWords(breach),
    ...(breach.likelyMs === undefined ? {} : { reachesAt: at(breach.likelyMs) }),
    ...(breach.earliestMs === undefined ? {} : { reachesEarliest: at(breach.earliestMs) }),
    ...(breach.latestMs === undefined ? {} : { reachesLatest: at(breach.latestMs) }),
  };
}

/** Daily peaks and the capacity they ask for, where at least a day is looked ahead and half a day is known. */
function capacityOf(samples: readonly Sample[], horizonMs: number): z.infer<typeof row>['capacity'] {
  const days = Math.min(90, Math.ceil(horizonMs / 86_400_000));
  if (horizonMs < 86_400_000 || samples.at(-1)![0] - samples[0]![0] < 13 * 3_600_000) return undefined;
  const plan = planCapacity(samples, { days, effort: 'quick' });
  const { peak, high } = plan.days.reduce((most, one) => (one.peak > most.peak ? one : most));
  return {
    days,
    peak: roundSignificant(peak),
    high: roundSignificant(high),
    needed: roundSignificant(plan.needed),
    thin: plan.thin,
  };
}

/** A metric whose name tells nothing, taken as a level. */
function plainLevel({ entity, metric, labels, samples }: Series): Derived {
  return {
    entity,
    role: 'other',
    aspect: 'level',
    side: 'server',
    metric,
    quantity: 'level',
    labels,
    unit: 'count',
    samples,
  };
}

const units = ['seconds', 'ratio', 'per-second', 'cores', 'bytes', 'count'] as const;

function unitOf(unit: string): (typeof units)[number] {
  return units.find((known) => known === unit) ?? 'count';
}
