import { describe, expect, it } from 'vitest';
import { chooseWindow } from './choose-window.ts';
import { shopQuestion, shopUnderstanding } from './fake-shop.ts';
import { changeWords, numberWords } from './number-words.ts';
import { createTimeWords } from './time-words.ts';

describe('words for figures', () => {
  it.each([
    [0.0842, 'seconds', '84.2 ms'],
    [2.5, 's', '2.5 s'],
    [0.0312, 'ratio', '3.12 %'],
    [3_565_158, 'bytes', '3.4 MiB'],
    [12.34, 'per-second', '12.3 per second'],
    [123_456, undefined, '123456'],
    [Number.NaN, 's', 'unknown s'],
  ])('says %s %s as "%s"', (value, unit, words) => expect(numberWords(value, unit)).toBe(words));

  it('says how far two figures are apart', () => {
    expect([
      changeWords(1, 1.01),
      changeWords(1, 1.5),
      changeWords(8, 2),
      changeWords(1, 5),
      changeWords(0, 2),
    ]).toEqual(['about the same', 'up 50 %', 'down 75 %', 'up 5×', 'up from zero']);
  });

  it('says times in the zone of the asker, the day only where it is another, and UTC for a zone nobody knows', () => {
    const times = createTimeWords('2026-11-20T14:10:00.000Z', 'Asia/Kolkata');
    expect(times.at('2026-11-20T14:05:30.000Z')).toBe('19:35:30 Asia/Kolkata');
    expect(times.at('2026-11-20T20:00:00.000Z')).toBe('21 Nov 2026 01:30:00 Asia/Kolkata');
    expect(createTimeWords('2026-11-20T14:10:00.000Z', 'Mars/Base').at('2026-11-20T14:05:30.000Z')).toBe(
      '14:05:30 UTC',
    );
  });

  it('says how long something has lasted in two units at most', () => {
    const times = createTimeWords('2026-11-20T14:10:00.000Z', 'UTC');
    const long = [
      '2026-11-20T14:10:00Z',
      '2026-11-20T14:09:15Z',
      '2026-11-20T14:06:40Z',
      '2026-11-20T12:05:00Z',
      '2026-11-17T14:10:00Z',
    ];
    expect(long.map((at) => /\((.*)\)/.exec(times.since(at))?.[1])).toEqual([
      '0 s',
      '45 s',
      '3 min 20 s',
      '2 h 5 min',
      '3 d',
    ]);
  });
});

describe('chooseWindow', () => {
  const alert = {
    fingerprint: 'f',
    name: 'slow',
    status: 'firing' as const,
    startsAt: '2026-11-20T14:00:00.000Z',
    labels: {},
    annotations: {},
    source: 'a',
  };
  const window = { from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T11:00:00.000Z' };

  it('takes what the door set, then what was said, then the alert, then the last minutes', () => {
    expect(
      chooseWindow(
        { ...shopQuestion, window, alert },
        { ...shopUnderstanding, window: { ...window, to: alert.startsAt } },
      ),
    ).toEqual(window);
    expect(chooseWindow({ ...shopQuestion, alert }, { ...shopUnderstanding, window })).toEqual(window);
    expect(chooseWindow({ ...shopQuestion, alert }, shopUnderstanding)).toEqual({
      from: '2026-11-20T13:50:00.000Z',
      to: shopQuestion.askedAt,
    });
    expect(chooseWindow(shopQuestion, shopUnderstanding)).toEqual({
      from: '2026-11-20T14:05:00.000Z',
      to: shopQuestion.askedAt,
    });
  });

  it('never gives an empty span for an alert that starts in the future or ended before it began', () => {
    for (const startsAt of ['2026-11-20T23:00:00.000Z', alert.startsAt]) {
      const { from, to } = chooseWindow(
        { ...shopQuestion, alert: { ...alert, startsAt, endsAt: '0001-01-01T00:00:00.000Z' } },
        shopUnderstanding,
      );
      expect(Date.parse(from)).toBeLessThan(Date.parse(to));
    }
  });
});
