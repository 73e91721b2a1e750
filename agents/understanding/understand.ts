import { DateTime } from 'luxon';
import type { Intent, Understanding } from '../../domain/question.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Query } from '../../infra/runtime/reasoner.ts';
import { alertWindow, alertWords } from './alert-facts.ts';
import { clarification } from './clarify.ts';
import { readComparison, windowOf } from './compare-windows.ts';
import { meansAll } from './entities.ts';
import { inherit, pickedChoice, statesIntent, type Inherited } from './follow-up.ts';
import { chooseIntents } from './choose-intents.ts';
import { impliedMetric } from './implied-metric.ts';
import { readText, type Reading } from './reading.ts';
import { agentsFor } from './routes.ts';
import { unknownNames } from './unknown-names.ts';
import type { UnderstandFacts } from './understand-facts.ts';
import { understandPrompt } from './understand-prompt.ts';
import { understandSchema } from './understand-schema.ts';

export type { UnderstandFacts } from './understand-facts.ts';

/**
 * Understands a question: intent, agents, entities, metric or signal role, windows, forecast limits, and one question back when it is ambiguous
 * (then `entities` holds the candidates offered). The rule is deterministic in its facts, never throws, and never returns a window that
 * reaches past `askedAt`; where no time is said there is no window. `threshold` is in base units: ratio for percent, seconds, bytes.
 */
export function understandQuery(facts: UnderstandFacts): Query<UnderstandFacts, Understanding> {
  return {
    name: 'understand',
    facts,
    schema: understandSchema(facts),
    prompt: understandPrompt,
    rule: understandByRule,
  };
}

const actsOn = /\b(?:restart|reboot|bounce|roll ?back|revert|scale|drain|kill|redeploy|fix)\b/u;
const wholePicture = /\b(?:topology|map|graph|tree|everything|all)\b/u;

function understandByRule(facts: UnderstandFacts): Understanding {
  const now = nowOf(facts);
  const { previous, alert } = facts;
  const prefer = new Set(previous?.clarify === undefined ? [] : previous.entities);
  const context = { now, entities: facts.entities, metrics: facts.metrics, prefer };
  const reading = readText(facts.text, context);
  const raised = alert === undefined ? undefined : readText(alertWords(alert), context);
  const source = raised !== undefined && reading.mentions.length === 0 ? raised : reading;
  const chosen = chooseIntents(reading);
  const kept = keptFrom(facts, reading, chosen[0]);
  const intents = intentsOf(reading, chosen, kept, alert !== undefined);
  const intent = intents[0] ?? 'help';
  const entities = namedBy(source, kept);
  const result: Understanding = {
    intent,
    agents: agentsFor(intents),
    entities,
    unknownNames: intent === 'help' ? [] : unknownNames(reading),
  };
  const metric = (reading.metric ?? raised?.metric ?? kept).metric ?? impliedMetric(intent, reading.line, entities);
  if (metric !== undefined && intent !== 'help' && intent !== 'list-services') result.metric = metric;
  if (reading.searchText !== undefined) result.searchText = reading.searchText;
  const raisedIn = alert === undefined ? kept.window : alertWindow(alert, facts.askedAt);
  Object.assign(
    result,
    timesOf(reading, intent, { ...kept, ...(raisedIn === undefined ? {} : { window: raisedIn }) }, now),
  );
  if (intent === 'forecast' || intent === 'predict-failure') addLimits(result, reading, kept);
  return withQuestionBack(result, reading, source, facts);
}

function withQuestionBack(
  result: Understanding,
  reading: Reading,
  source: Reading,
  facts: UnderstandFacts,
): Understanding {
  // An alert cannot answer.
  if (facts.alert !== undefined) return result;
  const clarify = clarification({
    understanding: result,
    ambiguous: source.mentions.find((mention) => mention.candidates.length > 1 && !meansAll(mention, source.tokens)),
    entities: facts.entities,
    future: reading.times.future,
    acts: actsOn.test(reading.line),
    pointsAt: !wholePicture.test(reading.line),
  });
  return clarify === undefined ? result : { ...result, clarify };
}

function keptFrom({ previous, entities }: UnderstandFacts, reading: Reading, intent: Intent | undefined): Inherited {
  if (previous === undefined) return { entities: [] };
  return inherit(reading, intent, previous, pickedChoice(reading.line, previous, entities));
}

function namedBy(source: Reading, kept: Inherited): string[] {
  const named = source.mentions.flatMap(({ candidates }) => candidates.slice(0, 8).map(({ id }) => id));
  return [...new Set(named.length > 0 ? named : kept.entities)];
}

function addLimits(result: Understanding, { limits }: Reading, kept: Inherited): void {
  const horizonMs = limits.horizonMs ?? kept.horizonMs;
  const threshold = limits.threshold ?? kept.threshold;
  if (horizonMs !== undefined) result.horizonMs = horizonMs;
  if (threshold !== undefined) result.threshold = threshold;
}

function intentsOf(reading: Reading, chosen: Intent[], kept: Inherited, alerted: boolean): Intent[] {
  if (alerted && (chosen[0] === 'help' || !statesIntent(reading))) return ['diagnose'];
  if (kept.intent !== undefined && kept.intent !== chosen[0])
    return [kept.intent, ...(statesIntent(reading) ? chosen.slice(1) : [])];
  return chosen;
}

/** The windows that the text says, else those that hold from before. */
function timesOf(
  reading: Reading,
  intent: Intent,
  kept: Inherited,
  now: DateTime<true>,
): Pick<Understanding, 'window' | 'compareWith'> {
  const { spans } = reading.times;
  const [first] = spans;
  const inherited = {
    ...(kept.window === undefined ? {} : { window: kept.window }),
    ...(kept.compareWith === undefined ? {} : { compareWith: kept.compareWith }),
  };
  if (first === undefined || !(first.from < first.to)) return inherited;
  return {
    ...inherited,
    ...(intent === 'compare' ? readComparison(reading.text, spans, now) : { window: windowOf(first) }),
  };
}

function nowOf({ askedAt, timeZone }: UnderstandFacts): DateTime<true> {
  const zoned = DateTime.fromISO(askedAt, { zone: timeZone });
  if (zoned.isValid) return zoned;
  const plain = DateTime.fromISO(askedAt, { zone: 'utc' });
  if (plain.isValid) return plain;
  const epoch = DateTime.utc(1970);
  if (!epoch.isValid) throw new CerebroError('INTERNAL', 'the epoch is not a valid time');
  return epoch;
}
