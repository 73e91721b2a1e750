import type { Entity } from '../../domain/entity.ts';
import { compactName, nameWords, singularsOf } from './tokens.ts';

/** Entities by every way to write them. Building costs one pass over names and aliases. */
export interface NameIndex {
  /** Whole names and aliases in compact form, also with the namespace in front. */
  exact: Map<string, Entity[]>;
  /** Single words of compound names. */
  words: Map<string, Entity[]>;
  namespaces: Set<string>;
  /** Longest name in words, so that the reader knows how far to look. */
  longest: number;
}

/** Indexes entities by compact name, alias, namespaced name and the words of compound names. */
export function indexNames(entities: readonly Entity[]): NameIndex {
  const index: NameIndex = { exact: new Map(), words: new Map(), namespaces: new Set(), longest: 1 };
  for (const entity of entities) {
    if (entity.namespace !== undefined) {
      index.namespaces.add(entity.namespace.toLowerCase());
      put(index.exact, compactName(`${entity.namespace}${entity.name}`), entity);
    }
    for (const name of [entity.name, ...(entity.aliases ?? [])]) {
      const words = nameWords(name);
      index.longest = Math.max(index.longest, Math.min(words.length, 6));
      put(index.exact, compactName(name), entity);
      if (words.length > 1) for (const word of words) put(index.words, word, entity);
    }
  }
  return index;
}

/** Entities whose whole name or alias is this compact text, in singular or plural. */
export function exactMatches(index: NameIndex, compact: string): Entity[] {
  for (const form of [...singularsOf(compact), `${compact}s`]) {
    const found = index.exact.get(form);
    if (found !== undefined) return found;
  }
  return [];
}

/** Entities that carry all these words in one compound name, in singular or plural. */
export function partialMatches(index: NameIndex, words: readonly string[]): Entity[] {
  const lists = words.map((word) =>
    singularsOf(word)
      .concat(`${word}s`)
      .flatMap((form) => index.words.get(form) ?? []),
  );
  const [first, ...rest] = lists;
  if (first === undefined) return [];
  return [...new Set(first)].filter((entity) => rest.every((list) => list.includes(entity)));
}

function put(map: Map<string, Entity[]>, key: string, entity: Entity): void {
  if (key === '') return;
  const list = map.get(key);
  if (list === undefined) map.set(key, [entity]);
  else if (!list.includes(entity)) list.push(entity);
}
