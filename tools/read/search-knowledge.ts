import { z } from 'zod';
import { entityId } from '../../domain/entity.ts';
import type { KnowledgeHit, KnowledgeSearch } from '../knowledge-search.ts';
import type { Tool } from '../tool.ts';

const longestText = 2_000;

const hit = z.object({
  id: z.string(),
  kind: z.enum(['runbook', 'incident', 'document']),
  title: z.string(),
  text: z.string(),
  source: z.string(),
  score: z.number(),
  entities: z.array(z.string()).optional(),
});
const input = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(2_000)
    .describe('What to look for, in plain words: symptoms, error messages, service names.'),
  entities: z.array(entityId).max(100).default([]).describe('Prefer passages about these entities.'),
  limit: z.number().int().min(1).max(50).default(8),
});
type Request = z.infer<typeof input>;
const output = z.object({ hits: z.array(hit) });
type KnowledgeTool = Tool<Request, z.infer<typeof output>>;

interface Kind {
  name: string;
  description: string;
  kinds: KnowledgeHit['kind'][];
  noun: string;
}

/** Searches everything that the team has written down. */
export function createSearchKnowledge(deps: { knowledge?: KnowledgeSearch }): KnowledgeTool {
  return knowledgeTool(deps, {
    name: 'search_knowledge',
    description:
      'Searches all that the team has written down (runbooks, past incidents, documents) by words and meaning; gives passages with their source.',
    kinds: ['runbook', 'incident', 'document'],
    noun: 'passages',
  });
}

/** Searches runbooks only. */
export function createSearchRunbooks(deps: { knowledge?: KnowledgeSearch }): KnowledgeTool {
  return knowledgeTool(deps, {
    name: 'search_runbooks',
    description: 'Searches the runbooks for what to do about a symptom, alert or fault. Use it before proposing steps.',
    kinds: ['runbook'],
    noun: 'runbooks',
  });
}

/** Searches past incidents only. */
export function createFindSimilarIncidents(deps: { knowledge?: KnowledgeSearch }): KnowledgeTool {
  return knowledgeTool(deps, {
    name: 'find_similar_incidents',
    description:
      'Finds past incidents that resemble this one by symptoms, entities and cause, with what was done then. Answers "what did we do last time".',
    kinds: ['incident'],
    noun: 'past incidents',
  });
}

/** Passages are text written by others and always tainted. */
function knowledgeTool(deps: { knowledge?: KnowledgeSearch }, kind: Kind): KnowledgeTool {
  return {
    name: kind.name,
    description: kind.description,
    effect: 'read',
    input,
    output,
    async run(request, { session, signal }) {
      const { knowledge } = deps;
      if (knowledge === undefined) {
        return {
          status: 'no-data',
          lookedAt: `nothing: no store of ${kind.noun} is connected`,
          hint: 'Point `knowledge` of the configuration at a folder of documents; until then say that nothing is written down here.',
        };
      }
      const found = await knowledge.search(
        {
          text: request.text,
          kinds: kind.kinds,
          entities: request.entities,
          limit: request.limit,
          labels: session.principal.labels ?? [],
        },
        signal,
      );
      if (found.length === 0) {
        return {
          status: 'no-data',
          lookedAt: `${knowledge.name}, ${kind.noun} for "${request.text.slice(0, 120)}"`,
          hint: 'Try the symptom in other words, an error message, or the service name alone.',
        };
      }
      const hits = found.slice(0, request.limit).map((item) => ({ ...item, text: item.text.slice(0, longestText) }));
      return {
        status: 'ok',
        output: { hits },
        raw: { hits: found },
        digest: `${hits.length} ${kind.noun} for "${request.text.slice(0, 80)}": ${hits
          .slice(0, 5)
          .map(({ title, source }) => `"${title.slice(0, 60)}" (${source.slice(0, 40)})`)
          .join('; ')}.`,
        kind: 'knowledge',
        source: knowledge.name,
        entities: request.entities,
        tainted: true,
      };
    },
  };
}
