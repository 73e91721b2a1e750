import type { KnowledgeKind } from './chunk.ts';
import { type Foresight, type IncidentMemory, incidentSource } from './incidents/incident-memory.ts';
import { excerptOf, tokensOf } from './retrieval/excerpt.ts';
import type { Retrieved, Retriever } from './retrieval/retriever.ts';
import { splitWords } from './text/split-words.ts';

/** What the tools above search (their `KnowledgeSearch`). */
export interface Search {
  name: string;
  /** Passages that together fit into some 4,000 tokens, best first, each with its place and why it is there. */
  search(
    request: { text: string; kinds: KnowledgeKind[]; entities: string[]; limit: number; labels: string[] },
    signal?: AbortSignal,
  ): Promise<Hit[]>;
  /** What past incidents say of this text; undefined when there are none. */
  foresee(request: { text: string; entities: string[]; labels: string[] }): Promise<Foresight | undefined>;
}

export interface Hit {
  id: string;
  kind: KnowledgeKind;
  title: string;
  text: string;
  source: string;
  score: number;
  entities?: string[];
  why: string[];
  copies?: string[];
  /** Of a verified incident: what its cause was, what was ruled out, what helped. */
  incident?: {
    culprit: string;
    faultKind: string;
    ruledOut: string[];
    whatHelped: string[];
    verifiedBy: string;
    from: string;
    to?: string;
  };
}

const budgetTokens = 4_000;
const fewestTokens = 120;

/** The search of a knowledge file, as the tools want it. */
export function createSearch(deps: { retriever: Retriever; incidents: IncidentMemory }): Search {
  const { retriever, incidents } = deps;
  return {
    name: 'knowledge',
    search: async ({ text, kinds, entities, limit, labels }, signal) => {
      const found = await retriever.retrieve({
        text,
        scope: { kinds, labels },
        entities,
        limit,
        ...(signal === undefined ? {} : { signal }),
      });
      return withinBudget(found, text).map((hit) => withIncident(hit, incidents));
    },
    foresee: (request) => incidents.foresee(request),
  };
}

/** Each hit its share of what is left, so that the first ones are whole and none is lost. */
function withinBudget(found: readonly Retrieved[], query: string): { hit: Hit; uri: string; source: string }[] {
  const terms = new Set(splitWords(query));
  let left = budgetTokens;
  return found.map((retrieved, index) => {
    const { passage } = retrieved;
    const share = Math.max(fewestTokens, left - fewestTokens * (found.length - index - 1));
    // No single passage takes more than a quarter of it all while others wait.
    const cut = excerptOf(passage, terms, found.length === 1 ? share : Math.min(share, budgetTokens / 4));
    left -= tokensOf(cut.text);
    return { hit: hitOf(retrieved, cut), uri: passage.uri, source: passage.source };
  });
}

/** A hit as the tools want it: the source says document, heading and lines. */
function hitOf(
  { passage, score, why, copies }: Retrieved,
  cut: { text: string; lineFrom: number; lineTo: number },
): Hit {
  const { id, kind, title, uri, heading, entities } = passage;
  return {
    id,
    kind,
    title: heading === '' || heading === title ? title : `${title} > ${heading}`,
    text: cut.text,
    source: `${uri}:${cut.lineFrom}-${cut.lineTo}`,
    score,
    ...(entities.length === 0 ? {} : { entities }),
    why,
    ...(copies.length === 0 ? {} : { copies }),
  };
}

function withIncident({ hit, uri, source }: { hit: Hit; uri: string; source: string }, memory: IncidentMemory): Hit {
  const incident = source === incidentSource ? memory.get(uri) : undefined;
  if (incident === undefined) return hit;
  const { cause, ruledOut, whatHelped, verifiedBy, from, to } = incident;
  return {
    ...hit,
    incident: {
      culprit: cause.entity,
      faultKind: cause.faultKind,
      ruledOut: ruledOut.map(({ what, why }) => `${what}: ${why}`),
      whatHelped,
      verifiedBy,
      from,
      ...(to === undefined ? {} : { to }),
    },
  };
}
