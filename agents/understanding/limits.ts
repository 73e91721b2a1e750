import { casual } from 'chrono-node/en';
import { amountOfTime, durationOf } from './relative-times.ts';
import type { Now } from './time-span.ts';

/** What a forecast asks for: how far ahead, and which value, in base units (ratio for percent, seconds, bytes, or the plain number). */
export interface Limits {
  horizonMs?: number;
  threshold?: number;
  spans: { start: number; end: number; as: 'horizon' | 'threshold' }[];
}

const horizonPattern = new RegExp(
  String.raw`\b(?:(?:in|over|for|within|during) )?(?:the )?(?:next|coming|following) (?:${amountOfTime}|(minute|hour|day|week|month|year))\b|\b(?:within|in) ${amountOfTime}(?: from now)?\b`,
  'gu',
);
const byPattern =
  /\b(?:by|before|until|till) (?:the )?(?:end of (?:the )?(?:day|week|month)|eod|eow|tomorrow(?: \w+)?|tonight|(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend|midnight|noon|\d{1,2}(?::\d{2})?(?: ?[ap]m)?)(?=$|[\s?.,!])|\b(?:tomorrow|tonight|today|(?:over |this |the )+weekend|next week)\b/u;
const thresholdPattern =
  /\b(?:reach(?:es|ed)?|hits?|exceeds?|cross(?:es)?|pass(?:es)?|breach(?:es)?|above|over|past|below|under|beyond|at|to|touch(?:es)?|get to|gets to) (?:the |about )?(\d+(?:[.,]\d+)?) ?(k\b|m\b|%|percent\b|pct\b|ms\b|milliseconds?\b|seconds?\b|secs?\b|s\b|ki?b\b|mi?b\b|gi?b\b|ti?b\b|kilobytes?\b|megabytes?\b|gigabytes?\b|terabytes?\b)?/u;
const factors: readonly [RegExp, number][] = [
  [/^(?:%|percent|pct)/u, 0.01], [/^(?:ms|milli)/u, 0.001], [/^s/u, 1],
  [/^kib/u, 1_024], [/^mib/u, 1_024 ** 2], [/^gib/u, 1_024 ** 3], [/^tib/u, 1_024 ** 4],
  [/^k/u, 1e3], [/^m/u, 1e6], [/^g/u, 1e9], [/^t/u, 1e12],
]; // prettier-ignore

/** Reads "in the next 3 hours", "by friday", "reach 90 %", "above 500 ms" of a cleaned, lower-case text. A horizon lies ahead and within five years. */
export function readLimits(text: string, now: Now): Limits {
  const limits: Limits = { spans: [] };
  const ahead =
    /\b(?:will|when|forecast|predict\w*|project\w*|next|going to|gonna|about to|likely|until|till|by|risk|expect\w*|run out|trend)\b/u.test(
      text,
    );
  for (const match of text.matchAll(horizonPattern)) {
    const until = now.plus(durationOf(match[1] ?? match[4] ?? 'a', match[2] ?? match[5] ?? match[3])).toMillis();
    if (!ahead || !setHorizon(limits, until - now.toMillis())) continue;
    limits.spans.push({ start: match.index, end: match.index + match[0].length, as: 'horizon' });
  }
  const by = ahead && limits.horizonMs === undefined ? byPattern.exec(text) : null;
  if (
    by !== null &&
    /\b(?:will|forecast|predict\w*|project\w*|going to|gonna|about to|likely|run out|risk|expect\w*)\b/u.test(text) &&
    setHorizon(limits, untilMillis(by[0], now))
  )
    limits.spans.push({ start: by.index, end: by.index + by[0].length, as: 'horizon' });
  const threshold = ahead ? thresholdPattern.exec(text) : null;
  if (
    threshold !== null &&
    !/^[:\d]| ?(?:am|pm|utc|days?|hours?|min)/u.test(
      text.slice(threshold.index + threshold[0].length, threshold.index + threshold[0].length + 6),
    )
  ) {
    const number = Number((threshold[1] ?? '').replace(',', '.'));
    const factor = factors.find(([pattern]) => pattern.test(threshold[2] ?? ''))?.[1] ?? 1;
    limits.threshold = Number((number * factor).toPrecision(12));
    limits.spans.push({ start: threshold.index, end: threshold.index + threshold[0].length, as: 'threshold' });
  }
  return limits;
}

function setHorizon(limits: Limits, ms: number): boolean {
  if (!Number.isFinite(ms) || ms <= 0 || ms > 5 * 366 * 86_400_000) return false;
  limits.horizonMs = ms;
  return true;
}

/** Milliseconds from now to the end of what was named: of a day that is its midnight, of a clock time the time itself. */
function untilMillis(phrase: string, now: Now): number {
  const end = /\b(?:eod|end of (?:the )?day|today|tonight|midnight)\b/u.test(phrase)
    ? 'day'
    : /\b(?:eow|end of (?:the )?week|weekend)\b/u.test(phrase)
      ? 'week'
      : /\bmonth\b/u.test(phrase)
        ? 'month'
        : undefined;
  const from = now.toMillis();
  if (end !== undefined)
    return (
      now
        .startOf(end)
        .plus({ [`${end}s`]: 1 })
        .toMillis() - from
    );
  if (phrase === 'next week') return now.plus({ weeks: 1 }).toMillis() - from;
  const [found] = casual.parse(
    phrase.replace(/^(?:by|before|until|till) (?:the )?/u, ''),
    { instant: now.toJSDate(), timezone: now.offset },
    { forwardDate: true },
  );
  if (found === undefined) return Number.NaN;
  const parts = found.start;
  const clock = parts.isCertain('hour')
    ? { hour: parts.get('hour') ?? 0, minute: parts.get('minute') ?? 0 }
    : { hour: 24, minute: 0 };
  const at = now
    .set({
      year: parts.get('year') ?? now.year,
      month: parts.get('month') ?? now.month,
      day: parts.get('day') ?? now.day,
    })
    .startOf('day')
    .set(clock);
  return at.toMillis() - from;
}
