import { z } from 'zod';
import { entityId } from '../../domain/entity.ts';
import { signalRole } from '../../domain/finding.ts';
import { instant } from '../../domain/time.ts';
import { createAutomaticForecaster } from '../../detection/models/forecast/automatic-forecaster.ts';
import { forecastSamples } from '../../detection/models/forecast/forecast-samples.ts';
import { planCapacity } from '../../detection/models/forecast/plan-capacity.ts';
import { breachWords, type Breach } from '../../detection/models/forecast/time-to-breach.ts';
import { formatValue, measureName, plainName } from '../../detection/evidence/signals/describe-shift.ts';
import { derivedOf } from '../../detection/evidence/signals/detect-anomalies.ts';
import { plainLevel } from '../../detection/evidence/signals/plain-level.ts';
import { roundSignificant } from '../../detection/evidence/signals/make-finding.ts';
import type { Window } from '../../domain/time.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { MetricSource } from '../sources/source.ts';
import type { Sample } from '../../domain/signal.ts';
import type { Derived } from '../../detection/evidence/signals/derived-series.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesText, windowField, windowOr, windowText } from './request-fields.ts';

const mostHorizonMs = 90 * 86_400_000;
const usualHorizonMs = 3_600_000;
/** How much farther than the history what fills up is looked ahead. */
const fillLengths = 8;
/** Up to this span samples are taken as they are held. */
const rawMs = 3 * 3_600_000;

const input = z.strictObject({
  entities: z.array(entityId).max(100).default([]),
  metric: z.string().default('*').describe('A metric name, `*` as a wildcard.'),
  role: signalRole
    .optional()
    .describe(
      'Only what measures this (disk, memory, latency, queue ...), told from metric names by convention; the fullest first.',
    ),
  window: windowField.optional().describe('The history to learn from. Absent: the last three hours.'),
  horizonMs: z
    .number()
    .min(1_000)
    .max(mostHorizonMs)
    .optional()
    .describe('Absent: an hour; for what fills up eight times the history.'),
  threshold: z
    .number()
    .optional()
    .describe(
      'In the unit of the forecast: when is it reached? Absent: for what has a limit (disk, memory, pool, file handles), when it is full.',
    ),
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
  /** The threshold is that it is full: used to 100 % of what there is. */
  full: z.boolean().optional(),
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
      const stepMs = stepFor(window);
      const result = await source.query(
        {
          metrics: [request.metric],
          entities: request.entities,
          window,
          stepMs,
          maxSeries: request.role === undefined ? 200 : 5_000,
        },
        signal,
      );
      const where = `${request.role ?? plainName(request.metric)} of ${entitiesText(request.entities)}, ${windowText(window)}`;
      if (result.status === 'no-data')
        return { ...result, hint: `No samples of ${where}. Take metric names from query_metrics.` };
      const { role } = request;
      const derivedAll = derivedOf(result.items);
      const known = role === undefined ? derivedAll : fullestFirst(derivedAll.filter((one) => one.role === role));
      const fills = request.threshold === undefined ? await fillsOf(source, known, { window, stepMs }, signal) : [];
      const forecaster = createAutomaticForecaster();
      const all =
        known.length > 0
          ? [...fills, ...known.filter(({ aspect }) => aspect !== 'capacity')]
          : role === undefined
            ? result.items.map(plainLevel)
            : [];
      const forecasts = all.slice(0, 12).flatMap((derived) => {
        const full = request.threshold === undefined && derived.aspect === 'saturation';
        const horizonMs = request.horizonMs ?? (full ? fillHorizon(derived.samples) : usualHorizonMs);
        const threshold = full ? 1 : request.threshold;
        const made = forecastSamples(derived.samples, forecaster, {
          horizonMs,
          ...(threshold === undefined ? {} : { threshold }),
        });
        if (made === undefined) return [];
        const points = made.points.map(({ at, value, low, high }) => ({
          at: isoOf(Math.round(at)),
          value: roundSignificant(value),
          low: roundSignificant(low),
          high: roundSignificant(high),
        }));
        const last = derived.samples.at(-1)!;
        const capacity = capacityOf(derived.samples, horizonMs);
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
            ...(full ? { full } : {}),
            ...(capacity === undefined ? {} : { capacity }),
          },
        ];
      });
      if (forecasts.length === 0)
        return {
          status: 'no-data',
          lookedAt: where,
          hint:
            known.length === 0 && role !== undefined
              ? `Nothing there measures ${role} by its name; describe_entity lists what an entity has.`
              : 'Fewer than four samples, or a metric whose meaning is not known by its name; widen the window.',
        };
      const told = forecasts.slice(0, 3).map(wordsOf);
      const longAhead = (request.horizonMs ?? 0) >= 86_400_000;
      if (longAhead && forecasts.every(({ capacity }) => capacity === undefined))
        told.push('no capacity is planned from under half a day of history');
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

