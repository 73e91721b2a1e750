import { z } from 'zod';
import type { Series } from '../../domain/signal.ts';
import { instant } from '../../domain/time.ts';
import {
  abnormalStretches,
  explainPoint,
  lookBack,
  type PointScore,
} from '../../detection/models/streams/explain-point.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import { numberText } from './number-text.ts';
import type { ReadDeps } from './read-deps.ts';
import { readableSeries } from './readable-series.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';

/** History before the window, in lengths of the window. */
const historyLengths = 3;
const leastPoints = 24;
const mostSeries = 40;
const shownStretches = 10;

const input = z.strictObject({
  entities: entitiesField,
  metric: z
    .string()
    .min(1)
    .describe('A metric name, `*` as a wildcard. Counters are scored as rates, histograms as mean and p95.'),
  window: windowField.optional(),
  at: instant.optional().describe('The point to explain. Absent: the most abnormal one in the window.'),
  choose: z
    .boolean()
    .default(false)
    .describe(
      'Score with the detector that ranks planted anomalies on this very series best, instead of the default ensemble.',
    ),
});
const contribution = z.object({ feature: z.string(), value: z.number(), share: z.number() });
const output = z.object({
  metric: z.string(),
  entity: z.string(),
  labels: z.record(z.string(), z.string()),
  unit: z.string().optional(),
  at: instant,
  value: z.number(),
  /** Of ordinary noise a share of one less the score is as abnormal. */
  score: z.number(),
  method: z.string(),
  contributions: z.array(contribution),
  usual: z.number().optional(),
  periodMs: z.number().optional(),
  outOfDistribution: z.boolean(),
  /** Points learned before it. */
  learned: z.number().int(),
  /** Where a look back over the whole series finds it abnormal (score at least .99), the worst first. */
  stretches: z.array(z.object({ from: instant, to: instant, peak: instant, score: z.number() })),
  choices: z.array(z.object({ method: z.string(), quality: z.number() })),
  /** Other series of that name that were looked at; the most abnormal one is explained. */
  others: z.number().int(),
});

/** Explains why a point of a metric series is abnormal, or is not: score, share of each deviation, the usual value, and whether the score can be relied on. */
export function createExplainScore(
  deps: Pick<ReadDeps, 'sources' | 'clock'>,
): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'explain_score',
    description:
      'Scores one metric of entities as a stream and explains a point: how abnormal it was against all before it (0 to 1), by which deviations (level, season, new values at several scales), the usual value by the season found in the data, and the abnormal stretches. Use it for "why is this abnormal".',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      const window = windowOr(request.window, deps.clock);
      const [from, to] = [msOf(window.from), msOf(window.to)];
      const read = { from: isoOf(from - historyLengths * (to - from)), to: window.to };
      const where = `${request.metric} of ${entitiesText(request.entities)}, ${windowText(read)}`;
      const result = await source.query(
        { metrics: [request.metric], entities: request.entities, window: read, stepMs: 0, maxSeries: 400 },
        signal,
      );
      if (result.status === 'no-data')
        return { ...result, hint: `No samples of ${where}. Take metric names from query_metrics.` };
      const long = readableSeries(result.items, 'auto', []).filter(
        ({ samples }) => samples.length >= leastPoints && (samples.at(-1)?.[0] ?? 0) >= from,
      );
      const span: [number, number] = request.at === undefined ? [from, to] : [msOf(request.at), msOf(request.at) + 1];
      const picked = pick(long.slice(0, mostSeries), span, request.choose);
      if (picked === undefined)
        return {
          status: 'no-data',
          lookedAt: where,
          hint: `No series has ${leastPoints} samples with one in the span asked for; widen the window.`,
        };
      const { series, index, values, times, scores, choices } = picked;
      const method = choices[0]?.method ?? 'default-ensemble';
      const told = explainPoint(values, times, index, method);
      const stretches = abnormalStretches(scores).map((one) => ({
        from: isoOf(times[one.from]!),
        to: isoOf(times[one.to]!),
        peak: isoOf(times[one.peak]!),
        score: one.score,
      }));
      return {
        status: 'ok',
        output: {
          metric: series.metric,
          entity: series.entity,
          labels: series.labels,
          ...(series.unit === undefined ? {} : { unit: series.unit }),
          at: isoOf(told.at),
          value: values[index]!,
          score: told.explanation.score,
          method,
          contributions: told.explanation.contributions.filter(({ share }) => share > 0).slice(0, 8),
          ...(told.usual === undefined ? {} : { usual: told.usual }),
          ...(told.periodMs === undefined ? {} : { periodMs: told.periodMs }),
          outOfDistribution: told.outOfDistribution,
          learned: told.learned,
          stretches: stretches.slice(0, shownStretches),
          choices,
          others: Math.max(0, long.length - 1),
        },
        raw: { samples: series.samples, scores: [...scores], stretches },
        digest: digestOf(series, values[index]!, told),
        kind: 'metrics',
        source: source.name,
        window: read,
        entities: [series.entity],
        tainted: false,
      };
    },
  };
}

interface Picked {
  series: Series;
  index: number;
  values: Float64Array;
  times: Float64Array;
  scores: Float64Array;
  choices: { method: string; quality: number }[];
}

/** The series with the highest look-back score in the span, and where; the detector is chosen for that one only. */
function pick(candidates: readonly Series[], [from, to]: [number, number], choose: boolean): Picked | undefined {
  let best: Picked | undefined;
  for (const series of candidates) {
    const values = Float64Array.from(series.samples, ([, value]) => value);
    const times = Float64Array.from(series.samples, ([at]) => at);
    const { scores } = lookBack(values, times, false);
    let index = -1;
    // With a single point asked for, the last sample at or before it is meant.
    if (to - from === 1) index = times.findLastIndex((time) => time <= from);
    else
      for (const [at, time] of times.entries())
        if (time >= from && time < to && (index < 0 || scores[at]! > scores[index]!)) index = at;
    if (index < 0) continue;
    if (best === undefined || scores[index]! > best.scores[best.index]!)
      best = { series, index, values, times, scores, choices: [] };
  }
  if (best === undefined || !choose) return best;
  return { ...best, choices: lookBack(best.values, best.times, true).choices };
}

function digestOf(series: Series, value: number, told: PointScore): string {
  const { score, contributions } = told.explanation;
  const because = contributions
    .filter(({ share }) => share > 0)
    .slice(0, 3)
    .map(({ feature, share }) => `${feature} ${share.toFixed(2)}`)
    .join(', ');
  const usual = told.usual === undefined ? '' : `, usual at that time ${numberText(told.usual)}`;
  const doubt = told.outOfDistribution
    ? '; far outside what was seen before, so the score is not calibrated there'
    : '';
  return `${series.metric} of ${series.entity} at ${isoOf(told.at)}: ${numberText(value)}${usual}; abnormality ${score.toFixed(4)} after ${told.learned} points${because === '' ? '' : ` (${because})`}${doubt}.`.slice(
    0,
    590,
  );
}
