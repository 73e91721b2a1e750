import { z } from 'zod';
import { entityNameOf } from '../domain/entity.ts';
import { signalRole } from '../domain/finding.ts';
import type { Window } from '../domain/time.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { numberWords } from './number-words.ts';
import { fact, note } from './sentence.ts';
import { createTimeWords } from './time-words.ts';

const told = z
  .object({
    forecasts: z.array(
      z.object({
        entity: z.string(),
        measure: z.string(),
        unit: z.string(),
        last: z.number(),
        points: z.array(z.object({ at: z.string(), value: z.number(), low: z.number(), high: z.number() })),
        reachesAt: z.string().optional(),
        reaches: z.string().optional(),
        full: z.boolean().optional(),
        capacity: z.object({ days: z.number(), needed: z.number(), thin: z.boolean() }).optional(),
      }),
    ),
  })
  .loose();
type Told = z.infer<typeof told>['forecasts'][number];
const described = z.object({ metrics: z.array(z.object({ metric: z.string(), role: z.string() })) }).loose();

/** What the tool says where a limit is not reached within its horizon. */
const unreached = 'not in that time';
const leastHistoryMs = 3 * 3_600_000;
const mostHistoryMs = 14 * 86_400_000;

/** Tells where a metric is heading, with its range, and when it reaches the threshold that was named. */
export async function forecast(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const to = question.window?.to ?? question.askedAt;
  // A forecast learns from three hours, or from twice as long as it looks ahead, whatever span was spoken of.
  const historyMs = Math.min(mostHistoryMs, Math.max(leastHistoryMs, 2 * (understanding.horizonMs ?? 0)));
  const window = { from: isoOf(msOf(to) - historyMs), to };
  const limits = {
    ...(understanding.horizonMs === undefined ? {} : { horizonMs: Math.max(1_000, understanding.horizonMs) }),
    ...(understanding.threshold === undefined ? {} : { threshold: understanding.threshold }),
  };
  const named = await metricsOf(task, window, context);
  const called = await Promise.all(
    named.map((metric) =>
      callTool(context, 'forecast_metric', { entities: understanding.entities, ...metric, window, ...limits }, told),
    ),
  );
  const times = createTimeWords(question.askedAt, question.timeZone);
  const words = (one: Told): string => forecastWords(one, (at) => times.at(at), understanding.threshold !== undefined);
  const all = called.flatMap(({ data, evidence }) =>
    (data?.forecasts ?? []).map((one) => ({ one, said: words(one), from: evidence?.id })),
  );
  // What fills up first; several metrics of one thing tell of the same fill.
  const said = [...all.filter(({ one }) => one.full === true), ...all.filter(({ one }) => one.full !== true)]
    .filter(({ said: text }, index, ordered) => ordered.findIndex((other) => other.said === text) === index)
    .map(({ said: text, from }) => fact(text, from));
  const evidence = called.flatMap((one) => one.evidence ?? []);
  if (said.length === 0) {
    const whom = understanding.entities.map(entityNameOf).join(', ');
    const missing = called.find((one) => one.missing !== undefined)?.missing ?? 'no metric of that name or meaning';
    return emptyReport({
      headline: [
        note(`No forecast of ${understanding.metric ?? 'a metric'}${whom === '' ? '' : ` of ${whom}`}: ${missing}.`),
      ],
      evidence,
    });
  }
  return emptyReport({
    headline: said.slice(0, 2),
    sections: said.length < 3 ? [] : [{ title: 'Forecasts', sentences: said.slice(2, 12) }],
    charts: evidence
      .slice(0, 1)
      .map(({ id }) => ({ title: 'Forecast', evidence: id, entities: understanding.entities })),
    evidence,
  });
}

/** The metric that was named, or those of the entity that measure what was named (three at most), or of everything what measures it. */
async function metricsOf(
  { understanding }: AgentTask,
  window: Window,
  context: AgentContext,
): Promise<({ metric: string } | { role: string })[]> {
  const { metric, entities } = understanding;
  if (metric === undefined) return [{ metric: '*' }];
  if (!signalRole.safeParse(metric).success) return [{ metric }];
  const [entity] = entities;
  if (entity === undefined) return [{ role: metric }];
  const { data } = await callTool(context, 'describe_entity', { entity, window }, described);
  const names = (data?.metrics ?? []).filter(({ role }) => role === metric).map((one) => one.metric);
  return names.length === 0 ? [{ role: metric }] : names.slice(0, 3).map((one) => ({ metric: one }));
}

function forecastWords(
  { entity, measure, unit, last, points, reachesAt, reaches, full, capacity }: Told,
  at: (instant: string) => string,
  asked: boolean,
): string {
  const end = points.at(-1);
  const heading =
    end === undefined
      ? ''
      : `, ${numberWords(end.value, unit)} expected at ${at(end.at)} (${numberWords(end.low, unit)} to ${numberWords(end.high, unit)})`;
  const limit =
    reachesAt === undefined
      ? asked
        ? '; the threshold is not reached in that time'
        : ''
      : `; the threshold is reached about ${at(reachesAt)}${reaches === undefined ? '' : ` (${reaches})`}`;
  const fills =
    full === true && reaches !== undefined
      ? reaches === unreached
        ? '; not full in that time'
        : `; full ${reaches}`
      : limit;
  const plan =
    capacity === undefined
      ? ''
      : `; ${numberWords(capacity.needed, unit)} are needed for the next ${capacity.days} days, a fifth of it free${capacity.thin ? ' (from little history)' : ''}`;
  return `${measure} of ${entityNameOf(entity)}: ${numberWords(last, unit)} now${heading}${fills}${plan}.`;
}
