import type { DurationLike } from 'luxon';
import { boundBefore, type Now, type TimeSpan } from './time-span.ts';

const amount = String.raw`(\d{1,4}(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|couple(?: of)?|a couple(?: of)?|few|a few|half an?|half|quarter of an)`;
const unit = String.raw`(seconds?|secs?|s|minutes?|mins?|min|m|hours?|hrs?|hr|h|days?|d|weeks?|wks?|w|months?|years?)`;
const amountPattern = `${amount}[ -]?${unit}`;

const rolling = new RegExp(
  String.raw`\b(?:(?:in|over|for|during|within|of|from) )?(?:the )?(?:last|past|previous|recent|trailing|prior) (?:${amountPattern}|(minute|hour|day|half hour|half day))\b`,
  'gu',
);
const pastWeek = /\b(?:(?:in|over|for|during|within|of|from) )?(?:the )?(?:past|trailing) (week|month|year)\b/gu;
const agoPattern = new RegExp(
  String.raw`\b(?:about |around |roughly |some )?${amountPattern} (?:ago|back|earlier)\b`,
  'gu',
);
const forPattern = new RegExp(
  String.raw`\b(?:for|over|since) (?:about |around |the )?${amountPattern}(?: now)?\b`,
  'gu',
);
const barePattern = /(?<=^|[\s,(])(\d{1,3})(m|min|mins|h|hr|hrs|d)(?=$|[\s,.?!)])/gu;

const numbers: Record<string, number> = {
  a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, twelve: 12,
  couple: 2, 'couple of': 2, 'a couple': 2, 'a couple of': 2, few: 3, 'a few': 3, half: 0.5, 'half a': 0.5, 'half an': 0.5, 'quarter of an': 0.25,
}; // prettier-ignore

/** Reads "last 2h", "past half hour", "for 40 minutes", "20 min ago", "since 3 days ago" and a bare "15m". Days and longer follow the asker's calendar. */
export function relativeSpans(text: string, now: Now): TimeSpan[] {
  const spans: TimeSpan[] = [];
  const until = now.toMillis();
  const push = (match: RegExpExecArray, from: number, to: number): void => {
    const start = match.index;
    const end = start + match[0].length;
    if (spans.length >= 12 || !Number.isFinite(from) || spans.some((span) => span.start < end && start < span.end))
      return;
    spans.push({ from, to, start, end });
  };
  for (const match of text.matchAll(agoPattern)) {
    const at = back(now, match[1], match[2]);
    const { bound, start } = boundBefore(text, match.index);
    const began =
      bound === 'since' ||
      /\b(?:began|started|starting|begun|start|went|got)\b[^.?!]{0,30}$/u.test(
        text.slice(Math.max(0, match.index - 48), match.index),
      );
    const quarter = 15 * 60_000;
    if (began) push(match, at, until);
    else if (bound === 'before') push(match, at - 4 * quarter, at);
    else push(match, at - quarter, at + quarter);
    const last = spans.at(-1);
    if (last?.start === match.index) last.start = start;
    if (last !== undefined && !began && /^(?:h|w|d|mo|y)/u.test(match[2] ?? '')) last.unit = unitOf(match[2]);
  }
  for (const match of text.matchAll(rolling)) push(match, back(now, match[1] ?? 'a', match[2] ?? match[3]), until);
  for (const match of text.matchAll(pastWeek)) push(match, back(now, 'a', match[1]), until);
  for (const match of text.matchAll(forPattern)) push(match, back(now, match[1], match[2]), until);
  for (const match of text.matchAll(barePattern)) {
    if (
      /\b(?:next|in|within|under|over|above|than|coming) $/u.test(
        text.slice(Math.max(0, match.index - 48), match.index),
      )
    )
      continue;
    push(match, back(now, match[1], match[2]), until);
  }
  return spans;
}

/** A length of time in the calendar of the asker, e.g. of "half an" "hour" or "3" "days". */
export function durationOf(count: string | undefined, unitText: string | undefined): DurationLike {
  const said = numbers[count ?? 'a'] ?? Number(count);
  const half = unitText?.startsWith('half ') === true;
  const value = half ? said / 2 : said;
  const name = (half ? unitText.slice(5) : unitText) ?? 'hour';
  if (name.startsWith('s')) return { seconds: value };
  if (name.startsWith('mo')) return { months: Math.round(value) };
  if (name.startsWith('m')) return { minutes: value };
  if (name.startsWith('h')) return { minutes: value * 60 };
  if (name.startsWith('w')) return { days: Math.round(value * 7) };
  if (name.startsWith('y')) return { years: Math.round(value) };
  return Number.isInteger(value) ? { days: value } : { hours: value * 24 };
}

/** The pattern of an amount with its unit ("90 min", "half an hour"), two groups, for readers of lengths of time. */
export const amountOfTime = amountPattern;

function back(now: Now, count: string | undefined, unitText: string | undefined): number {
  return now.minus(durationOf(count, unitText)).toMillis();
}

function unitOf(text: string | undefined): 'hour' | 'day' | 'week' | 'month' {
  if (text?.startsWith('w') === true) return 'week';
  if (text?.startsWith('mo') === true) return 'month';
  return text?.startsWith('h') === true ? 'hour' : 'day';
}
