import { z } from 'zod';
import type { Sentence } from '../domain/answer.ts';
import { entityNameOf } from '../domain/entity.ts';
import { signalRole } from '../domain/finding.ts';
import type { Window } from '../domain/time.ts';
import { canonicalJson } from '../infra/runtime/canonical-json.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import type { Called } from './call-tool.ts';
import { chooseWindow } from './choose-window.ts';
import { changeWords, numberWords } from './number-words.ts';
import { fact, note } from './sentence.ts';
import { statisticAsked } from './statistic-asked.ts';
import { answerByVitals } from './tell-vitals.ts';
import { createTimeWords } from './time-words.ts';

const shown = z.object({
  metric: z.string(),
  entity: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  unit: z.string().optional(),
  mean: z.number(),
  min: z.number(),
  max: z.number(),
  last: z.number(),
});
type Shown = z.infer<typeof shown>;
const measured = z.object({ series: z.array(shown), total: z.number() }).loose();
type Measured = z.infer<typeof measured>;
interface Measure extends Called<Measured> {
  /** What the question asked for and nothing there has; what was measured instead is in `data`. */
  lacked?: string;
}

/** "The most errors", "top 5 slowest": what is largest first. */
const asksLargest = /\b(?:most(?! (?:likely|recent|of)\b)|highest|slowest|worst|biggest|largest|busiest|top \d+)\b/i;

/** Shows a metric over a window: its figures in words, and a chart of the raw series; of everything the largest first where that is asked for. */
export async function showMetric(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const largest = asksLargest.test(question.text);
  const told = largest ? undefined : await answerByVitals(task, context);
  if (told !== undefined) return told;
  const window = longer(chooseWindow(question, understanding), task);
  const called = await measure(task, context, window, largest ? largestOf(understanding.metric) : {});
  if (called.data === undefined || called.data.series.length === 0)
    return emptyReport({ headline: [note(lacking(called, task))] });
  const { total } = called.data;
  const series = largest ? called.data.series : ownFirst(called.data.series);
  const id = called.evidence?.id;
  const times = createTimeWords(question.askedAt, question.timeZone);
  const [first, ...rest] = series;
  return emptyReport({
    headline: [
      fact(`${figuresOf(first!)} (${times.span(window)}).`, id),
      ...(total > 1
        ? [fact(`${total} series in all${largest ? ', by their means' : ''}; the chart shows the first of them.`, id)]
        : []),
      ...lackedOf(called),
    ],
    sections:
      rest.length === 0
        ? []
        : [{ title: 'Series', sentences: rest.slice(0, 11).map((one) => fact(`${figuresOf(one)}.`, id)) }],
    charts: chartsOf(called, understanding.metric ?? 'metrics', series),
    evidence: called.evidence === undefined ? [] : [called.evidence],
  });
}

/** What an entity shows of itself before what it shows of its calls to others; else as they came. */
function ownFirst(series: readonly Shown[]): Shown[] {
  const isCall = ({ labels }: Shown): boolean => labels['peer'] !== undefined;
  return [...series.filter((one) => !isCall(one)), ...series.filter(isCall)];
}

/** Compares a metric over two windows, or between the entities that were named. */
export async function compareMetric(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const window = chooseWindow(question, understanding);
  // Between two or more entities one window is enough; one alone is held against the time just before.
  const earlier = understanding.compareWith ?? (understanding.entities.length > 1 ? undefined : justBefore(window));
  const [now, before] = await Promise.all([
    measure(task, context, window),
    earlier === undefined ? undefined : measure(task, context, earlier),
  ]);
  if (now.data === undefined || now.data.series.length === 0)
    return emptyReport({ headline: [note(lacking(now, task))] });
  const times = createTimeWords(question.askedAt, question.timeZone);
  const evidence = [now.evidence, before?.evidence].flatMap((record) => record ?? []);
  const ids = evidence.map(({ id }) => id);
  const old = new Map((before?.data?.series ?? []).map((one) => [keyOf(one), one]));
  const pairs = now.data.series.flatMap((one): [Shown, Shown][] => {
    const same = old.get(keyOf(one));
    return same === undefined ? [] : [[one, same]];
  });
  const said: Sentence[] =
    earlier === undefined || pairs.length === 0
      ? now.data.series.map((one) => fact(`${figuresOf(one)}.`, ids))
      : pairs.map(([after, past]) =>
          fact(
            `${nameOf(after)}: ${numberWords(past.mean, past.unit)} before, ${numberWords(after.mean, after.unit)} now, ${changeWords(past.mean, after.mean)}.`,
            ids,
          ),
        );
  const spans = earlier === undefined ? times.span(window) : `${times.span(earlier)} against ${times.span(window)}`;
  const missing =
    earlier !== undefined && pairs.length === 0
      ? [note(`The earlier span holds nothing to compare with: ${before?.missing ?? 'no common series'}.`)]
      : [];
  return emptyReport({
    headline: [...said.slice(0, 2), ...missing, ...lackedOf(now)],
    sections: [{ title: `Compared (${spans})`, sentences: said.slice(2, 14) }],
    charts: chartsOf(now, understanding.metric ?? 'metrics', now.data.series),
    evidence,
  });
}

