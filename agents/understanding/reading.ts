import type { DateTime } from 'luxon';
import type { Entity } from '../../domain/entity.ts';
import { findEntities, type EntityMention } from './entities.ts';
import { scoreIntents, type IntentScore } from './intents.ts';
import { readLimits, type Limits } from './limits.ts';
import { namedMetric, roleMention, type MetricMention } from './metrics.ts';
import { readSearchText } from './search-text.ts';
import { readTimes, type Times } from './times.ts';
import { cleanText, compactName, nameWords, tokenise, type Token } from './tokens.ts';
import { correctedWord, isVocabulary } from './vocabulary.ts';

/** All that one text says by itself, before a thread or an alert is considered. */
export interface Reading {
  text: string;
  tokens: Token[];
  mentions: EntityMention[];
  metric?: MetricMention;
  /** The question as rules read it: entities as @e, times as @t, horizons @h, thresholds @n, a metric's own name @m. */
  line: string;
  intents: IntentScore[];
  times: Times;
  limits: Limits;
  searchText?: string;
  /** Tokens that a time, a metric's name or an entity has taken. */
  taken: Set<number>;
}

/** What a reading is made against. */
export interface ReadingContext {
  now: DateTime<true>;
  entities: readonly Entity[];
  metrics: readonly string[];
  prefer: ReadonlySet<string>;
}

/** Reads one text: times and limits first, so that their numbers are not taken for names; then metric, entities and intents. */
export function readText(raw: string, context: ReadingContext): Reading {
  const names = new Set(
    context.entities.flatMap((entity) => [entity.name, ...(entity.aliases ?? [])].map(compactName)),
  );
  const clean = cleanText(raw);
  const search = readSearchText(clean, (said) => names.has(compactName(said)));
  const text = search === undefined ? clean : blank(clean, search.start, search.end);
  const lower = lowerCase(text);
  const limits = readLimits(lower, context.now);
  const times = readTimes(
    limits.spans.reduce((rest, span) => blank(rest, span.start, span.end), lower),
    context.now,
  );
  const tokens = tokenise(text);
  const marks = [
    ...limits.spans.map((span) => ({ ...span, mark: span.as === 'horizon' ? '@h' : '@n' })),
    ...[...times.spans, ...times.markers].map((span) => ({ ...span, mark: '@t' })),
  ];
  const markAt = tokens.map(
    (token) => marks.find((mark) => mark.start < Math.max(token.end, token.start + 1) && token.start < mark.end)?.mark,
  );
  const blocked = new Set(markAt.flatMap((mark, at) => (mark === undefined ? [] : [at])));
  const named = namedMetric(tokens, context.metrics);
  const wholeName = named?.tokens.length === 1 ? named.tokens[0] : undefined;
  if (wholeName !== undefined) blocked.add(wholeName);
  const mentions = findEntities(tokens, context.entities, blocked, { known: isVocabulary, prefer: context.prefer });
  const line = lineOf(tokens, mentions, markAt, wholeName);
  const role = roleMention(line);
  const isEntity = (at: number): boolean =>
    mentions.some(({ first, last, by }) => by === 'exact' && first <= at && at <= last);
  const own =
    named === undefined || (wholeName === undefined && named.tokens.every(isEntity)) ? undefined : named.metric;
  const metric = own === undefined ? role : { metric: own, complaint: role?.complaint ?? false };
  const taken = new Set([
    ...blocked,
    ...(named?.tokens ?? []),
    ...mentions.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, step) => first + step)),
  ]);
  return {
    text: lower,
    tokens,
    mentions,
    ...(metric === undefined ? {} : { metric }),
    line,
    intents: scoreIntents(line, metric),
    times,
    limits,
    ...(search === undefined ? {} : { searchText: search.value }),
    taken,
  };
}

function lineOf(
  tokens: readonly Token[],
  mentions: readonly EntityMention[],
  markAt: readonly (string | undefined)[],
  wholeName: number | undefined,
): string {
  const words: string[] = [];
  const corrected = new Map<string, string[]>();
  for (const [at, token] of tokens.entries()) {
    const mark =
      at === wholeName
        ? '@m'
        : (markAt[at] ?? (mentions.some(({ first, last }) => first <= at && at <= last) ? '@e' : undefined));
    const sameMention = mentions.some(({ first, last }) => first < at && at <= last);
    if (mark === undefined) {
      const plain = corrected.get(token.text) ?? plainWords(token);
      corrected.set(token.text, plain);
      words.push(...plain);
    } else if (!(mark === '@e' ? sameMention : words.at(-1) === mark)) words.push(mark);
  }
  return words.join(' ');
}

/** A word of the line; an identifier that is no known name is read by its parts ("HighErrorRate" speaks of an error rate). */
function plainWords(token: Token): string[] {
  const parts = nameWords(token.text);
  return parts.length > 1 ? parts : [correctedWord(token.word)];
}

function blank(text: string, start: number, end: number): string {
  return `${text.slice(0, start)}${' '.repeat(end - start)}${text.slice(end)}`;
}

/** Lower case that keeps every offset: letters whose lower form has another length stay as they are. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text.replaceAll(/./gsu, (letter) =>
    letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter,
  );
}