/** "volume fill of service:a: now 40 %, then 60 % (55 to 66 %), full in 3 h 10 min, between 2 h 40 min and 4 h". */
function wordsOf(one: z.infer<typeof row>): string {
  const say = (value: number): string => formatValue(value, unitOf(one.unit));
  const end = one.points.at(-1);
  const then = end === undefined ? '' : `, then ${say(end.value)} (${say(end.low)} to ${say(end.high)})`;
  const limit =
    one.reaches === undefined
      ? ''
      : one.full === true
        ? `, full ${one.reaches}`
        : `, reaches the threshold ${one.reaches}`;
  const { capacity } = one;
  const plan = capacity === undefined ? '' : `, needs ${say(capacity.needed)} within ${capacity.days} d`;
  return `${one.measure} of ${one.entity}: now ${say(one.last)}${then}${limit}${plan}`;
}

/** What is a share of a limit before all else, and of those the fullest first. */
function fullestFirst(known: readonly Derived[]): Derived[] {
  const fill = ({ aspect, samples }: Derived): number => (aspect === 'saturation' ? (samples.at(-1)?.[1] ?? 0) : -1);
  return known.toSorted((left, right) => fill(right) - fill(left));
}

/** How full the things are whose use or size was asked for; empty where nothing says what there is of them. */
async function fillsOf(
  source: MetricSource,
  known: readonly Derived[],
  { window, stepMs }: { window: Window; stepMs: number },
  signal: AbortSignal,
): Promise<Derived[]> {
  const limited = known.filter(
    ({ role, aspect }) => fillingRoles.has(role) && ['level', 'left', 'capacity'].includes(aspect),
  );
  if (limited.length === 0 || known.some(({ aspect }) => aspect === 'saturation')) return [];
  const entities = [...new Set(limited.map(({ entity }) => entity))].slice(0, 12);
  const result = await source.query({ metrics: ['*'], entities, window, stepMs, maxSeries: 2_000 }, signal);
  if (result.status === 'no-data') return [];
  const wanted = new Set(limited.map(({ entity, role }) => `${entity}|${role}`));
  return derivedOf(result.items).filter(
    ({ entity, role, aspect }) => aspect === 'saturation' && wanted.has(`${entity}|${role}`),
  );
}

const fillingRoles = new Set(['disk', 'memory', 'pool', 'file-handles']);

function fillHorizon(samples: readonly Sample[]): number {
  const heldMs = (samples.at(-1)?.[0] ?? 0) - (samples[0]?.[0] ?? 0);
  return Math.min(mostHorizonMs, Math.max(usualHorizonMs, fillLengths * heldMs));
}

function stepFor({ from, to }: Window): number {
  const spanMs = msOf(to) - msOf(from);
  return spanMs <= rawMs ? 0 : Math.ceil(spanMs / 2_000_000) * 1_000;
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

const units = ['seconds', 'ratio', 'per-second', 'cores', 'bytes', 'count'] as const;

function unitOf(unit: string): (typeof units)[number] {
  return units.find((known) => known === unit) ?? 'count';
}
