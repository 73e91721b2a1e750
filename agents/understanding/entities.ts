import type { Entity } from '../../domain/entity.ts';
import { exactMatches, indexNames, partialMatches, type NameIndex } from './name-index.ts';
import { compactName, nameWords, singularsOf, type Token } from './tokens.ts';
import { nearestWord, sameStart, toleranceOf, slips } from './typos.ts';
import { commonWords, kindWords } from './words.ts';

/** One place in the question that names something: the tokens it takes, and what it may mean; more than one candidate is an ambiguity. */
export interface EntityMention {
  first: number;
  last: number;
  said: string;
  candidates: Entity[];
  /** How it was recognised, the surest first. */
  by: 'exact' | 'partial' | 'prefix' | 'typo';
}

export interface EntityContext {
  /** Words that rules know; a known word is not a typing slip of a name. */
  known: (word: string) => boolean;
  /** Candidates of an earlier question back: they win over others. */
  prefer: ReadonlySet<string>;
}

const pronouns = new Set(['we', 'i', 'you', 'they', 'please', 'pls', 'can', 'to']);
const bothWords = new Set(['both', 'all', 'every', 'each']);

/**
 * Finds the entities that a question names: by name or alias in any spelling (case, dashes, camel humps, plural, "the payment service"), by a
 * telling part of a compound name, by an abbreviation of three or more letters, or with typing slips in proportion to length. Never guesses
 * between equals: they come back together. `blocked` are tokens that mean something else (times).
 */
export function findEntities(
  tokens: readonly Token[],
  entities: readonly Entity[],
  blocked: ReadonlySet<number>,
  context: EntityContext,
): EntityMention[] {
  const index = indexNames(entities);
  const mentions: EntityMention[] = [];
  const used = new Set(blocked);
  const free = (at: number): boolean => tokens[at] !== undefined && !used.has(at);
  const add = (first: number, last: number, candidates: Entity[], by: EntityMention['by']): void => {
    const mention = withKind(tokens, { first, last, said: said(tokens, first, last), candidates, by }, free);
    for (const at of range(mention.first, mention.last)) used.add(at);
    mentions.push(settle(mention, tokens, index, context));
  };
  const exactly = (size: number): void => {
    for (let first = 0; first + size <= tokens.length; first += 1) {
      const places = range(first, first + size - 1);
      if (!places.every(free) || (size === 1 && isVerbHere(tokens, first))) continue;
      const typed = compactName(places.map((at) => tokens[at]?.word ?? '').join(''));
      const whole = exactMatches(index, typed);
      const found = whole.length > 0 || size > 1 ? whole : withoutKind(index, tokens[first]?.word ?? '');
      if (found.length > 0) add(first, first + size - 1, found, 'exact');
    }
  };
  for (let size = Math.min(6, index.longest + 2); size >= 2; size -= 1) exactly(size);
  for (const { first, found } of pairTypos(tokens, index, context)) {
    if (free(first) && free(first + 1)) add(first, first + 1, found, 'typo');
  }
  exactly(1);
  const looks = [
    [2, 'partial', (words) => partialMatches(index, words)],
    [1, 'partial', (words) => partialMatches(index, words)],
    [1, 'prefix', (words) => prefixMatches(index, words.join(''))],
    [1, 'typo', (words) => typoMatches(index, words.join(''))],
  ] as const satisfies readonly (readonly [number, EntityMention['by'], (words: string[]) => Entity[]])[];
  const seen = new Map<string, Entity[]>();
  for (const [size, by, look] of looks) {
    for (let first = 0; first + size <= tokens.length; first += 1) {
      const places = range(first, first + size - 1);
      const words = places.flatMap((at) => nameWords(tokens[at]?.word ?? ''));
      if (!places.every(free) || words.length === 0 || isPlain(words, context)) continue;
      if (isCrowd(tokens, first + size - 1)) continue;
      const key = `${by} ${words.join(' ')}`;
      const found = seen.get(key) ?? look(words);
      seen.set(key, found);
      if (found.length > 0) add(first, first + size - 1, found, by);
    }
  }
  return mentions.sort((a, b) => a.first - b.first);
}

/** Names close to an unknown word, the nearest first, at most three, for a question back. */
export function suggestions(unknown: string, entities: readonly Entity[]): Entity[] {
  const typed = compactName(unknown);
  const scored = entities.map((entity) => ({
    entity,
    far: Math.min(
      ...[entity.name, ...(entity.aliases ?? [])].map(
        (name) => slips(typed, compactName(name)) / Math.max(typed.length, name.length, 1),
      ),
    ),
  }));
  return scored
    .filter(({ far }) => far <= 0.6)
    .sort((a, b) => a.far - b.far || (a.entity.id < b.entity.id ? -1 : 1))
    .slice(0, 3)
    .map(({ entity }) => entity);
}

/** Names written with their kind in one word: "payment-service", "checkout_svc". */
function withoutKind(index: NameIndex, word: string): Entity[] {
  const words = nameWords(word);
  const kind = words.at(-1) ?? '';
  if (words.length < 2 || !Object.hasOwn(kindWords, kind)) return [];
  return exactMatches(index, words.slice(0, -1).join('')).filter((entity) => kindWords[kind]?.includes(entity.kind));
}

/** A kind word beside the name ("the payment service", "trips db", "queue order-events") joins the mention and narrows it. */
function withKind(tokens: readonly Token[], mention: EntityMention, free: (at: number) => boolean): EntityMention {
  for (const at of [mention.last + 1, mention.first - 1]) {
    const word = singularsOf(tokens[at]?.word ?? '').find((form) => Object.hasOwn(kindWords, form));
    if (word === undefined || !free(at)) continue;
    const narrowed = mention.candidates.filter((entity) => kindWords[word]?.includes(entity.kind));
    if (narrowed.length === 0) continue;
    if (at < mention.first && tokens[mention.first - 2]?.word === 'which') continue;
    return { ...mention, first: Math.min(at, mention.first), last: Math.max(at, mention.last), candidates: narrowed };
  }
  return mention;
}

