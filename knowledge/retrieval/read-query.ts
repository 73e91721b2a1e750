import type { KnowledgeKind } from '../chunk.ts';

/** What a text asks for, as far as its words tell. */
export type QueryIntent = 'fix' | 'past' | 'owner' | 'explain' | 'find';

/** A query, understood. */
export interface QueryReading {
  intent: QueryIntent;
  /** Names in the text that are known to be entities here, as they are written. */
  entities: string[];
  /** What errors look like: exception classes, errno names, vendors' codes, exit codes, statuses, quoted messages. */
  signatures: string[];
  /** Words that are somebody's names for things (`KubePodCrashLooping`, `api-server`, `go_gc_duration`); searched whole and in parts. */
  identifiers: string[];
}

const intents: readonly [words: RegExp, intent: QueryIntent][] = [
  [
    /\b(?:last time|(?:happened|seen|occurred) before|previous(?:ly)?|similar incidents?|past incidents?|post-?mortems?|history of)\b/i,
    'past',
  ],
  [/\b(?:who (?:owns|is responsible|maintains|is on call)|owners? of|which team|contact for)\b/i, 'owner'],
  [
    /\b(?:how (?:do|can|should|to)|what (?:should|can) (?:we|i) do|fix|mitigat\w*|resolve|remediat\w*|steps to|runbook|playbook|recover)\b/i,
    'fix',
  ],
  [/\b(?:what (?:is|are|does)|explain|meaning of|how does|architecture|design of)\b/i, 'explain'],
];
/** The kind of page that each intent is after; others are found too. */
const wanted: Partial<Record<QueryIntent, KnowledgeKind>> = { fix: 'runbook', past: 'incident', explain: 'document' };

const signature =
  /"[^"\n]{6,200}"|\b(?:[A-Za-z_$][\w$]*\.)*[A-Z]\w*(?:Exception|Error|Fault|Timeout)\b|\bE[A-Z]{4,}\b|\b[A-Z]{2,6}-\d{3,6}\b|\bSQLSTATE ?\w{5}\b|\bexit (?:code|status) \d+\b|\b(?:HTTP|status) ?[45]\d\d\b|\b0x[0-9a-f]{4,16}\b|\bSIG[A-Z]{3,5}\b/g;
const identifier = /[\p{L}\p{N}]+(?:[_.-][\p{L}\p{N}]+)+|\p{Lu}?\p{Ll}+(?:\p{Lu}\p{Ll}*)+/gu;
const plainCompound = /^\p{L}?\p{Ll}+(?:[-.]\p{Ll}+)+$/u;
const word = /[\p{L}\p{N}][\p{L}\p{N}_.-]*[\p{L}\p{N}]|[\p{L}\p{N}]/gu;
const mostWords = 200;

/**
 * Reads a query by rules: what kind of page it is after, the entities that it names (as `isEntity` knows them), error signatures and
 * identifiers. The same text gives the same reading; what is not understood is left out and changes nothing.
 */
export function readQuery(text: string, isEntity: (name: string) => boolean): QueryReading {
  const head = text.slice(0, 4_000);
  const unique = (found: readonly string[]): string[] => [...new Set(found)].slice(0, 20);
  const words = [...new Set(head.match(word) ?? [])].slice(0, mostWords);
  return {
    intent: intents.find(([words_]) => words_.test(head))?.[1] ?? 'find',
    entities: unique(words.filter((name) => name.length > 2 && isEntity(name))),
    signatures: unique((head.match(signature) ?? []).map((found) => found.replaceAll('"', ''))),
    // Words that language joins (`well-known`) are nobody's names, unless something here is called so.
    identifiers: unique((head.match(identifier) ?? []).filter((name) => !plainCompound.test(name) || isEntity(name))),
  };
}

/** The kind of page that an intent is after; undefined where any will do. */
export function kindFor(intent: QueryIntent): KnowledgeKind | undefined {
  return wanted[intent];
}
