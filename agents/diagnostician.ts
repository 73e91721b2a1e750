import { z } from 'zod';
import { diagnosis as diagnosisSchema } from '../domain/diagnosis.ts';
import type { Diagnosis, Hypothesis } from '../domain/diagnosis.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Sentence } from '../domain/answer.ts';
import type { Window } from '../domain/time.ts';
import type { Agent, AgentContext, AgentReport, AgentTask, Compared } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import type { Called } from './call-tool.ts';
import { chooseLooksQuery, possibleLooks } from './choose-looks.ts';
import { chooseBaseline, chooseWindow, spanBefore } from './choose-window.ts';
import { collectEvidence } from './collect-evidence.ts';
import { causeTerm } from './grade-words.ts';
import { applyJudgement, judgeRankingQuery } from './judge-ranking.ts';
import { drawCharts } from './draw-charts.ts';
import { spanAfterEnded } from './look-again.ts';
import { fact, note } from './sentence.ts';
import { quote } from './show-records.ts';

const ranked = z.object({ diagnosis: diagnosisSchema }).loose();
type Ranking = z.infer<typeof ranked>;
const foresight = z.object({
  causeClass: z.string(),
  confidence: z.number(),
  learntFrom: z.number(),
  firstSteps: z.array(z.string()),
  like: z.array(z.object({ id: z.string(), title: z.string(), entity: z.string(), faultKind: z.string() })),
});
const past = z
  .object({ hits: z.array(z.object({ title: z.string(), text: z.string() })), foresight: foresight.optional() })
  .loose();
const anything = z.object({}).loose();

/** Asks the engine for ranked causes over the evidence of this run. Grades are the engine's; a model may only reorder within a grade or abstain. */
export function createDiagnostician(): Agent {
  return {
    name: 'diagnostician',
    description:
      'Ranks causes over the collected evidence; each comes with a certificate, what was ruled out and what could not be seen.',
    toolNames: [
      'rank_causes',
      'rank_alerts',
      'find_similar_incidents',
      'search_runbooks',
      'show_diff',
      'search_logs',
      'search_traces',
    ],
    run: diagnose,
  };
}

async function diagnose(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const grounds = await groundsOf(task, context);
  const similar = await callTool(
    context,
    'find_similar_incidents',
    { text: pastText(task), entities: task.understanding.entities, limit: 3 },
    past,
  );
  // What verified incidents say is a prior; pages about incidents alone are not.
  const prior = similar.data?.foresight === undefined ? [] : (similar.evidence ?? []);
  const rank = async ({ compared, evidence }: Grounds, before: AgentTask['evidence']): Promise<Called<Ranking>> =>
    rankingOf(
      {
        window: compared.window,
        baseline: compared.baseline ?? spanBefore(compared.window),
        focus: task.understanding.entities,
        evidence: [...before, ...evidence].concat(prior).map(({ id }) => id),
      },
      [...before, ...evidence],
      context,
    );
  const first = await rank(grounds, task.evidence);
  if (first.data === undefined)
    return emptyReport({
      headline: [note(`No cause could be worked out: ${first.missing}.`)],
      evidence: grounds.evidence,
    });
  const { found, compared, collected, ranking } = await settled(
    { first, data: first.data, grounds },
    {
      again: await lookAgain(task, context, first.data.diagnosis, grounds.compared),
      rank: (again) => rank(again, []),
    },
  );
  const diagnosis = await judged(task, context, found, similar);
  const top = diagnosis.hypotheses[0];
  const what = top === undefined ? '' : `${entityNameOf(top.entity)} ${top.faultKind} ${top.mechanism}`.slice(0, 2_000);
  const [looks, drawn, runbooks] = await Promise.all([
    lookFurther(task, context, diagnosis, compared),
    drawCharts(diagnosis, compared, context),
    top === undefined ? undefined : callTool(context, 'search_runbooks', { text: what, limit: 2 }, past),
  ]);
  const titles = (called: Called<z.infer<typeof past>>): string =>
    (called.data?.hits ?? []).map(({ title }) => quote(title)).join(', ');
  const records = [ranking, similar, ...looks, ...(runbooks === undefined ? [] : [runbooks])];
  return emptyReport({
    diagnosis,
    sections: [
      {
        title: 'Looked further',
        sentences: looks.flatMap(({ outcome, evidence }) =>
          outcome.status === 'ok' ? [fact(quote(outcome.digest), evidence?.id)] : [],
        ),
      },
      {
        title: 'Seen before',
        sentences:
          similar.data === undefined
            ? []
            : [
                fact(`Past incidents that resemble this: ${titles(similar)}.`, similar.evidence?.id),
                ...foretold(similar, diagnosis),
              ],
      },
      {
        title: 'Next step',
        sentences:
          runbooks?.data === undefined
            ? []
            : [fact(`Runbooks that may help: ${titles(runbooks)}.`, runbooks.evidence?.id)],
      },
    ].filter(({ sentences }) => sentences.length > 0),
    charts: drawn.charts,
    evidence: [...collected, ...records.flatMap(({ evidence }) => evidence ?? []), ...drawn.evidence],
  });
}

/** Tools whose evidence shows what the systems did; without any, alerts are all that there is. */
const telemetryTools = new Set(['find_anomalies', 'compare_with_baseline', 'find_log_patterns', 'search_traces']);

/** The engine's ranking over the evidence; of alerts alone where nothing else was seen and some fired. */
async function rankingOf(
  input: { window: Window; evidence: readonly string[] } & Record<string, unknown>,
  evidence: AgentTask['evidence'],
  context: AgentContext,
): Promise<Called<z.infer<typeof ranked>>> {
  if (!evidence.some(({ tool }) => telemetryTools.has(tool))) {
    const fromAlerts = await callTool(context, 'rank_alerts', { window: input.window }, ranked);
    if (fromAlerts.data !== undefined) return fromAlerts;
  }
  return callTool(context, 'rank_causes', input, ranked);
}