/** Narrows equals by what else was said: an earlier question back, the namespace, "both", and a service before its namesakes of other kinds. */
function settle(
  mention: EntityMention,
  tokens: readonly Token[],
  index: NameIndex,
  context: EntityContext,
): EntityMention {
  let { candidates } = mention;
  const narrow = (keep: (entity: Entity) => boolean): void => {
    const kept = candidates.filter(keep);
    if (kept.length > 0) candidates = kept;
  };
  narrow((entity) => context.prefer.has(entity.id));
  const namespaces = new Set(tokens.map(({ word }) => word).filter((word) => index.namespaces.has(word)));
  if (namespaces.size > 0)
    narrow((entity) => entity.namespace !== undefined && namespaces.has(entity.namespace.toLowerCase()));
  if (mention.by === 'exact') narrow((entity) => entity.kind === 'service');
  return { ...mention, candidates };
}

/** True when the asker means all that fit: "both bffs", "all the workers", or a plural of a word that is singular in the names. */
export function meansAll(mention: EntityMention, tokens: readonly Token[]): boolean {
  if (mention.by === 'exact' && new Set(mention.candidates.map((entity) => entity.name)).size === 1) return false;
  const before = [tokens[mention.first - 1]?.word, tokens[mention.first - 2]?.word];
  const lastWord = nameWords(mention.said).at(-1) ?? '';
  const plural =
    mention.by === 'partial' && mention.candidates.every((entity) => !nameWords(entity.name).includes(lastWord));
  return before.some((word) => word !== undefined && bothWords.has(word)) || plural;
}

function isVerbHere(tokens: readonly Token[], at: number): boolean {
  const word = tokens[at]?.word ?? '';
  const before = tokens[at - 1]?.word;
  const next = tokens[at + 1]?.word ?? '';
  if (at === 0 && commonWords.has(word) && /^(?:the|my|our|all|for|in|logs?|traces?)$/u.test(next)) return true;
  return (
    before !== undefined &&
    pronouns.has(before) &&
    commonWords.has(word) &&
    tokens.length > at + 1 &&
    /^(?:the|my|our|for|in|it|a|at|me)$/u.test(next)
  );
}

/** People, not machines: "drivers complain", "riders cant book". */
function isCrowd(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1]?.word ?? '';
  return (
    (tokens[at]?.word ?? '').endsWith('s') &&
    /^(?:complain\w*|cant|cannot|see|say|report|reporting|get|notice|want|wont|think)$/u.test(next)
  );
}

/** One plain word is no name; of several that stand together in a name, one may be plain ("order desk"). */
function isPlain(words: readonly string[], context: EntityContext): boolean {
  return words.length > 1
    ? words.every((word) => isKnown(word, context))
    : words.some((word) => isKnown(word, context));
}

function isKnown(word: string, context: EntityContext): boolean {
  return commonWords.has(word) || context.known(word) || /^\d/u.test(word);
}

function prefixMatches(index: NameIndex, typed: string): Entity[] {
  if (typed.length < 3) return [];
  const whole = [...index.exact].filter(([key]) => key.startsWith(typed)).flatMap(([, found]) => found);
  const part =
    whole.length > 0
      ? whole
      : [...index.words]
          .filter(([key]) => key.startsWith(typed) && !commonWords.has(key))
          .flatMap(([, found]) => found);
  return [...new Set(part)];
}

function typoMatches(index: NameIndex, typed: string): Entity[] {
  const forms = singularsOf(typed);
  for (const keys of [index.exact, index.words]) {
    for (const form of forms) {
      const near = nearestWord(
        form,
        [...keys.keys()].filter((key) => keys === index.exact || !commonWords.has(key)),
      );
      if (near === undefined) continue;
      const equals = [...keys].filter(
        ([key]) => sameStart(form, key) && Math.abs(key.length - form.length) <= 3 && slips(form, key) === near.slips,
      );
      return [...new Set(equals.flatMap(([, found]) => found))];
    }
  }
  return [];
}

/** Two neighbouring words that together are a misspelt compound name, such as "pateint records". */
function pairTypos(
  tokens: readonly Token[],
  index: NameIndex,
  context: EntityContext,
): { first: number; found: Entity[] }[] {
  const pairs: { first: number; found: Entity[] }[] = [];
  const tried = new Set<string>();
  for (let first = 0; first + 1 < tokens.length; first += 1) {
    const typed = `${tokens[first]?.word ?? ''}${tokens[first + 1]?.word ?? ''}`;
    const plain = (at: number): boolean => isKnown(tokens[at]?.word ?? '', context);
    const odd = (at: number): boolean =>
      !plain(at) && exactMatches(index, compactName(tokens[at]?.word ?? '')).length === 0;
    if (toleranceOf(typed.length) < 2 || !(odd(first) || odd(first + 1))) continue;
    const pair = [tokens[first]?.word ?? '', tokens[first + 1]?.word ?? ''];
    if (tried.has(typed) || partialMatches(index, pair).length > 0) continue;
    tried.add(typed);
    const near = nearestWord(typed, index.exact.keys());
    if (near !== undefined) pairs.push({ first, found: index.exact.get(near.word) ?? [] });
  }
  return pairs;
}

function said(tokens: readonly Token[], first: number, last: number): string {
  return range(first, last)
    .map((at) => tokens[at]?.text ?? '')
    .join(' ');
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}
