import type { Question, Understanding } from '../domain/question.ts';
import type { Window } from '../domain/time.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';

const minute = 60_000;

/**
 * The window to look at, in this order: what the door set, what the question says, an alert's start less ten minutes until now (or its end),
 * the last five minutes. Read against `askedAt`, never against the clock, so that a replay looks at the same data.
 */
export function chooseWindow(question: Question, understanding: Understanding): Window {
  if (question.window !== undefined) return question.window;
  if (understanding.window !== undefined) return understanding.window;
  const now = msOf(question.askedAt);
  if (question.alert !== undefined) {
    const { startsAt, endsAt } = question.alert;
    const from = msOf(startsAt) - 10 * minute;
    const to = endsAt !== undefined && msOf(endsAt) > msOf(startsAt) ? Math.min(msOf(endsAt), now) : now;
    return { from: isoOf(Math.min(from, to - minute)), to: isoOf(to) };
  }
  return { from: isoOf(now - 5 * minute), to: isoOf(now) };
}

/** What to compare with: what the question says, else undefined, and the engine finds a quiet stretch itself. */
export function chooseBaseline(understanding: Understanding): Window | undefined {
  return understanding.compareWith;
}