/** What verified incidents spoke for before the evidence, beside what the evidence says now. */
function foretold({ data, evidence }: Called<z.infer<typeof past>>, diagnosis: Diagnosis): Sentence[] {
  const said = data?.foresight;
  if (said === undefined) return [];
  const { causeClass, confidence, learntFrom, firstSteps, like } = said;
  const [nearest] = like;
  const [top] = diagnosis.hypotheses;
  const agrees = nearest !== undefined && top?.entity === nearest.entity && top.faultKind === nearest.faultKind;
  const incidents = `${learntFrom} verified incident${learntFrom === 1 ? '' : 's'}`;
  return [
    ...(nearest === undefined
      ? []
      : [
          fact(
            `The closest, ${quote(nearest.title)}, was ${entityNameOf(nearest.entity)} (${nearest.faultKind}): ${agrees ? 'the same as now' : 'another cause than the evidence shows now'}.`,
            evidence?.id,
          ),
        ]),
    ...(learntFrom === 0
      ? []
      : [
          fact(
            `By ${incidents} the cause would be ${causeClass} (${Math.round(confidence * 100)} %, a prior that evidence overrules).`,
            evidence?.id,
          ),
        ]),
    ...firstSteps.slice(0, 1).map((step) => fact(`First step for what is named: ${step}`, evidence?.id)),
  ];
}

/** The ranking of what goes on now, where a second look was taken and shows something; else the first. */
async function settled(
  { first, data, grounds }: { first: Called<Ranking>; data: Ranking; grounds: Grounds },
  { again, rank }: { again: Awaited<ReturnType<typeof lookAgain>>; rank: (again: Grounds) => Promise<Called<Ranking>> },
): Promise<{ found: Diagnosis; compared: Compared; collected: AgentTask['evidence']; ranking: Called<Ranking> }> {
  const second = again === undefined ? undefined : await rank(again);
  if (again === undefined || second?.data === undefined || second.data.diagnosis.symptoms.length === 0)
    return { found: data.diagnosis, compared: grounds.compared, collected: grounds.evidence, ranking: first };
  return {
    found: { ...second.data.diagnosis, ended: again.ended },
    compared: again.compared,
    collected: [...grounds.evidence, ...again.evidence].concat(first.evidence ?? []),
    ranking: second,
  };
}

interface Grounds {
  compared: Compared;
  evidence: AgentTask['evidence'];
}

/** Where a fault has ended and symptoms go on: evidence of the time since it ended. */
async function lookAgain(
  task: AgentTask,
  context: AgentContext,
  diagnosis: Diagnosis,
  compared: Compared,
): Promise<(Grounds & { ended: Hypothesis[] }) | undefined> {
  const span = spanAfterEnded(diagnosis, compared);
  if (span === undefined) return undefined;
  const { looks, compared: since } = await collectEvidence(task, context, span);
  return { compared: since, evidence: looks.flatMap(({ called }) => called.evidence ?? []), ended: span.ended };
}

/** What the investigator compared; where none ran, this agent collects for itself. */
async function groundsOf(task: AgentTask, context: AgentContext): Promise<Grounds> {
  if (task.compared !== undefined) return { compared: task.compared, evidence: [] };
  if (task.evidence.length > 0) {
    return {
      compared: {
        window: chooseWindow(task.question, task.understanding),
        baseline: chooseBaseline(task.understanding),
      },
      evidence: [],
    };
  }
  const { looks, compared } = await collectEvidence(task, context);
  return { compared, evidence: looks.flatMap(({ called }) => called.evidence ?? []) };
}

async function judged(
  task: AgentTask,
  context: AgentContext,
  diagnosis: Diagnosis,
  similar: Called<z.infer<typeof past>>,
): Promise<Diagnosis> {
  if (diagnosis.hypotheses.length < 2) return diagnosis;
  const facts = {
    question: task.question.text,
    hypotheses: diagnosis.hypotheses.map(({ id, entity, faultKind, mechanism, certificate, confidence, score }) => ({
      id,
      entity,
      faultKind,
      mechanism,
      grade: certificate.grade,
      confidence,
      score,
    })),
    past: (similar.data?.hits ?? []).map(({ title, text }) => `${title}: ${text.slice(0, 300)}`),
  };
  const { result, by } = await context.reasoner.decide(judgeRankingQuery(facts), context.signal);
  return by === 'model' ? applyJudgement(diagnosis, result) : diagnosis;
}

async function lookFurther(
  task: AgentTask,
  context: AgentContext,
  diagnosis: Diagnosis,
  compared: Compared,
): Promise<Called<z.infer<typeof anything>>[]> {
  const looks = possibleLooks(diagnosis, compared);
  if (looks.length === 0) return [];
  const facts = {
    question: task.question.text,
    leading: diagnosis.hypotheses
      .slice(0, 3)
      .map(({ entity, mechanism, certificate }) => `${entity} (${causeTerm[certificate.grade]}): ${mechanism}`),
    gaps: diagnosis.gaps.map(({ missing }) => missing),
    looks,
  };
  const { result } = await context.reasoner.decide(chooseLooksQuery(facts), context.signal);
  const chosen = looks.filter(({ id }) => result.looks.includes(id));
  return Promise.all(chosen.map(({ tool, input }) => callTool(context, tool, input, anything)));
}

function pastText({ question, understanding }: AgentTask): string {
  const names = understanding.entities.map(entityNameOf).join(' ');
  return `${question.alert?.name ?? ''} ${names} ${question.text}`.trim().slice(0, 2_000) || 'incident';
}
