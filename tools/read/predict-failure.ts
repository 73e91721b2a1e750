import { z } from 'zod';
import { createAutomaticForecaster } from '../../detection/models/forecast/automatic-forecaster.ts';
import { forecastSamples } from '../../detection/models/forecast/forecast-samples.ts';
import { breachWords, spanWords } from '../../detection/models/forecast/time-to-breach.ts';
import type { FailurePredictor } from '../../detection/models/failure/failure-predictor.ts';
import {
  serviceHorizon,
  serviceSteps,
  trainServicePredictor,
} from '../../detection/models/failure/service-failure-predictor.ts';
import { serviceHistory, type ServiceStep } from '../../detection/models/failure/service-signals.ts';
import { estimateTimeToResolve } from '../../detection/models/failure/time-to-resolve.ts';
import type { Derived } from '../../detection/evidence/signals/derived-series.ts';
import { measureName } from '../../detection/evidence/signals/describe-shift.ts';
import { derivedOf } from '../../detection/evidence/signals/detect-anomalies.ts';
import { roundSignificant } from '../../detection/evidence/signals/make-finding.ts';
import { entityId, entityNameOf } from '../../domain/entity.ts';
import { instant, type Window } from '../../domain/time.ts';
import type { Series } from '../../domain/signal.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { KnowledgeSearch } from '../knowledge-search.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';
import { serviceStepsOf } from './service-steps.ts';

const input = z.strictObject({
  entities: entitiesField,
  window: windowField
    .optional()
    .describe(
      'The history to judge by, as far as it is held; a quarter of it is looked ahead. Absent: the last three hours.',
    ),
  openSince: instant.optional().describe('Start of an incident that is open: how long will it still take?'),
});
const row = z.object({
  entity: entityId,
  probability: z.number(),
  remaining: z.string(),
  remainingMs: z.number(),
  lowMs: z.number(),
  highMs: z.number(),
  factors: z.array(z.object({ feature: z.string(), shareMs: z.number() })),
  limits: z.array(z.object({ measure: z.string(), used: z.number(), reaches: z.string() })),
});
const output = z.object({
  horizonMs: z.number(),
  basis: z.string(),
  services: z.array(row),
  resolve: z
    .object({ medianMs: z.number(), likelyByMs: z.number(), almostSurelyByMs: z.number(), learntFrom: z.number() })
    .optional(),
});
type Row = z.infer<typeof row>;

/** How likely each service fails soon, how long it has, why, and which of its limits is reached when. */
export function createPredictFailure(
  deps: Pick<ReadDeps, 'sources' | 'clock'> & { knowledge?: KnowledgeSearch },
): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  const learned: { predictor?: FailurePredictor } = {};
  return {
    name: 'predict_failure',
    description:
      'Tells which services are likely to fail soon: probability within the next quarter of the history, time left with an interval, the signals that shorten it (errors, latency, growth, queues, connections, a recent deploy), and when each limit in use is reached. With openSince also how long similar incidents took.',
    effect: 'read',
    input,
    output,
    async run(request, { session, signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      const longest = windowOr(request.window, deps.clock, 180);
      const asked = {
        metrics: ['*'],
        entities: request.entities,
        window: longest,
        stepMs: stepFor(longest),
        maxSeries: 5_000,
      };
      const [result, changes] = await Promise.all([
        source.query(asked, signal),
        deps.sources.changes?.list({ entities: request.entities, window: longest, limit: 200 }, signal),
      ]);
      if (result.status === 'no-data')
        return {
          ...result,
          hint: `No samples of ${entitiesText(request.entities)}, ${windowText(longest)}. Widen the window.`,
        };
      const window = heldOf(result.items, longest);
      if (msOf(window.to) - msOf(window.from) < leastHistoryMs)
        return {
          status: 'no-data',
          lookedAt: `${entitiesText(request.entities)}, ${windowText(window)}`,
          hint: `Under ${Math.ceil((msOf(window.to) - msOf(window.from)) / 60_000)} min of history are held; ten minutes are needed to tell a trend from noise. Ask again then.`,
        };
      const where = `${entitiesText(request.entities)}, ${windowText(window)}`;
      const derived = derivedOf(result.items);
      const steps = serviceStepsOf(derived, changes?.status === 'ok' ? changes.items : [], window, serviceSteps);
      const stepMs = (msOf(window.to) - msOf(window.from)) / serviceSteps;
      const services: Row[] = [];
      for (const [entity, known] of steps) {
        if (!isKnown(known)) continue;
        learned.predictor ??= trainServicePredictor();
        const one = judge(learned.predictor, known, stepMs);
        services.push({ entity, ...one, limits: [] });
      }
      services.sort((left, right) => right.probability - left.probability || (left.entity < right.entity ? -1 : 1));
      const shown = services.slice(0, 10);
      for (const one of shown)
        one.limits = limitsOf(
          derived.filter(({ entity }) => entity === one.entity),
          stepMs * serviceHorizon * 4,
        );
      if (shown.length === 0)
        return {
          status: 'no-data',
          lookedAt: where,
          hint: 'No service with errors, latency, queues or limits over at least a fifth of the window; widen it.',
        };
      const resolve =
        request.openSince === undefined
          ? undefined
          : await resolveOf(deps, request, { labels: session.principal.labels ?? [] }, signal);
      const horizonMs = Math.round(stepMs * serviceHorizon);
      return {
        status: 'ok',
        output: {
          horizonMs,
          basis: 'learned from simulated degradations of services',
          services: shown,
          ...(resolve === undefined ? {} : { resolve }),
        },
        digest: digestOf(shown, horizonMs, resolve?.medianMs).slice(0, 590),
        kind: 'metrics',
        source: source.name,
        window,
        entities: shown.map(({ entity }) => entity).sort(),
        tainted: false,
      };
    },
  };
}

