import type { DayAnchor } from './day-anchors.ts';
import { bounded, type Now, type TimeSpan } from './time-span.ts';

/** Named parts of a day in the asker's zone: first hour and length in hours. Nights begin on the evening before. */
const dayParts: Record<string, { hour: number; hours: number }> = {
  morning: { hour: 6, hours: 6 },
  breakfast: { hour: 8, hours: 1 },
  noon: { hour: 12, hours: 1 },
  lunch: { hour: 12, hours: 1 },
  afternoon: { hour: 12, hours: 6 },
  evening: { hour: 18, hours: 6 },
  dinner: { hour: 19, hours: 1 },
  supper: { hour: 19, hours: 1 },
  night: { hour: 22, hours: 8 },
};

const partPattern =
  /\b(?:(overnight)|(tonight)|(?:(this|yesterday|last|the|today|earlier this) )?(morning|breakfast|lunch|afternoon|evening|dinner|supper|night)(?:[ -]?time|-?break)?)\b/gu;

/** Reads "overnight", "last night", "this morning", "yesterday evening", "since lunch", "monday afternoon": the latest such part that has begun. */
export function dayPartSpans(text: string, now: Now, anchors: readonly DayAnchor[]): TimeSpan[] {
  const spans: TimeSpan[] = [];
  for (const match of text.matchAll(partPattern)) {
    const end = match.index + match[0].length;
    const name = partName(match);
    const part = dayParts[name];
    if (
      spans.length >= 12 ||
      part === undefined ||
      /\bgood $/u.test(text.slice(Math.max(0, match.index - 8), match.index))
    )
      continue;
    const anchor = anchors.find(
      (one) =>
        one.single &&
        (Math.abs(one.end - match.index) <= 2 ||
          overlaps(one, match.index, end) ||
          (one.start >= end && one.start - end <= 2)),
    );
    const midnight = anchor?.day ?? now.startOf('day');
    let first = midnight.set({ hour: part.hour });
    const isNight = name === 'night';
    if (isNight && anchor === undefined) first = now.startOf('day').minus({ days: 1 }).set({ hour: part.hour });
    else if (match[3] === 'last' && anchor === undefined) first = first.minus({ days: 1 });
    else if (anchor === undefined && first > now) first = first.minus({ days: 1 });
    const last = isNight
      ? first.plus({ days: 1 }).set({ hour: (part.hour + part.hours) % 24 })
      : first.plus({ hours: part.hours });
    const start = anchor === undefined ? match.index : Math.min(match.index, anchor.start);
    const raw = { from: first.toMillis(), to: last.toMillis(), start, end: Math.max(end, anchor?.end ?? 0) };
    spans.push({ ...bounded(text, raw, now), ...(anchor === undefined ? {} : { dayAt: [anchor.start] }) });
  }
  return spans;
}

function partName([, overnight, tonight, , named]: RegExpExecArray): string {
  if (overnight !== undefined) return 'night';
  return tonight === undefined ? (named ?? '') : 'evening';
}

function overlaps(anchor: DayAnchor, start: number, end: number): boolean {
  return anchor.start < end && start < anchor.end;
}
