import { DateTime } from 'luxon';
import type { Window } from '../../domain/time.ts';
import type { Now, TimeSpan } from './time-span.ts';

const connector =
  /\b(?:vs\.?|versus|compared? (?:to|with|against)|(?:relative|similar) to|against|than|differ(?:s|ent)? from|with|to|and)(?: (?:the )?(?:same (?:time|hour|period|window) ?(?:on|of)?|how it was|it was|what it was|on|at|around))? *$/u;

/** The window looked at and the window it is held against. */
export interface Comparison {
  window?: Window;
  compareWith?: Window;
}

/**
 * Tells the two windows of a comparison apart. The span after "vs", "than", "compared with" is the reference; a day, week or month named there means
 * the same stretch that much earlier. With no window said, the last hour is compared. Two plain ranges: the first said is looked at.
 * "Before and after 14:00" holds what followed against as long a stretch before.
 */
export function readComparison(text: string, spans: readonly TimeSpan[], now: Now): Comparison {
  const around = /\bbefore (?:and|vs\.?|versus|to|with) after\b|\bafter (?:and|vs\.?|versus|to|with) before\b/u.test(
    text,
  );
  const [first, second] = spans;
  if (around && first !== undefined) return aroundMoment(first, now);
  if (first === undefined) return {};
  const referenceAt = spans.findIndex(
    (span, index) =>
      connector.test(text.slice(0, span.start + leading(text, span))) &&
      (index > 0 || spans.length === 1 || !/\band *$/u.test(text.slice(0, span.start))),
  );
  const reference =
    spans[referenceAt < 0 ? (spans.length > 1 ? 1 : -1) : referenceAt] ??
    (first.unit !== undefined && spans.length === 1 && first.to < now.toMillis() ? first : undefined);
  if (reference === undefined) return { window: windowOf(first) };
  const looked = spans.find((span) => span !== reference) ?? (second === undefined ? lastHour(now, reference) : first);
  return { window: windowOf(looked), compareWith: earlier(looked, reference, now) };
}

/** The half-open ISO UTC window of a span. */
export function windowOf(span: { from: number; to: number }): Window {
  return { from: iso(span.from), to: iso(span.to) };
}

/** The reference: an explicit range as it is, a named day, week or month as the looked-at stretch shifted back by calendar steps. */
function earlier(looked: TimeSpan, reference: TimeSpan, now: Now): Window {
  if (reference.unit === undefined) return windowOf(reference);
  if (looked.unit === reference.unit && looked.to - looked.from > 0 && looked.to < now.toMillis())
    return windowOf(reference);
  const unit = reference.unit;
  const at = DateTime.fromMillis(reference.from, { zone: now.zone });
  const from = DateTime.fromMillis(looked.from, { zone: now.zone });
  const middle = reference.from + (reference.to - reference.from) / 2;
  const steps =
    unit === 'hour'
      ? Math.round((now.toMillis() - middle) / 3_600_000)
      : Math.max(1, Math.round(from.startOf(unit).diff(at.startOf(unit), `${unit}s`).as(`${unit}s`)));
  const shift = (ms: number): number =>
    DateTime.fromMillis(ms, { zone: now.zone })
      .minus({ [`${unit}s`]: steps })
      .toMillis();
  return windowOf({ from: shift(looked.from), to: shift(looked.to) });
}

function lastHour(now: Now, reference: TimeSpan): TimeSpan {
  const length = reference.unit === undefined ? reference.to - reference.from : 3_600_000;
  return { from: now.toMillis() - length, to: now.toMillis(), start: 0, end: 0 };
}

function aroundMoment(span: TimeSpan, now: Now): Comparison {
  const at = span.to >= now.toMillis() ? span.from : (span.from + span.to) / 2;
  return {
    window: windowOf({ from: at, to: now.toMillis() }),
    compareWith: windowOf({ from: 2 * at - now.toMillis(), to: at }),
  };
}

/** How many of the span's own first letters belong to the connector ("to monday" may be taken into the span). */
function leading(text: string, span: TimeSpan): number {
  return /^(?:(?:on|at|of|the|for|in|this) )+/u.exec(text.slice(span.start, span.end))?.[0].length ?? 0;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
