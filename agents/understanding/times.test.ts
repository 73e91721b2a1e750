import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { readTimes } from './times.ts';

/** Thursday 12 March 2026, 15:30 in Berlin (UTC+1). */
const asked = '2026-03-12T14:30:00.000Z';

function spanOf(text: string, askedAt = asked, zone = 'Europe/Berlin'): string | undefined {
  const now = DateTime.fromISO(askedAt, { zone });
  if (!now.isValid) throw new Error('bad test time');
  const [span] = readTimes(text, now).spans;
  return span && `${new Date(span.from).toISOString().slice(0, 16)} ${new Date(span.to).toISOString().slice(0, 16)}`;
}

describe('readTimes', () => {
  it.each([
    ['slow in the last 2h', '2026-03-12T12:30 2026-03-12T14:30'],
    ['past 90 min', '2026-03-12T13:00 2026-03-12T14:30'],
    ['past half hour', '2026-03-12T14:00 2026-03-12T14:30'],
    ['since lunch', '2026-03-12T11:00 2026-03-12T14:30'],
    ['since breakfast', '2026-03-12T07:00 2026-03-12T14:30'],
    ['since dinner', '2026-03-11T18:00 2026-03-12T14:30'],
    ['this morning', '2026-03-12T05:00 2026-03-12T11:00'],
    ['yesterday evening', '2026-03-11T17:00 2026-03-11T23:00'],
    ['overnight', '2026-03-11T21:00 2026-03-12T05:00'],
    ['between 14:00 and 14:20 utc', '2026-03-12T14:00 2026-03-12T14:20'],
    ['between 2 and 3pm', '2026-03-12T13:00 2026-03-12T14:00'],
    ['from 22:00 to 02:00', '2026-03-11T21:00 2026-03-12T01:00'],
    ['10-11am', '2026-03-12T09:00 2026-03-12T10:00'],
    ['18:00-19:00', '2026-03-11T17:00 2026-03-11T18:00'],
    ['from yesterday 10pm to today 2am', '2026-03-11T21:00 2026-03-12T01:00'],
    ['since 2', '2026-03-12T13:00 2026-03-12T14:30'],
    ['at 9am est', '2026-03-12T12:45 2026-03-12T13:15'],
    ['this morning between 9 and 10', '2026-03-12T08:00 2026-03-12T09:00'],
    ['20 minutes ago', '2026-03-12T13:55 2026-03-12T14:25'],
    ['it started 20 minutes ago', '2026-03-12T14:10 2026-03-12T14:30'],
    ['yesterday', '2026-03-10T23:00 2026-03-11T23:00'],
    ['since monday', '2026-03-08T23:00 2026-03-12T14:30'],
    ['last thursday', '2026-03-04T23:00 2026-03-05T23:00'],
    ['between monday and wednesday', '2026-03-08T23:00 2026-03-11T23:00'],
    ['this week', '2026-03-08T23:00 2026-03-12T14:30'],
    ['on 10/03', '2026-03-09T23:00 2026-03-10T23:00'],
    ['march 10th 3pm', '2026-03-10T13:45 2026-03-10T14:15'],
    ['from 2026-03-11t09:00:00z to 2026-03-11t10:00:00z', '2026-03-11T09:00 2026-03-11T10:00'],
    ['before 14:00', '2026-03-12T12:00 2026-03-12T13:00'],
    ['at 17:00', '2026-03-11T15:45 2026-03-11T16:15'],
  ])('reads "%s" in the zone of the asker', (text, window) => {
    expect(spanOf(text)).toBe(window);
  });

  it('keeps wall-clock time over a change to summer time', () => {
    expect(spanOf('overnight', '2026-03-29T08:00:00.000Z')).toBe('2026-03-28T21:00 2026-03-29T04:00');
    expect(spanOf('since yesterday noon', '2026-03-29T08:00:00.000Z')).toBe('2026-03-28T11:00 2026-03-29T08:00');
  });

  it('reads the asker’s day where UTC is already a day further', () => {
    expect(spanOf('yesterday', '2026-04-30T06:40:00.000Z', 'America/Los_Angeles')).toBe(
      '2026-04-28T07:00 2026-04-29T07:00',
    );
    expect(spanOf('on 10/03', '2026-11-20T06:40:00.000Z', 'America/Los_Angeles')).toBe(
      '2026-10-03T07:00 2026-10-04T07:00',
    );
  });

  it.each([
    'error 500',
    'scale to 5',
    'shop-01 is slow',
    'why may checkout be slow',
    'p95 of cart',
    'v2.10.3',
    'tomorrow',
    'since the last deploy of cart',
  ])('finds no past time in "%s"', (text) => {
    expect(spanOf(text)).toBeUndefined();
  });

  it('never reaches past now, and every span begins before it ends', () => {
    const word = fc.constantFrom(
      'since',
      'before',
      'between',
      'and',
      'to',
      'at',
      'last',
      'monday',
      'yesterday',
      'noon',
      '14:00',
      '3pm',
      '2h',
      'march',
      '5',
      'night',
      'utc',
      'ago',
      'week',
      '2026-03-12',
      'overnight',
      '-',
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 8 }),
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
        (words, zone) => {
          const now = DateTime.fromISO(asked, { zone });
          if (!now.isValid) return;
          for (const span of readTimes(words.join(' '), now).spans) {
            expect(span.to).toBeLessThanOrEqual(now.toMillis());
            expect(span.from).toBeLessThan(span.to);
          }
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});
