import type { Question, Understanding } from '../domain/question.ts';
import type { Window } from '../domain/time.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';

const minute = 60_000;

/**
 * The window to look at, in this order: what the door set, what the question says, an alert's start less ten minutes until now (or its end),
 * the last five minutes (thirty for "since when"). Read against `askedAt`, never against the clock, so that a replay looks at the same data.
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
  // When it began may lie further back than what is wrong now.
  const minutes = understanding.intent === 'since-when' ? 30 : 5;
  return { from: isoOf(now - minutes * minute), to: isoOf(now) };
}

/** What the question says to compare with; undefined where it says nothing, and the engine finds a quiet span itself. */
export function chooseBaseline(understanding: Understanding): Window | undefined {
  return understanding.compareWith;
}

/** The quarter of an hour before a window (or three times its length, where that is more), for tools that need a baseline when none was found. */
export function spanBefore(window: Window): Window {
  const from = msOf(window.from);
  return { from: isoOf(from - Math.max(15 * minute, 3 * (msOf(window.to) - from))), to: window.from };
}

/** The window with time before it, so that what was altered earlier and shows late is seen. */
export function widened(window: Window, beforeMs: number): Window {
  return { from: isoOf(msOf(window.from) - beforeMs), to: window.to };
}
