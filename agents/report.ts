import { z } from 'zod';
import type { Answer } from '../domain/answer.ts';
import { section, sentence } from '../domain/answer.ts';
import type { Evidence } from '../domain/evidence.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Prompt, Query } from '../infra/runtime/reasoner.ts';
import type { AgentContext, AgentTask } from './agent.ts';
import { checkReport } from './check-report.ts';
import type { Draft, Grounds } from './check-report.ts';
import { draftReport } from './draft-report.ts';
import type { StoredReport } from './state.ts';

const draft = z.object({ headline: z.array(sentence).min(1).max(3), sections: z.array(section).max(12) });

/** What the writer knows: the question, the words by rule, and the digests of the evidence that may be cited. */
export interface ReportFacts {
  question: string;
  timeZone: string;
  draft: Draft;
  evidence: Pick<Evidence, 'id' | 'kind' | 'digest' | 'tainted'>[];
}

/** The decision of how to word an answer. By rule: the template's sentences. A model may word them better; what it writes passes the same check. */
function reportQuery(facts: ReportFacts): Query<ReportFacts, Draft> {
  return {
    name: 'write-report',
    facts,
    schema: draft,
    rule: ({ draft }) => draft,
    prompt: ({ question, timeZone, draft, evidence }) => ({
      instruction: [
        'Word an answer for the on-call engineer who asked. Write plain English.',
        'headline: one to three short sentences: what, since when, how sure. sections: keep the titles of the draft, shorten and connect its sentences.',
        'Every sentence of kind "fact" cites the ids of the evidence that carries it; keep the ids that the draft gives. Use kind "note" only for what concerns the answer itself.',
        'Add no cause, number, name or time that is not in the draft or the evidence.',
        'Grades bind the words: "root cause" only where the draft says it; else "probable cause", "suspected cause", "unproven candidate" as in the draft.',
        `Times are already in ${timeZone}; keep them as they are.`,
        'Quote the text of others only word for word, in “…”.',
      ].join('\n'),
      data: [
        { label: 'question', text: question, tainted: true },
        ...draftBlocks(draft, evidence),
        ...evidenceBlocks(evidence),
      ],
    }),
  };
}

/** The draft's sentences, one block for each set of evidence kinds that they cite, so that a kind that must stay at home takes its sentences along. */
function draftBlocks({ headline, sections }: Draft, evidence: ReportFacts['evidence']): Prompt['data'] {
  const kindOf = new Map(evidence.map(({ id, kind }) => [id, kind]));
  const groups = new Map<string, { kinds: string[]; lines: string[] }>();
  for (const { title, sentences } of [{ title: 'headline', sentences: headline }, ...sections]) {
    for (const one of sentences) {
      const kinds = [...new Set(one.evidence.flatMap((id) => kindOf.get(id) ?? []))].sort();
      const group = groups.get(kinds.join()) ?? { kinds, lines: [] };
      group.lines.push(JSON.stringify({ section: title, ...one }));
      groups.set(kinds.join(), group);
    }
  }
  return [...groups.values()].map(({ kinds, lines }) => ({
    label: 'draft',
    kinds,
    text: lines.join('\n'),
    tainted: true,
  }));
}

function evidenceBlocks(evidence: ReportFacts['evidence']): Prompt['data'] {
  return [...new Set(evidence.map(({ kind }) => kind))].sort().map((kind) => {
    const mine = evidence.filter((one) => one.kind === kind);
    return {
      label: `evidence of ${kind}`,
      kinds: [kind],
      text: mine.map(({ id, digest }) => `${id}: ${digest}`).join('\n'),
      tainted: mine.some(({ tainted }) => tainted),
    };
  });
}

/** Writes the answer of a run: the reports of its agents as one text, checked sentence by sentence. The same input gives the same bytes under rules. */
export async function writeAnswer(
  task: AgentTask,
  reports: Record<string, StoredReport>,
  context: AgentContext,
): Promise<Answer> {
  const { question, understanding } = task;
  const all = Object.values(reports);
  const diagnosis = reports['diagnostician']?.diagnosis;
  const plan = reports['remediator']?.plan;
  const evidence = task.evidence;
  const ruled = draftReport(task, reports);
  const grounds: Grounds = {
    evidence: new Set(evidence.map(({ id }) => id)),
    names: namesOf(task),
    quotable: quotesIn(ruled),
    observed: new Set(
      all
        .flatMap(({ headline, sections }) => [...headline, ...sections.flatMap(({ sentences }) => sentences)])
        .map(({ text }) => text),
    ),
    ...(diagnosis === undefined ? {} : { diagnosis }),
  };
  const byRule = checkReport(ruled, grounds);
  const query = reportQuery({
    question: question.text,
    timeZone: question.timeZone,
    draft: { headline: byRule.headline, sections: byRule.sections },
    evidence: evidence.map(({ id, kind, digest, tainted }) => ({ id, kind, digest, tainted })),
  });
  // Nothing to word better where a question is asked back or nothing was found.
  const decision =
    understanding.clarify === undefined && all.length > 0
      ? await context.reasoner.decide(query, context.signal)
      : undefined;
  const checked = decision?.by === 'model' ? checkReport(decision.result, grounds) : byRule;
  const usable = checked.headline.length > 0;
  return {
    run: task.run,
    thread: question.thread,
    status: statusOf(task, all, byRule),
    understanding,
    headline: usable ? checked.headline : byRule.headline,
    sections: usable && checked.sections.length > 0 ? checked.sections : byRule.sections,
    charts: all.flatMap(({ charts }) => charts),
    ...(diagnosis === undefined ? {} : { diagnosis }),
    ...(plan === undefined ? {} : { plan }),
    evidence,
    by: usable && decision?.by === 'model' ? (decision.model ?? 'model') : 'rules',
  };
}

/** `abstained`: asked and looked, but there is nothing to say of the systems. `failed`: no agent came through. */
function statusOf(
  { understanding, diagnosis }: AgentTask,
  reports: readonly StoredReport[],
  { headline }: Draft,
): Answer['status'] {
  if (understanding.clarify !== undefined) return 'clarify';
  if (reports.length > 0 && reports.every(({ failed }) => failed === true)) return 'failed';
  if (diagnosis?.verdict === 'abstain') return 'abstained';
  return understanding.intent !== 'help' && headline.every(({ kind }) => kind === 'note') ? 'abstained' : 'answered';
}

function namesOf({ evidence, diagnosis, understanding }: AgentTask): string[] {
  const ids = [
    ...evidence.flatMap(({ entities }) => entities),
    ...understanding.entities,
    ...(diagnosis?.blastRadius ?? []),
    ...(diagnosis?.symptoms ?? []).map(({ entity }) => entity),
    ...(diagnosis?.ruledOut ?? []).flatMap(({ entity }) => entity ?? []),
  ];
  return [...new Set(ids.map(entityNameOf))];
}

/** What our own templates quote may be quoted again by a model, word for word. */
function quotesIn({ headline, sections }: Draft): string[] {
  const texts = [...headline, ...sections.flatMap(({ sentences }) => sentences)].map(({ text }) => text);
  return texts.flatMap((text) => [...text.matchAll(/“([^”]*)”/g)].map(([, inner]) => inner!));
}
