import type { EntityId } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { LogRecord } from '../../../domain/signal.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import type { Windows } from '../signals/detect-anomalies.ts';
import { makeFinding } from '../signals/make-finding.ts';
import type { SequenceExplanation } from './sequence-detector.ts';
import { createSequenceTrainer } from './sequence-detector.ts';
import type { LogTemplate } from './template-groups.ts';
import { templateId, templateText } from './template-text.ts';

/** A log record within the windows, with the template that its text ended up in. */
export interface MinedRecord {
  record: LogRecord;
  entity: EntityId;
  at: number;
  observed: boolean;
  template: LogTemplate;
}

interface Session {
  entity: EntityId;
  from: number;
  to: number;
  events: string[];
}

/** Fewest sessions of the baseline to learn from, fewest unlike them, and least share of those observed. */
const [fewestLearned, fewestOdd, leastShare] = [40, 4, 0.05];
const longestSession = 500;

/**
 * Requests (trace ids) whose log lines at an entity came in an order or number unlike all of the baseline, though each line is a known
 * one: a step left out, done twice, or done too early. New lines are told by the patterns, not here. Sessions at the edge of a window are cut
 * off, so they do not count.
 */
export function mineSequences(records: readonly MinedRecord[], windows: Windows): Finding[] {
  const texts = new Map<string, string>();
  const byEntity = Map.groupBy(sessionsOf(records, texts).values(), ({ entity }) => entity);
  const [from, to] = [msOf(windows.observed.from), msOf(windows.observed.to)];
  const edge = 0.05 * (to - from);
  const findings: Finding[] = [];
  for (const [entity, sessions] of byEntity) {
    const learned = sessions.filter((session) => session.to < from);
    const seen = sessions.filter((session) => session.from >= from && session.to < to - edge);
    const isMany = learned.length >= fewestLearned && seen.length >= fewestOdd;
    if (!isMany || learned.every(({ events }) => events.length < 2)) continue;
    const detector = createSequenceTrainer().fit(learned.map(({ events }) => events));
    const scores = detector.score(seen.map(({ events }) => events));
    const odd = seen
      .map((session, index) => ({ session, score: scores[index]! }))
      .filter(({ score }) => score > 0.5)
      .map(({ session }) => ({ session, why: detector.explain(session.events) }))
      .filter(({ why }) => why.unknown.length === 0);
    if (odd.length < Math.max(fewestOdd, leastShare * seen.length)) continue;
    const first = odd.reduce((left, right) => (right.session.from < left.session.from ? right : left));
    findings.push(
      makeFinding({
        kind: 'log-pattern',
        entity,
        signal: { type: 'log', role: 'logs', name: 'sequence' },
        statement: `${odd.length} of ${seen.length} requests logged at ${entityNameOf(entity)} in an order or number never seen before`,
        excerpt: wordsOf(first.why, texts).slice(0, 300),
        direction: 'changed',
        onset: isoOf(first.session.from),
        severity: 0.2 + 0.2 * (odd.length / seen.length),
        data: {
          level: 'info',
          template: 'sequence',
          count: odd.length,
          before: 0,
          hintOf: 'none',
          learned: learned.length,
        },
      }),
    );
  }
  return findings;
}

function sessionsOf(records: readonly MinedRecord[], texts: Map<string, string>): Map<string, Session> {
  const sessions = new Map<string, Session>();
  for (const { record, entity, at, template } of records.toSorted((left, right) => left.at - right.at)) {
    if (record.traceId === undefined) continue;
    const event = `${record.level} ${templateId(template)}`;
    if (!texts.has(event)) texts.set(event, templateText(template));
    const key = `${entity}|${record.traceId}`;
    const session = sessions.get(key);
    if (session === undefined) sessions.set(key, { entity, from: at, to: at, events: [event] });
    else if (session.events.length < longestSession) {
      session.events.push(event);
      session.to = at;
    }
  }
  return sessions;
}

/** What was unexpected, in the words of the log. */
function wordsOf({ transition, count, by }: SequenceExplanation, texts: ReadonlyMap<string, string>): string {
  const quote = (event: string | undefined) =>
    event === undefined ? 'the end' : `"${(texts.get(event) ?? event).slice(0, 80)}"`;
  if (by === 'counts' && count !== undefined)
    return `${quote(count.event)} came ${count.times} times, usually ${count.usual ?? 0}${count.given === undefined ? '' : ` where ${quote(count.given)} comes ${count.givenTimes} times`}`;
  const before = transition.after.at(-1);
  return `${quote(transition.event)} came ${before === undefined ? 'first' : `after ${quote(before)}`}, expected ${quote(transition.expected[0]?.event)}`;
}
