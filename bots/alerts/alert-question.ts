import { entityNameOf, type Topology } from '../../domain/entity.ts';
import type { Alert, Question } from '../../domain/question.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { entitiesOfAlert } from './alert-entities.ts';

/**
 * The question that a group of alerts stands for. Its text is ours: of the alerts it holds only names, stripped to letters that mean
 * nothing; all else that the alerts say stays in `alert` (the earliest), as data.
 */
export function alertQuestion(group: {
  investigation: string;
  alerts: readonly Alert[];
  topology: Topology;
  askedAt: string;
}): Question {
  const [first] = [...group.alerts].sort((left, right) => msOf(left.startsAt) - msOf(right.startsAt));
  return {
    text: `Why is ${alertTitle(group.alerts, group.topology)} firing?`,
    thread: group.investigation,
    askedAt: group.askedAt,
    timeZone: 'UTC',
    principal: { id: `alert-source:${first?.source ?? 'unknown'}`, kind: 'alert-source', roles: ['viewer'] },
    ...(first === undefined ? {} : { alert: first }),
  };
}

/** A short name for a group of alerts: alert names and the entities they are about. */
export function alertTitle(alerts: readonly Alert[], topology: Topology): string {
  const names = [...new Set(alerts.map(({ name }) => plain(name)))];
  const entities = [
    ...new Set(alerts.flatMap((alert) => entitiesOfAlert(alert, topology)).map((id) => plain(entityNameOf(id)))),
  ];
  const about = entities.length === 0 ? '' : ` on ${list(entities)}`;
  return `${names.length > 1 ? 'alerts' : 'alert'} ${list(names)}${about}`;
}

function list(words: readonly string[]): string {
  const shown = words.slice(0, 5).join(', ');
  return words.length > 5 ? `${shown} and ${words.length - 5} more` : shown;
}

function plain(text: string): string {
  return (
    text
      .replaceAll(/[^\p{L}\p{N} ._/-]+/gu, ' ')
      .trim()
      .slice(0, 80) || 'unnamed'
  );
}
