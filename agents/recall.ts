import { z } from 'zod';
import type { Sentence } from '../domain/answer.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { fact, note } from './sentence.ts';
import { quote } from './show-records.ts';

const incident = z.object({
  culprit: z.string(),
  faultKind: z.string(),
  ruledOut: z.array(z.string()),
  whatHelped: z.array(z.string()),
  from: z.string(),
});
const found = z
  .object({
    hits: z.array(
      z.object({
        title: z.string(),
        text: z.string(),
        source: z.string(),
        entities: z.array(z.string()).default([]),
        incident: incident.optional(),
      }),
    ),
  })
  .loose();

/** Tells what the team has written down: past incidents for "what did we do last time", else runbooks and documents. */
export async function recall(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const past = understanding.intent === 'history';
  const text = (understanding.searchText ?? question.text).slice(0, 2_000).trim() || 'incident';
  const input = { text, entities: understanding.entities };
  const called = await callTool(context, past ? 'find_similar_incidents' : 'search_knowledge', input, found);
  const what = past ? 'past incident' : 'passage';
  if (called.data === undefined) {
    const whom = understanding.entities.map(entityNameOf).join(', ');
    return emptyReport({
      headline: [note(`No ${what}${whom === '' ? '' : ` about ${whom}`} is written down here: ${called.missing}.`)],
    });
  }
  const id = called.evidence?.id;
  const asksWho = !past && asksOwner.test(question.text);
  const hits = past ? called.data.hits : called.data.hits.filter((hit) => bearsOn(hit, task, asksWho));
  const owned = asksWho ? await ownersOf(understanding.entities, context) : undefined;
  if (hits.length === 0) {
    const looked = called.data.hits.length;
    const lacking = asksWho ? 'who owns it, who is on call or whom to ask' : 'that';
    return emptyReport({
      headline: [
        ...(owned?.said ?? []),
        ...(owned === undefined
          ? [
              note(
                `Nothing that is written down here says ${lacking}; the ${looked} nearest passages speak of other things.`,
              ),
            ]
          : []),
      ],
      evidence: [called.evidence, owned?.evidence].filter((one) => one !== undefined),
    });
  }
  return emptyReport({
    headline: [
      ...(owned?.said ?? []),
      fact(
        `${hits.length} ${what}${hits.length === 1 ? '' : 's'} found; the closest is ${quote(hits[0]?.title ?? '')}.`,
        id,
      ),
    ],
    sections: [
      {
        title: past ? 'Last time' : 'Written down',
        sentences: hits
          .slice(0, 5)
          .flatMap(({ title, text: passage, source, incident: then }) => [
            fact(`${quote(title)} (${quote(source)}): ${quote(passage)}`, id),
            ...(then === undefined ? [] : [fact(outcomeOf(then), id)]),
          ]),
      },
    ],
    evidence: [called.evidence, owned?.evidence].filter((one) => one !== undefined),
  });
}

/** What a verified incident came to. What helped is there only where its culprit is here too. */
function outcomeOf({ culprit, faultKind, ruledOut, whatHelped, from }: z.infer<typeof incident>): string {
  const helped = whatHelped.length === 0 ? '' : ` What helped: ${whatHelped.map(quote).join(', ')}.`;
  const excluded = ruledOut.length === 0 ? '' : ` Ruled out then: ${ruledOut.slice(0, 3).map(quote).join(', ')}.`;
  return `Its cause (${from.slice(0, 10)}) was ${entityNameOf(culprit)} (${faultKind}).${helped}${excluded}`;
}

const asksOwner =
  /\b(?:who (?:owns|maintains|is (?:the owner|responsible|in charge|on[ -]?call))|whos on[ -]?call|on[ -]?call (?:for|now|rota|schedule)|owners? of|which team|whom? (?:do|should|can) (?:i|we) (?:ask|call|contact|page))\b/i;
const tellsWho =
  /\b(?:on-?call|own(?:s|ed|ers?)|maintain(?:s|ed|ers?)|responsible|contacts?|escalat\w+|rota|rotation|team)\b/i;
/** Words that ask, and say nothing of what about. */
const asking = new Set(
  'about actually anything are can could describe did does explain find for from get give guide have how into is know like look mean means our please procedure runbook runbooks playbook say says should show tell that the their them there these they thing this those to us was we what when where which who why will with would you your'.split(
    ' ',
  ),
);

/** Whether a passage speaks of what was asked: of who answers for something, of a named entity, or with one of the question's own words. */
function bearsOn(
  { title, text, entities }: { title: string; text: string; entities: string[] },
  { question, understanding }: AgentTask,
  asksWho: boolean,
): boolean {
  const passage = `${title}\n${text}`.toLowerCase();
  if (asksWho) return tellsWho.test(passage);
  if (entities.some((one) => understanding.entities.includes(one))) return true;
  const words = (question.text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}_.-]*/gu) ?? []).filter(
    (word) => word.length > 2 && !asking.has(word),
  );
  // A stem is told by its first letters: "draining" and "drain", "replicas" and "replica".
  return words.length === 0 || words.some((word) => passage.includes(word.slice(0, Math.max(4, word.length - 3))));
}

const walked = z.object({ owners: z.record(z.string(), z.string()).optional() }).loose();

/** Who owns the named entities, by the topology that catalogues and CODEOWNERS declare. */
async function ownersOf(
  entities: readonly string[],
  context: AgentContext,
): Promise<{ said: Sentence[]; evidence: Evidence | undefined } | undefined> {
  if (entities.length === 0) return undefined;
  const called = await callTool(context, 'walk_topology', { entities, depth: 1 }, walked);
  const owners = called.data?.owners ?? {};
  const said = entities.flatMap((one) =>
    owners[one] === undefined
      ? []
      : [fact(`${entityNameOf(one)} is owned by ${quote(owners[one])}.`, called.evidence?.id)],
  );
  return said.length === 0 ? undefined : { said, evidence: called.evidence };
}
