import type { Entity } from '../../domain/entity.ts';
import type { Intent, Understanding } from '../../domain/question.ts';
import { suggestions, type EntityMention } from './entities.ts';

/** What the choice of a question back depends on. */
export interface ClarifyFacts {
  understanding: Understanding;
  ambiguous: EntityMention | undefined;
  entities: readonly Entity[];
  /** Only a time to come was named. */
  future: boolean;
  /** The text asks to act ("restart it"). */
  acts: boolean;
  /** The text points at something ("it") that no thread explains. */
  pointsAt: boolean;
}

const needsNoName: readonly Intent[] = ['knowledge', 'history', 'vulnerabilities', 'help', 'list-services'];
const past: readonly Intent[] = [
  'diagnose',
  'status',
  'since-when',
  'what-changed',
  'show-metric',
  'show-logs',
  'show-traces',
  'compare',
  'impact',
];

/** The one question back, in one sentence that can be answered in a word, or undefined when the question is clear enough to run. */
export function clarification(facts: ClarifyFacts): string | undefined {
  const { understanding, ambiguous, entities } = facts;
  const { intent, unknownNames } = understanding;
  if (ambiguous !== undefined) return `Do you mean ${oneOf(labelsOf(ambiguous.candidates.slice(0, 5)))}?`;
  const none = understanding.entities.length === 0;
  const unknown = unknownNames[0];
  if (unknown !== undefined && none && !needsNoName.includes(intent)) {
    const near = suggestions(unknown, entities);
    return near.length > 0
      ? `I know nothing named "${unknown}". Did you mean ${oneOf(labelsOf(near))}?`
      : `I know nothing named "${unknown}". Which service do you mean?`;
  }
  if (facts.future && understanding.window === undefined && past.includes(intent))
    return 'That time is still to come. Which past time do you mean?';
  return none ? missing(facts) : undefined;
}

/** What to ask where nothing to look at was named and the intent needs something. */
function missing({ understanding, acts, pointsAt }: ClarifyFacts): string | undefined {
  const { intent, metric, compareWith } = understanding;
  const noMetric = metric === undefined;
  if (intent === 'show-metric' && noMetric) return 'Which metric shall I show, and of which service?';
  if (intent === 'dependencies' && pointsAt) return 'Of which service do you want to know the dependencies?';
  if (intent === 'remediate' && acts) return 'Which service do you mean?';
  if (intent === 'compare' && noMetric && compareWith === undefined)
    return 'What shall I compare: which service or metric, and with which time?';
  return intent === 'forecast' && noMetric ? 'Which metric or resource shall I forecast?' : undefined;
}

/** Names as a person would tell them apart: bare where that is enough, else with kind and namespace. */
function labelsOf(candidates: readonly Entity[]): string[] {
  return candidates.map((entity) => {
    const namesakes = candidates.filter((other) => other.name === entity.name);
    if (namesakes.length < 2) return entity.name;
    const spaced =
      new Set(namesakes.map((other) => other.namespace)).size > 1 && entity.namespace !== undefined
        ? `${entity.namespace}/${entity.name}`
        : entity.name;
    return new Set(namesakes.map((other) => other.kind)).size > 1 ? `the ${entity.kind} ${spaced}` : spaced;
  });
}

function oneOf(labels: readonly string[]): string {
  return labels.length < 2 ? (labels[0] ?? '') : `${labels.slice(0, -1).join(', ')} or ${labels.at(-1) ?? ''}`;
}
