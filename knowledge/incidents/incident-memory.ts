import { z } from 'zod';
import type { Database } from '../../infra/runtime/database.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { contentHash } from '../../infra/runtime/canonical-json.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Section } from '../chunk.ts';
import type { Indexer } from '../indexer.ts';
import type { Retriever } from '../retrieval/retriever.ts';
import { chunkSections } from '../text/chunk-sections.ts';
import { type CausePrediction, learnCauseClasses } from './cause-class.ts';
import { countCues } from './mechanism-cues.ts';

/** An incident whose cause was confirmed: by a person, or by a fix that was seen to work. */
export const verifiedIncident = z.object({
  id: z.string().min(1),
  title: z.string().min(1),
  symptoms: z.array(z.string()),
  entities: z.array(z.string()),
  cause: z.object({
    entity: z.string(),
    faultKind: z.string(),
    mechanism: z.string(),
    /** internal, external or another division of the team's; learnt for predictions. */
    causeClass: z.string().optional(),
  }),
  ruledOut: z.array(z.object({ what: z.string(), why: z.string() })),
  whatHelped: z.array(z.string()),
  /** Who or what confirmed it; nothing is remembered without. */
  verifiedBy: z.string().min(1),
  from: z.string(),
  to: z.string().optional(),
  /** An earlier incident whose account this one corrects. */
  supersedes: z.string().optional(),
  /** The later account that corrects this one; set by the memory. */
  supersededBy: z.string().optional(),
  labels: z.array(z.string()),
});
export type VerifiedIncident = z.infer<typeof verifiedIncident>;

/** A past incident like the one asked about. `suggestions` are empty when its culprit does not exist here. */
export interface SimilarIncident {
  incident: VerifiedIncident;
  likeness: number;
  shared: string[];
  suggestions: string[];
}

/** What past incidents say of a new one before any evidence is looked at: a prior. */
export interface Foresight extends CausePrediction {
  /** Incidents that the class was learnt from; the confidence is drawn towards not knowing where they are few. */
  learntFrom: number;
  /** The past incidents most like this one, likeness in [0, 1]. */
  like: { id: string; title: string; entity: string; faultKind: string; likeness: number }[];
}

/** What past incidents taught. Read-only memories (evaluations, replays) write nothing. */
export interface IncidentMemory {
  /** True when it was written; false when this memory is read-only. Throws INPUT_INVALID for an unverified incident. */
  remember(incident: VerifiedIncident): Promise<boolean>;
  get(id: string): VerifiedIncident | undefined;
  /** Past incidents by text, symptoms and shared entities, best first; superseded ones are left out. */
  similar(query: {
    text: string;
    entities: readonly string[];
    labels: readonly string[];
    /** Entities that exist here now. */
    existing: ReadonlySet<string>;
    limit: number;
  }): Promise<SimilarIncident[]>;
  /** The class of cause that past incidents speak for: a prior, never proof. Only incidents that the asker may see are learnt from. */
  predictCause(text: string, labels: readonly string[]): CausePrediction;
  /** Class of cause, first steps and the incidents behind them; undefined when the asker may see no past incident. */
  foresee(query: {
    text: string;
    entities: readonly string[];
    labels: readonly string[];
  }): Promise<Foresight | undefined>;
}

/** The name of the source that remembered incidents are documents of. */
export const incidentSource = 'incident-memory';
const source = incidentSource;
const sharedEntityWorth = 0.5;
const sameMechanismWorth = 0.25;
/** So many incidents without a say stand beside those that were learnt from. */
const unknowing = 4;
const mostLike = 5;

