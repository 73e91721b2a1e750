import { z } from 'zod';
import type { Sentence } from '../domain/answer.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { numberWords } from './number-words.ts';
import { fact } from './sentence.ts';
import { durationWords } from './time-words.ts';

const vital = z.object({
  entity: z.string(),
  subject: z.string(),
  facet: z.string(),
  labels: z.record(z.string(), z.string()),
  value: z.number(),
  unit: z.string().optional(),
  limit: z.number().optional(),
  share: z.number().optional(),
  tone: z.string(),
  known: z.boolean(),
  relevance: z.number(),
});
type Vital = z.infer<typeof vital>;
const told = z.object({ vitals: z.array(vital), total: z.number() }).loose();

/** Readings with the evidence that holds them. */
export interface Vitals {
  vitals: Vital[];
  evidence?: Evidence;
}

/** From this share of a question's words on, a reading is what was asked for. */
const enough = 0.6;

/** The newest readings of what is named, those that the question speaks of first, then the worst. Empty where there are none. */
export async function readVitals({ understanding, question }: AgentTask, context: AgentContext): Promise<Vitals> {
  const window = question.window ?? understanding.window;
  const called = await callTool(
    context,
    'read_vitals',
    {
      entities: understanding.entities,
      about: question.text.slice(0, 500),
      ...(window === undefined ? {} : { window }),
    },
    told,
  );
  return { vitals: called.data?.vitals ?? [], ...(called.evidence === undefined ? {} : { evidence: called.evidence }) };
}

/** The readings that a question asks for by their own words ("how many connections are free?"); undefined where none of them is meant. */
export async function answerByVitals(task: AgentTask, context: AgentContext): Promise<AgentReport | undefined> {
  // A span, a comparison or a percentile asks for a course, not for a state.
  if (task.understanding.window !== undefined || asksCourse.test(task.question.text)) return undefined;
  return reportOf(await readVitals(task, context));
}

const asksCourse = /\bp\d\d|percentile|\bover\b|\btrend\b|\bgraph\b|\bchart\b|\bplot\b/i;

/** Readings as an answer; undefined where none speaks of what was asked. */
export function reportOf({ vitals, evidence }: Vitals): AgentReport | undefined {
  const best = vitals[0]?.relevance ?? 0;
  if (best < enough || evidence === undefined) return undefined;
  const meant = vitals.filter(({ relevance }) => relevance >= 0.9 * best);
  const said = meant.map((one) => sentenceOf(one, evidence.id));
  return emptyReport({
    headline: said.slice(0, 3),
    sections: said.length <= 3 ? [] : [{ title: 'More', sentences: said.slice(3, 12) }],
    evidence: [evidence],
  });
}

/** All readings as sentences, in their order. */
export function sentencesOf({ vitals, evidence }: Vitals): Sentence[] {
  return evidence === undefined
    ? []
    : vitals.filter(({ known, tone }) => known || tone !== 'plain').map((one) => sentenceOf(one, evidence.id));
}

function sentenceOf(one: Vital, evidence: string): Sentence {
  const parts = Object.entries(one.labels)
    .filter(([name]) => name !== 'state' && one.facet !== 'info')
    .map(([name, value]) => `${name} ${value.slice(0, 60)}`);
  const part = parts.length === 0 ? '' : ` (${parts.slice(0, 3).join(', ')})`;
  return fact(`${entityNameOf(one.entity)}${part}: ${wordsOf(one)}.`, evidence);
}

/** Things that are counted are named once. */
function bare(value: number, unit: string | undefined, say: (value: number) => string): string {
  return unit !== undefined && /^[a-z]+s$/.test(unit) && !['bytes', 'seconds'].includes(unit)
    ? numberWords(value)
    : say(value);
}

function wordsOf(one: Vital): string {
  const { facet, subject, value, unit, limit, share, labels } = one;
  const say = (number: number): string =>
    unit === 'percent' ? `${Number(number.toPrecision(3))} %` : numberWords(number, unit);
  if (limit !== undefined && share !== undefined) {
    const percent = `${Number((100 * share).toPrecision(3))} %`;
    return facet === 'left'
      ? `${subject}: ${say(value)} of ${say(limit)} left, ${percent} used`
      : `${subject}: ${bare(value, unit, say)} of ${say(limit)} (${percent}), ${say(Math.max(0, limit - value))} free`;
  }
  switch (facet) {
    case 'up':
      return value >= 1 ? `${subject}: yes` : `${subject}: no`;
    case 'alarm':
      return value >= 1 ? `${subject}: yes` : `${subject}: no`;
    case 'state':
      return `${subject}: ${labels['state'] ?? say(value)}`;
    case 'info':
      return `${subject} ${Object.entries(labels)
        .map(([name, text]) => `${name} ${text}`)
        .join(', ')}`.trim();
    case 'moment':
      return value > 0
        ? `${subject}: in ${durationWords(value * 1_000)}`
        : `${subject}: ${durationWords(-value * 1_000)} ago`;
    case 'hit-share':
      return `${subject}: ${numberWords(value, 'ratio')} are hits`;
    default:
      return `${subject}: ${say(value)}`;
  }
}
