import { z } from 'zod';
import type { Sentence } from '../domain/answer.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { asksOwner, bearsOn, tellsWho } from './bears-on.ts';
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
type Hit = z.infer<typeof found>['hits'][number];

/** Tells what the team has written down: past incidents for "what did we do last time", else runbooks and documents. */
export async function recall(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const past = understanding.intent === 'history';
  const text = (understanding.searchText ?? question.text).slice(0, 2_000).trim() || 'incident';
  const input = { text, entities: understanding.entities };
  const called = await callTool(context, past ? 'find_similar_incidents' : 'search_knowledge', input, found);
  if (called.data === undefined) {
    const whom = understanding.entities.map(entityNameOf).join(', ');
    return emptyReport({
      headline: [
        note(
          `No ${past ? 'past incident' : 'passage'}${whom === '' ? '' : ` about ${whom}`} is written down here: ${called.missing}.`,
        ),
      ],
    });
  }
  const asksWho = !past && asksOwner.test(question.text);
  const hits = asksWho ? called.data.hits.filter(tellsWho) : called.data.hits;
  const owned = asksWho ? await ownersOf(understanding.entities, context) : undefined;
  const evidence = [called.evidence, owned?.evidence].filter((one) => one !== undefined);
  if (hits.length === 0) return emptyReport({ headline: owned?.said ?? [nobodyNamed(called.data.hits)], evidence });
  const { headline, sections } = tell(hits, task, called.evidence?.id);
  return emptyReport({ headline: [...(owned?.said ?? []), ...headline], sections, evidence });
}

/** The hits in words; where none holds a word of the question, that is said first. */
function tell(
  hits: readonly Hit[],
  task: AgentTask,
  id: string | undefined,
): Pick<AgentReport, 'headline' | 'sections'> {
  const sentences = hits.slice(0, 5).flatMap((hit) => passageSaid(hit, id));
  if (task.understanding.intent === 'history')
    return { headline: [foundSaid(hits, 'past incident', id)], sections: [{ title: 'Last time', sentences }] };
  if (hits.some((hit) => bearsOn(hit, task)))
    return { headline: [foundSaid(hits, 'passage', id)], sections: [{ title: 'Written down', sentences }] };
  return { headline: [farOff(hits)], sections: [{ title: 'Nearest by meaning', sentences }] };
}

function foundSaid(hits: readonly Hit[], what: string, id: string | undefined): Sentence {
  return fact(
    `${hits.length} ${what}${hits.length === 1 ? '' : 's'} found; the closest is ${quote(hits[0]?.title ?? '')}.`,
    id,
  );
}

function farOff({ length }: readonly Hit[]): Sentence {
  return note(
    `Nothing that is written down here holds a word of the question; the nearest by meaning (${length}) follow.`,
  );
}

function nobodyNamed({ length }: readonly Hit[]): Sentence {
  return note(
    `Nothing that is written down here says who owns it, who is on call or whom to ask; the nearest passages (${length}) speak of other things.`,
  );
}

function passageSaid({ title, text, source, incident: then }: Hit, id: string | undefined): Sentence[] {
  return [
    fact(`${quote(title)} (${quote(source)}): ${quote(text)}`, id),
    ...(then === undefined ? [] : [fact(outcomeOf(then), id)]),
  ];
}

/** What a verified incident came to. What helped is there only where its culprit is here too. */
function outcomeOf({ culprit, faultKind, ruledOut, whatHelped, from }: z.infer<typeof incident>): string {
  const helped = whatHelped.length === 0 ? '' : ` What helped: ${whatHelped.map(quote).join(', ')}.`;
  const excluded = ruledOut.length === 0 ? '' : ` Ruled out then: ${ruledOut.slice(0, 3).map(quote).join(', ')}.`;
  return `Its cause (${from.slice(0, 10)}) was ${entityNameOf(culprit)} (${faultKind}).${helped}${excluded}`;
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