/** From this probability on a service is told with the time that it has left. */
const likelyFrom = 0.2;
/** Less history tells no trend from noise. */
const leastHistoryMs = 600_000;

/** What is held of the history, so that a young system is judged by what there is, and looks no farther ahead than that allows. */
function heldOf(items: readonly Series[], longest: Window): Window {
  const first = items.reduce((least, { samples }) => Math.min(least, samples[0]?.[0] ?? least), msOf(longest.to));
  return { from: isoOf(Math.max(msOf(longest.from), first)), to: longest.to };
}

/** Up to three hours samples are taken as they are held; of longer spans four a step are enough. */
function stepFor({ from, to }: Window): number {
  const spanMs = msOf(to) - msOf(from);
  return spanMs <= 3 * 3_600_000 ? 0 : Math.ceil(spanMs / serviceSteps / 4_000) * 1_000;
}

/** At least a fifth of the steps show something of the service. */
function isKnown(steps: readonly ServiceStep[]): boolean {
  const known = steps.filter((step) => Object.keys(step).some((name) => name !== 'since change')).length;
  return known * 5 >= steps.length;
}

function judge(
  predictor: FailurePredictor,
  steps: readonly ServiceStep[],
  stepMs: number,
): Omit<Row, 'entity' | 'limits'> {
  const first = steps.findIndex((step) => Object.keys(step).length > 0);
  const { probability, remaining, low, high, factors } = predictor.predict(serviceHistory(steps.slice(first)));
  const open = high >= predictor.options.cap;
  const words =
    remaining >= predictor.options.cap * 0.9
      ? `more than ${spanWords(low * stepMs)}`
      : `${spanWords(remaining * stepMs)}, between ${spanWords(low * stepMs)} and ${open ? 'longer' : spanWords(high * stepMs)}`;
  return {
    probability: roundSignificant(probability),
    remaining: words,
    remainingMs: Math.round(remaining * stepMs),
    lowMs: Math.round(low * stepMs),
    highMs: Math.round(high * stepMs),
    factors: factors.slice(0, 5).map(({ feature, share }) => ({ feature, shareMs: Math.round(share * stepMs) })),
  };
}

/** When the limits in use are reached, the soonest first; those that are not within the horizon are left out. */
function limitsOf(derived: readonly Derived[], horizonMs: number): Row['limits'] {
  const forecaster = createAutomaticForecaster();
  return derived
    .filter(({ aspect, samples }) => aspect === 'saturation' && (samples.at(-1)?.[1] ?? 0) > 0.3)
    .slice(0, 6)
    .flatMap((one) => {
      const breach = forecastSamples(one.samples, forecaster, { horizonMs, threshold: 1, points: 1 })?.breach;
      if (breach?.likelyMs === undefined) return [];
      const used = roundSignificant(one.samples.at(-1)![1]);
      return [{ at: breach.likelyMs, told: { measure: measureName(one), used, reaches: breachWords(breach) } }];
    })
    .sort((left, right) => left.at - right.at)
    .map(({ told }) => told);
}

/** How long verified incidents like this one took from their start to their end. */
async function resolveOf(
  { knowledge, clock }: { knowledge?: KnowledgeSearch; clock: ReadDeps['clock'] },
  request: z.infer<typeof input>,
  { labels }: { labels: string[] },
  signal: AbortSignal,
): Promise<z.infer<typeof output>['resolve']> {
  if (knowledge === undefined || request.openSince === undefined) return undefined;
  const [entity] = request.entities;
  const text = request.entities.map(entityNameOf).join(' ') || 'incident';
  const hits = await knowledge.search(
    { text, kinds: ['incident'], entities: request.entities, limit: 50, labels },
    signal,
  );
  const past = hits.flatMap(({ incident }) =>
    incident?.to === undefined
      ? []
      : [{ durationMs: msOf(incident.to) - msOf(incident.from), traits: { entity: incident.culprit } }],
  );
  const estimate = estimateTimeToResolve(past, {
    elapsedMs: clock.now() - msOf(request.openSince),
    traits: entity === undefined ? {} : { entity },
  });
  if (estimate === undefined) return undefined;
  return {
    medianMs: estimate.median,
    likelyByMs: estimate.likelyBy,
    almostSurelyByMs: estimate.almostSurelyBy,
    learntFrom: past.length,
  };
}

function digestOf(services: readonly Row[], horizonMs: number, resolveMs: number | undefined): string {
  const words = services.slice(0, 3).map(({ entity, probability, remaining, factors, limits }) => {
    // The time that is left to what does not fail is that of the history, and means nothing.
    const left =
      probability < likelyFrom
        ? ''
        : `, time left ${remaining}${factors[0] === undefined ? '' : ` (${factors[0].feature})`}`;
    const limit =
      limits[0] === undefined
        ? ''
        : `; ${limits[0].measure} ${limits[0].reaches === 'now' ? 'is at its limit' : `reaches its limit ${limits[0].reaches}`}`;
    const likely = `${Math.round(probability * 100)} % to fail within ${spanWords(horizonMs)}`;
    return `${entityNameOf(entity)}: ${likely}${left}${limit}`;
  });
  const rest = resolveMs === undefined ? '' : ` Incidents like this one took another ${spanWords(resolveMs)} (median).`;
  return `${words.join('. ')}.${rest}`;
}
