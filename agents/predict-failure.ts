import { z } from 'zod';
import type { Sentence } from '../domain/answer.ts';
import { entityNameOf } from '../domain/entity.ts';
import { finding } from '../domain/finding.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { ended, fact, note } from './sentence.ts';
import { durationWords } from './time-words.ts';
import { isTrouble } from './trouble.ts';

const told = z
  .object({
    horizonMs: z.number(),
    basis: z.string(),
    services: z.array(
      z.object({
        entity: z.string(),
        probability: z.number(),
        remaining: z.string(),
        factors: z.array(z.object({ feature: z.string(), shareMs: z.number() })),
        limits: z.array(z.object({ measure: z.string(), used: z.number(), reaches: z.string() })),
      }),
    ),
  })
  .loose();
type Told = z.infer<typeof told>['services'][number];
const found = z.object({ findings: z.array(finding) }).loose();

/** From this probability on a failure is called likely. */
const likelyFrom = 0.2;
const usualHistoryMs = 3 * 3_600_000;
const leastHistoryMs = 12 * 60_000;
const mostHistoryMs = 14 * 86_400_000;
const nowMs = 5 * 60_000;

/**
 * Says which of the named things (or of all) are likely to fail soon, by what signs and when their limits are reached; where none is, the highest
 * probability. What departs from normal already is said too, and when the history held does not reach as far ahead as was asked.
 */
export async function predictFailure(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { question, understanding } = task;
  const { entities, horizonMs: asked } = understanding;
  const to = question.window?.to ?? question.askedAt;
  // The tool looks a quarter of the history ahead.
  const historyMs = asked === undefined ? usualHistoryMs : Math.min(mostHistoryMs, Math.max(leastHistoryMs, 4 * asked));
  const before = (ms: number): { from: string; to: string } => ({ from: isoOf(msOf(to) - ms), to });
  const [risk, present] = await Promise.all([
    callTool(context, 'predict_failure', { entities, window: before(historyMs) }, told),
    callTool(context, 'find_anomalies', { entities, window: before(nowMs) }, found),
  ]);
  const evidence = [risk.evidence, present.evidence].flatMap((record) => record ?? []);
  const signs = alreadySaid(present.data?.findings ?? [], entities, present.evidence?.id);
  const already =
    signs.length === 0
      ? []
      : [
          fact(
            `${signs.length === 1 ? 'One sign departs' : `${signs.length} signs depart`} from normal already: ${signs[0]!.text}`,
            present.evidence?.id,
          ),
        ];
  const abnormal = { title: 'Abnormal already', sentences: signs.slice(1, 9) };
  const id = risk.evidence?.id;
  if (risk.data === undefined)
    return emptyReport({
      headline: [
        note('What will fail cannot be told.'),
        note(risk.outcome.status === 'no-data' ? (risk.outcome.hint ?? risk.outcome.lookedAt) : `${risk.missing}.`),
        ...already,
      ],
      sections: [abnormal].filter(({ sentences }) => sentences.length > 0),
      evidence,
    });
  const { services, horizonMs, basis } = risk.data;
  const likely = services.filter(({ probability }) => probability >= likelyFrom);
  const within = durationWords(horizonMs);
  const filling = services.flatMap((one) =>
    one.limits
      .slice(0, 2)
      .map(({ measure, used, reaches }) =>
        fact(
          `${entityNameOf(one.entity)}: ${measure} is at ${percent(used)}${reaches === 'now' ? ', its limit' : ` and reaches its limit ${reaches}`}.`,
          id,
        ),
      ),
  );
  const short = asked !== undefined && asked > 1.2 * horizonMs;
  return emptyReport({
    headline: [
      ...(likely.length > 0
        ? likely.slice(0, 2).map((one) => fact(riskWords(one, within), id))
        : [fact(quietWords(services, entities.length > 0, within), id)]),
      ...(short
        ? [
            note(
              `Asked was ${durationWords(asked)} ahead; the history held allows ${within}, a quarter of its length. Ask \`when will … be full\` for what fills up.`,
            ),
          ]
        : []),
      ...filling.slice(0, 1),
      ...already,
    ],
    sections: [
      {
        title: 'By probability',
        sentences: services
          .slice(0, 5)
          .map((one) => fact(`${entityNameOf(one.entity)}: ${percent(one.probability)} within ${within}.`, id)),
      },
      { title: 'Limits that are reached', sentences: filling.slice(1, 8) },
      abnormal,
      {
        title: 'How this is judged',
        sentences: [note(`The probabilities are ${basis}; they know nothing of what nobody measures.`)],
      },
    ].filter(({ sentences }) => sentences.length > 0),
    evidence,
  });
}

function riskWords({ entity, probability, remaining, factors }: Told, within: string): string {
  // What shortens the time that is left, by the signal's name: "error share: mean of 15" and "error share: growth" are one sign.
  const signs = [
    ...new Set(factors.filter(({ shareMs }) => shareMs < 0).map(({ feature }) => feature.split(':')[0]!)),
  ].filter((sign) => sign !== 'age');
  const by = signs.length === 0 ? '' : `; the signs are ${signs.slice(0, 3).join(', ')}`;
  return `${entityNameOf(entity)} is likely to fail: ${percent(probability)} within ${within}, time left ${remaining}${by}.`;
}

function quietWords(services: readonly Told[], named: boolean, within: string): string {
  const [highest] = services;
  if (highest === undefined) return `Nothing is judged for the next ${within}.`;
  const name = entityNameOf(highest.entity);
  return named && services.length === 1
    ? `${name} is not likely to fail within ${within}: ${percent(highest.probability)}.`
    : `None of ${services.length} is likely to fail within ${within}; the highest is ${name} with ${percent(highest.probability)}.`;
}

/** What departs from normal now, the gravest first. */
function alreadySaid(
  findings: readonly z.infer<typeof finding>[],
  entities: readonly string[],
  id: string | undefined,
): Sentence[] {
  return findings
    .filter((one) => isTrouble(one) && (entities.length === 0 || entities.includes(one.entity)))
    .toSorted((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1))
    .map(({ statement }) => fact(ended(statement), id));
}

function percent(share: number): string {
  return share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`;
}
