import { z } from 'zod';
import { entityNameOf } from '../domain/entity.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { fact, note } from './sentence.ts';
import { quote } from './show-records.ts';

const found = z
  .object({ hits: z.array(z.object({ title: z.string(), text: z.string(), source: z.string() })) })
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
  const { hits } = called.data;
  return emptyReport({
    headline: [
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
          .map(({ title, text: passage, source }) => fact(`${quote(title)} (${quote(source)}): ${quote(passage)}`, id)),
      },
    ],
    evidence: called.evidence === undefined ? [] : [called.evidence],
  });
}
