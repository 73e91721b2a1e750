import { clockSpans } from './clock-times.ts';
import { dayPartSpans } from './day-parts.ts';
import { dayAnchors, type DayAnchor } from './day-anchors.ts';
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
 * future or back beyond twenty years: a clock time still to come is read as yesterday's, an end still to come is cut at now. `future` says that only a time to come was named.
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
  const clocks = spans.filter((span) => span.to - span.from < 86_400_000);
  for (const part of dayPartSpans(text, now, anchors)) {
    const narrowed = clocks.some((clock) => clock.from >= part.from - 3_600_000 && clock.from < part.to);
    if (narrowed) markers.push({ start: part.start, end: part.end });
    else add([part]);
  }
  add(dayRanges(text, anchors));
  const used = new Set(spans.flatMap((span) => span.dayAt ?? []));
  for (const anchor of anchors) {
    if (used.has(anchor.start)) markers.push({ start: anchor.span.start, end: anchor.end });
    else add([anchor.span]);
  }
  const oldest = now.toMillis() - 20 * 366 * 86_400_000;
  const past = spans
    .filter((span) => span.from < now.toMillis() && span.from > oldest)
    .map((span) => Object.assign(span, { to: Math.min(span.to, now.toMillis()) }));
  return {
    spans: past.sort((a, b) => a.start - b.start),
    markers,
    future: past.length === 0 && (spans.length > 0 || /\b(?:tomorrow|next (?:week|month|year))\b/u.test(text)),
  };
}

/** "Between monday and wednesday": from the first day to the end of the second. */
function dayRanges(text: string, anchors: readonly DayAnchor[]): TimeSpan[] {
  const days = anchors.filter((anchor) => anchor.single).sort((a, b) => a.start - b.start);
  return days.flatMap((first, index) => {
    const second = days[index + 1];
    if (
      second === undefined ||
      !/^ ?(?:and|to|till|until|through|thru|-|–) ?$/u.test(text.slice(first.end, second.start))
    )
      return [];
    const head = /\b(?:between|from) $/u.exec(text.slice(0, first.start));
    if (head === null || second.day <= first.day) return [];
    const start = first.start - head[0].length;
    return [{ from: first.day.toMillis(), to: second.day.plus({ days: 1 }).toMillis(), start, end: second.end }];
  });
}

function markerSpans(text: string): { start: number; end: number }[] {
  const pattern =
    /\b(?:ever since|since|after|before|right after|following|until)(?: (?:the|a|that|our|my|this))?(?: (?:last|latest|new|recent|big|previous))?(?: [\w.-]+)? (?:deploy|deployment|release|rollout|upgrade|migration|incident|outage|restart|failover|rollback|change|update)\b/gu;
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}
