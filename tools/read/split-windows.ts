import type { Window } from '../../domain/time.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';

/** The span just before a window, as long as the window. */
export function windowBefore(window: Window): Window {
  const from = msOf(window.from);
  return { from: isoOf(from - (msOf(window.to) - from)), to: window.from };
}

/** The span from the earlier start to the later end of two windows. */
export function windowAcross(left: Window, right: Window): Window {
  const from = Math.min(msOf(left.from), msOf(right.from));
  return { from: isoOf(from), to: isoOf(Math.max(msOf(left.to), msOf(right.to))) };
}
