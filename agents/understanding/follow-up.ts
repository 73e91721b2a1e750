import type { Entity } from '../../domain/entity.ts';
import type { Intent, Understanding } from '../../domain/question.ts';
import type { Reading } from './reading.ts';
import { compactName } from './tokens.ts';

/** Which parts of the earlier question in the thread still hold. */
export interface Inherited {
  intent?: Intent;
  entities: string[];
  metric?: string;
  window?: Understanding['window'];
  compareWith?: Understanding['compareWith'];
  horizonMs?: number;
  threshold?: number;
}

const opener =
  /^(?:(?:ok|okay|so|then|right|hm+|thanks) )*(?:and|also|or|what about|how about|what of|same|now|instead|but|plus|then)\b/u;
const anaphora = /\b(?:it|its|that|this|they|them|their|those|these|same|there|then|he|one)\b/u;
const everything =
  /\b(?:all(?: of (?:them|it))?|everything|every service|anything|anyone|overall|across the board|all services|everywhere|any (?:service|system)s?)\b/u;
const intentsWithMetric: readonly Intent[] = [
  'diagnose',
  'status',
  'since-when',
  'remediate',
  'compare',
  'show-metric',
  'forecast',
];
const timeless: readonly Intent[] = [
  'forecast',
  'predict-failure',
  'costs',
  'vulnerabilities',
  'knowledge',
  'list-services',
  'help',
  'dependencies',
  'history',
];
const selfContained: readonly Intent[] = ['list-services', 'help'];

/** Least score of an intent that a text states by itself; below, a text in a thread goes on with the earlier intent. */
const statedScore = 5;

/**
 * Merges a text with the earlier question of its thread: what the text says replaces, the rest is kept. A text that names its own intent and
 * entity without "and", "it" or the like begins anew. `picked` is the entity that a reply to a question back chose: then all is kept.
 */
export function inherit(
  reading: Reading,
  intent: Intent | undefined,
  previous: Understanding,
  picked?: string,
): Inherited {
  if (picked !== undefined) return { ...limitsOf(previous), intent: previous.intent, entities: [picked] };
  const { line } = reading;
  const stated = statesIntent(reading) ? intent : undefined;
  const named = reading.mentions.length > 0;
  const refers = opener.test(line) || anaphora.test(line);
  if (stated !== undefined && (selfContained.includes(stated) || (named && !refers))) return { entities: [] };
  const next = stated ?? previous.intent;
  const sameAsk = stated === undefined || stated === previous.intent;
  const ofUsAll = /\b(?:we|our|us)\b/u.test(line) && (next === 'vulnerabilities' || next === 'costs') && !refers;
  const old = stillHolding(limitsOf(previous), next, sameAsk);
  if (reading.times.spans.length > 0) delete old.compareWith;
  return { ...old, intent: next, entities: named || everything.test(line) || ofUsAll ? [] : previous.entities };
}

/** What of the earlier question means anything to the next intent. */
function stillHolding(
  old: Omit<Inherited, 'entities' | 'intent'>,
  next: Intent,
  sameAsk: boolean,
): Omit<Inherited, 'entities' | 'intent'> {
  const kept = { ...old };
  if (!sameAsk && !intentsWithMetric.includes(next)) delete kept.metric;
  if (!sameAsk && timeless.includes(next)) delete kept.window;
  if (!sameAsk) delete kept.compareWith;
  if (next !== 'forecast' && next !== 'predict-failure') delete kept.horizonMs;
  if (next !== 'forecast' || !sameAsk) delete kept.threshold;
  return kept;
}

/** Whether the text says by itself what it asks, beyond a bare noun, name or time. */
export function statesIntent(reading: Reading): boolean {
  if (
    /^(?:(?:ok|so|then) )?(?:and|or|what about|how about|what of|same for)(?: (?:for|with|the|on))* (?:@\w|\w+)(?: (?:and )?(?:@\w|errors|latency|cpu|memory|traffic))*$/u.test(
      reading.line,
    ) &&
    (reading.intents[0]?.score ?? 0) < 8
  )
    return false;
  return (reading.intents[0]?.score ?? 0) >= statedScore;
}

/** The entity that a reply to a question back picks: "yes", "the first one", "2", "the latter". Undefined when the text is no such reply. */
export function pickedChoice(line: string, previous: Understanding, entities: readonly Entity[]): string | undefined {
  if (previous.clarify === undefined) return undefined;
  const said = ` ${compactWords(previous.clarify)} `;
  const offered =
    previous.entities.length > 0
      ? previous.entities
      : entities.filter((entity) => said.includes(` ${compactName(entity.name)} `)).map(({ id }) => id);
  const reply = line.replaceAll(/\b(?:the|one|please|i mean|meant|option|number|pls)\b/gu, '').trim();
  const ordinals = [
    /^(?:first|1st|1|former|yes|yep|yeah|y|right|correct|that)$/u,
    /^(?:second|2nd|2)$/u,
    /^(?:third|3rd|3)$/u,
  ];
  if (/^(?:last|latter)$/u.test(reply)) return offered.at(-1);
  const at = ordinals.findIndex((pattern) => pattern.test(reply));
  if (at === 0 && /^(?:yes|yep|yeah|y|right|correct|that)$/u.test(reply) && offered.length !== 1) return undefined;
  return at < 0 ? undefined : offered[at];
}

function compactWords(text: string): string {
  return text
    .split(/[\s,?"]+/u)
    .map(compactName)
    .join(' ');
}

function limitsOf({
  metric,
  window,
  compareWith,
  horizonMs,
  threshold,
}: Understanding): Omit<Inherited, 'entities' | 'intent'> {
  return {
    ...(metric === undefined ? {} : { metric }),
    ...(window === undefined ? {} : { window }),
    ...(compareWith === undefined ? {} : { compareWith }),
    ...(horizonMs === undefined ? {} : { horizonMs }),
    ...(threshold === undefined ? {} : { threshold }),
  };
}