/** Asks for the metric that was named, in the form that was named or that ranks best, else as it is; a latency, an error share and traffic where none was named. */
async function measure(
  { understanding, question }: AgentTask,
  context: AgentContext,
  window: Window,
  more: { order?: string; statistic?: string } = {},
): Promise<Measure> {
  const named = understanding.metric;
  const role = signalRole.safeParse(named);
  const wanted =
    named === undefined
      ? { roles: ['latency', 'errors', 'traffic'] }
      : role.success
        ? { roles: [role.data] }
        : { metrics: [named] };
  const { statistic: ranked, ...order } = more;
  const input = { entities: understanding.entities, window, ...wanted, ...order };
  const asked = statisticAsked(question.text, named);
  for (const statistic of [asked?.statistic, ranked]) {
    if (statistic === undefined) continue;
    const exact = await callTool(context, 'query_metrics', { ...input, statistic }, measured);
    if (exact.outcome.status === 'no-data') continue;
    return asked === undefined || statistic === asked.statistic ? exact : { ...exact, lacked: asked.words };
  }
  const called = await callTool(context, 'query_metrics', input, measured);
  return asked === undefined ? called : { ...called, lacked: asked.words };
}

/** Latencies are ranked by their 95th percentile, errors by their share; the mean of one and the rate of another do not compare. */
function largestOf(metric: string | undefined): { order: string; statistic?: string } {
  const timed = metric === 'latency' || metric === 'database-latency';
  const statistic = timed ? 'p95' : metric === 'errors' ? 'error-ratio' : undefined;
  return { order: 'largest', ...(statistic === undefined ? {} : { statistic }) };
}

function lackedOf({ lacked }: Measure): Sentence[] {
  return lacked === undefined ? [] : [note(`Nothing there gives a ${lacked}; this is what there is.`)];
}

function justBefore(window: Window): Window {
  const from = msOf(window.from);
  return { from: isoOf(from - (msOf(window.to) - from)), to: window.from };
}

/** Half an hour reads better than five minutes where no span was asked for. */
function longer(window: Window, { question, understanding }: AgentTask): Window {
  if (question.window !== undefined || understanding.window !== undefined) return window;
  return { from: isoOf(msOf(window.to) - 30 * 60_000), to: window.to };
}

function figuresOf(one: Shown): string {
  const say = (value: number): string => numberWords(value, one.unit);
  return `${nameOf(one)}: ${say(one.last)} at the end, mean ${say(one.mean)}, between ${say(one.min)} and ${say(one.max)}`;
}

function nameOf({ metric, entity, labels }: Shown): string {
  const pairs = Object.entries(labels)
    .slice(0, 3)
    .map(([key, value]) => `${key} ${value}`);
  return `${entityNameOf(entity)} ${metric}${pairs.length === 0 ? '' : ` (${pairs.join(', ')})`}`;
}

function keyOf({ metric, entity, labels }: Shown): string {
  return canonicalJson([metric, entity, labels]);
}

function chartsOf({ evidence }: Called<Measured>, title: string, series: readonly Shown[]) {
  return evidence === undefined
    ? []
    : [{ title, evidence: evidence.id, entities: [...new Set(series.map(({ entity }) => entity))].slice(0, 6) }];
}

function lacking({ missing }: Called<unknown>, { understanding }: AgentTask): string {
  const whom = understanding.entities.map(entityNameOf).join(', ');
  return `There is no ${understanding.metric ?? 'metric'}${whom === '' ? '' : ` of ${whom}`} to show: ${missing ?? 'no series'}.`;
}
