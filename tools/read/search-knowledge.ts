import { z } from 'zod';
import { entityId } from '../../domain/entity.ts';
import { type Clock, isoOf } from '../../infra/runtime/clock.ts';
import type { KnowledgeHit, KnowledgeSearch } from '../knowledge-search.ts';
import type { Sources } from '../sources/source.ts';
import type { Tool } from '../tool.ts';

const longestText = 2_000;

/** What `find_similar_incidents` says beside its hits; `rank_causes` reads it as a prior. */
export const foresightSchema = z.object({
  causeClass: z.string(),
  confidence: z.number(),
  learntFrom: z.number().int(),
  firstSteps: z.array(z.string()),
  mechanisms: z.array(z.string()),
  like: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      entity: z.string(),
      faultKind: z.string(),
      likeness: z.number(),
    }),
  ),
});

const hit = z.object({
  id: z.string(),
  kind: z.enum(['runbook', 'incident', 'document']),
  title: z.string(),
  text: z.string(),
  source: z.string(),
  score: z.number(),
  entities: z.array(z.string()).optional(),
  why: z.array(z.string()).optional(),
  copies: z.array(z.string()).optional(),
  incident: z
    .object({
      culprit: z.string(),
      faultKind: z.string(),
      ruledOut: z.array(z.string()),
      whatHelped: z.array(z.string()),
      verifiedBy: z.string(),
      from: z.string(),
      to: z.string().optional(),
    })
    .optional(),
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
const output = z.object({
  hits: z.array(hit),
  /** Of past incidents: the class of cause that they speak for, first steps, and the incidents that are most like this one. */
  foresight: foresightSchema.optional(),
});
type KnowledgeTool = Tool<Request, z.infer<typeof output>>;

interface KnowledgeDeps {
  knowledge?: KnowledgeSearch;
  sources?: Sources;
  clock?: Clock;
}

interface Kind {
  name: string;
  description: string;
  kinds: KnowledgeHit['kind'][];
  noun: string;
  foresees: boolean;
}

/** Searches everything that the team has written down. */
export function createSearchKnowledge(deps: KnowledgeDeps): KnowledgeTool {
  return knowledgeTool(deps, {
    name: 'search_knowledge',
    description:
      'Searches all that the team has written down (runbooks, past incidents, documents) by words, meaning and what lies around the entities; gives passages with document, heading, lines and why each was found.',
    kinds: ['runbook', 'incident', 'document'],
    noun: 'passages',
    foresees: false,
  });
}

/** Searches runbooks only. */
export function createSearchRunbooks(deps: KnowledgeDeps): KnowledgeTool {
  return knowledgeTool(deps, {
    name: 'search_runbooks',
    description: 'Searches the runbooks for what to do about a symptom, alert or fault. Use it before proposing steps.',
    kinds: ['runbook'],
    noun: 'runbooks',
    foresees: false,
  });
}

/** Searches past incidents only. */
export function createFindSimilarIncidents(deps: KnowledgeDeps): KnowledgeTool {
  return knowledgeTool(deps, {
    name: 'find_similar_incidents',
    description:
      'Finds past incidents that resemble this one by symptoms, entities and cause, with what was ruled out and what helped then, and the class of cause and first steps that they speak for (a prior, no proof). Answers "what did we do last time".',
    kinds: ['incident'],
    noun: 'past incidents',
    foresees: true,
  });
}

/** Passages are text written by others and always tainted. */
function knowledgeTool(deps: KnowledgeDeps, kind: Kind): KnowledgeTool {
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
      const asked = { text: request.text, entities: request.entities, labels: session.principal.labels ?? [] };
      const foresight = kind.foresees ? await knowledge.foresee?.(asked, signal) : undefined;
      const known = await existing(deps, found, signal);
      const hits = found
        .slice(0, request.limit)
        .map((item) => ({ ...here(item, known), text: item.text.slice(0, longestText) }));
      return {
        status: 'ok',
        output: { hits, ...(foresight === undefined ? {} : { foresight }) },
        raw: { hits: found, ...(foresight === undefined ? {} : { foresight }) },
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

const lookBackMs = 60 * 60_000;

/** Entities that are here now; undefined where no hit asks for it or nothing can tell. */
async function existing(
  { sources, clock }: KnowledgeDeps,
  found: readonly KnowledgeHit[],
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  if (sources?.topology === undefined || clock === undefined) return undefined;
  if (!found.some(({ incident }) => (incident?.whatHelped.length ?? 0) > 0)) return undefined;
  const window = { from: isoOf(clock.now() - lookBackMs), to: isoOf(clock.now()) };
  const read = await sources.topology.read(window, signal);
  return read.status === 'ok' ? new Set(read.items.flatMap(({ entities }) => entities.map(({ id }) => id))) : undefined;
}

/** What helped then is no suggestion where the culprit is not here. */
function here(hitOf: KnowledgeHit, known: ReadonlySet<string> | undefined): KnowledgeHit {
  const { incident } = hitOf;
  if (incident === undefined || known?.has(incident.culprit) === true) return hitOf;
  return { ...hitOf, incident: { ...incident, whatHelped: [] } };
}