/** The memory within a knowledge file: each incident is a document like any other, so every search finds it. */
export function createIncidentMemory(
  deps: { database: Database; catalogue: Catalogue; indexer: Indexer; retriever: Retriever },
  options: { readOnly?: boolean } = {},
): IncidentMemory {
  const { database, catalogue, indexer, retriever } = deps;
  const read = database.sql.prepare('SELECT value FROM settings WHERE name = ?');
  const readAll = database.sql.prepare("SELECT value FROM settings WHERE name LIKE 'incident:%' ORDER BY name");
  const write = database.sql.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  const get = (id: string): VerifiedIncident | undefined => incidentIn(read.get(`incident:${id}`)?.['value']);
  const learnable = (labels: readonly string[]): { text: string; causeClass: string }[] =>
    readAll
      .all()
      .flatMap((row) => incidentIn(row['value']) ?? [])
      .filter((one) => one.supersededBy === undefined && one.labels.every((label) => labels.includes(label)))
      .flatMap(({ title, symptoms, cause }) =>
        cause.causeClass === undefined ? [] : [{ text: [title, ...symptoms].join('. '), causeClass: cause.causeClass }],
      );
  const keep = (incident: VerifiedIncident): void =>
    void write.run(`incident:${incident.id}`, new TextEncoder().encode(JSON.stringify(incident)));
  const memory: IncidentMemory = {
    get,
    remember: async (given) => {
      const parsed = verifiedIncident.safeParse(given);
      if (!parsed.success)
        throw new CerebroError(
          'INPUT_INVALID',
          `Only verified incidents are remembered: ${z.prettifyError(parsed.error)}`,
        );
      if (options.readOnly === true) return false;
      const incident = parsed.data;
      database.transaction(() => {
        keep(incident);
        const earlier = incident.supersedes === undefined ? undefined : get(incident.supersedes);
        if (earlier !== undefined) keep({ ...earlier, supersededBy: incident.id });
        if (incident.supersedes !== undefined) catalogue.remove(source, incident.supersedes);
        const { id: uri, title, labels, entities } = incident;
        const document = { uri, title, kind: 'incident' as const, labels, entities, sections: sectionsOf(incident) };
        catalogue.put(
          source,
          document,
          { hash: contentHash(incident).slice(0, 24), stamp: '' },
          chunkSections(document),
        );
      });
      await indexer.indexPending();
      return true;
    },
    similar: async ({ text, entities, labels, existing, limit }) => {
      const found = await retriever.retrieve({
        text,
        entities,
        scope: { kinds: ['incident'], labels },
        limit: limit * 4,
        ofOneDocument: 1,
      });
      const best = found[0]?.score ?? 1;
      return found
        .flatMap(({ passage, score }): SimilarIncident[] => {
          const incident = passage.source === source ? get(passage.uri) : undefined;
          if (incident === undefined) return [];
          const shared = incident.entities.filter((id) => entities.includes(id));
          const likeness =
            score / best +
            (sharedEntityWorth * shared.length) / Math.max(1, entities.length) +
            sameMechanismWorth * sharedMechanisms(text, incident.cause.mechanism);
          const here = existing.has(incident.cause.entity);
          return [{ incident, likeness, shared, suggestions: here ? incident.whatHelped : [] }];
        })
        .sort((left, right) => right.likeness - left.likeness || (left.incident.id < right.incident.id ? -1 : 1))
        .slice(0, limit);
    },
    predictCause: (text, labels) => learnCauseClasses(learnable(labels)).predict(text),
    foresee: async ({ text, entities, labels }) => {
      const known = learnable(labels);
      const similar = await memory.similar({ text, entities, labels, existing: new Set(), limit: mostLike });
      if (similar.length === 0) return undefined;
      const prediction = learnCauseClasses(known).predict(text);
      const most = 1 + sharedEntityWorth + sameMechanismWorth;
      return {
        ...prediction,
        confidence: (prediction.confidence * known.length) / (known.length + unknowing),
        learntFrom: known.length,
        like: similar.map(({ incident: { id, title, cause }, likeness }) => ({
          id,
          title,
          entity: cause.entity,
          faultKind: cause.faultKind,
          likeness: Math.min(1, likeness / most),
        })),
      };
    },
  };
  return memory;
}

/** How much the mechanisms that two texts name agree, in [0, 1]. */
function sharedMechanisms(left: string, right: string): number {
  const [one, other] = [countCues(left), countCues(right)];
  const both = one.filter((count, index) => count > 0 && other[index]! > 0).length;
  const any = one.filter((count, index) => count > 0 || other[index]! > 0).length;
  return any === 0 ? 0 : both / any;
}

function incidentIn(value: unknown): VerifiedIncident | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  return verifiedIncident.safeParse(JSON.parse(new TextDecoder().decode(value))).data;
}

function sectionsOf(incident: VerifiedIncident): Section[] {
  const { cause, symptoms, entities, ruledOut, whatHelped, from, to, verifiedBy } = incident;
  const parts: [string, string[]][] = [
    [
      'Symptoms',
      [...symptoms, `Entities: ${entities.join(', ')}`, `From ${from}${to === undefined ? '' : ` to ${to}`}`],
    ],
    ['Root cause', [`${cause.entity}: ${cause.faultKind}. ${cause.mechanism}`, `Verified by ${verifiedBy}`]],
    ['Ruled out', ruledOut.map(({ what, why }) => `${what}: ${why}`)],
    ['What helped', whatHelped],
  ];
  let line = 1;
  return parts.map(([heading, lines]) => {
    const text = lines.join('\n');
    const section = { path: [heading], text, line };
    line += text.split('\n').length;
    return section;
  });
}
