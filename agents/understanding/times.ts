import { clockSpans } from './clock-times.ts';
import { dayPartSpans } from './day-parts.ts';
import { dayAnchors } from './day-anchors.ts';
import { relativeSpans } from './relative-times.ts';
import type { Now, TimeSpan } from './time-span.ts';

/** What the text says about time: spans in text order, and phrases that name a moment that only evidence can place ("since the deploy"). */
export interface Times {
  spans: TimeSpan[];
  markers: { start: number; end: number }[];
  future: boolean;
}

/**
 * Reads every time expression of a cleaned, lower-case text against the asker's now. Never returns a span that reaches into the
 * future: a clock time still to come is read as yesterday's, an end still to come is cut at now. `future` says that only a time to come was named.
 */
export function readTimes(text: string, now: Now): Times {
  const taken: { start: number; end: number }[] = [];
  const markers = markerSpans(text);
  taken.push(...markers);
  const spans: TimeSpan[] = [];
  const anchors = dayAnchors(text, now);
  const add = (found: TimeSpan[]): void => {
    for (const span of found) {
      if (taken.some((other) => other.start < span.end && span.start < other.end)) continue;
      taken.push(span);
      spans.push(span);
    }
  };
  add(relativeSpans(text, now));
  add(clockSpans(text, now, anchors));
  add(dayPartSpans(text, now, anchors));
  const used = new Set(spans.map((span) => span.dayAt));
  for (const anchor of anchors) {
    if (used.has(anchor.start)) markers.push({ start: anchor.span.start, end: anchor.end });
    else add([anchor.span]);
  }
  const past = spans
    .filter((span) => span.from < now.toMillis())
    .map((span) => Object.assign(span, { to: Math.min(span.to, now.toMillis()) }));
  return {
    spans: past.sort((a, b) => a.start - b.start),
    markers,
    future: past.length === 0 && (spans.length > 0 || /\b(?:tomorrow|next (?:week|month|year))\b/u.test(text)),
  };
}

function markerSpans(text: string): { start: number; end: number }[] {
  const pattern =
    /\b(?:ever since|since|after|before|right after|following|until)(?: (?:the|a|that|our|my|this))?(?: (?:last|latest|new|recent|big|previous))?(?: [\w.-]+)? (?:deploy|deployment|release|rollout|upgrade|migration|incident|outage|restart|failover|rollback|change|update)\b/gu;
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}
