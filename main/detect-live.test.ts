import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CerebroError } from '../infra/runtime/errors.ts';
import { version } from '../infra/runtime/version.ts';
import { isEntity, liveWords, scoresReply } from './detect-live.ts';
import { readReply } from './read-reply.ts';

type LiveSeries = Parameters<typeof liveWords>[0]['series'];

const threshold = 0.9999;

function series(learned: number, alarms: LiveSeries[number]['alarms'] = [], score = 0.75): LiveSeries[number] {
  return {
    entity: 'service:cart',
    metric: 'http_request_duration_seconds',
    measure: 'p95 latency',
    labels: {},
    scores: [[1_000, score]],
    learned,
    judged: learned >= 60,
    alarms,
  };
}

it('takes a known kind with a name for an entity, and a recording rule for a metric', () => {
  expect(['service:cart', 'pod:shop/cart-1'].every(isEntity)).toBe(true);
  expect(['job:http_requests:rate5m', 'services:total', 'request_seconds', '*'].some(isEntity)).toBe(false);
});

describe('a reply of a Cerebro of another version', () => {
  const running = { url: 'http://127.0.0.1:7700', version: '0.0.9' };
  const older = ({ judged: _judged, ...rest }: LiveSeries[number]): unknown => rest;

  it('is read where it only lacks what can be told from the rest', () => {
    const reply = { series: [older(series(31)), older(series(500))], total: 2, threshold };
    expect(readReply(scoresReply, reply, running).series.map(({ judged }) => judged)).toEqual([false, true]);
  });

  it('is refused with both versions, what does not fit, and what to do', () => {
    const refused = (): unknown => readReply(z.object({ total: z.number() }), {}, running);
    expect(refused).toThrow(CerebroError);
    expect(refused).toThrow(
      new RegExp(`7700 \\(version 0\\.0\\.9\\).*\\(version ${version}\\).*total.*start it again`),
    );
    expect(() => readReply(z.number(), 'x', { url: 'http://a' })).toThrow(/version unknown/);
  });
});

describe('what detect says of a running Cerebro', () => {
  it('does not call quiet what it has hardly seen', () => {
    const words = liveWords({ series: [series(31), series(59)], total: 2, threshold });
    expect(words).toContain('none judged of 2 series; 2 seen too little of to be judged (60 points)');
    expect(words).toContain('not judged (31 points known)');
    expect(words).not.toContain('quiet');
    expect(words).not.toContain('nothing abnormal');
  });

  it('says how rare the rarest point of a quiet series is, and what is left out of the count', () => {
    const words = liveWords({ series: [series(500), series(3)], total: 9, threshold });
    expect(words).toContain('nothing abnormal in 1 of 9 series; 1 seen too little of');
    expect(words).toContain('quiet (rarest point 1 in 4; 500 points known)');
  });

  it('does not call quiet what was rare and yet no alarm', () => {
    const words = liveWords({ series: [series(63, [], 0.999999)], total: 1, threshold });
    expect(words).toMatch(/no alarm \(rarest point 1 in 1,000,000, but too small a change.*63 points known\)/);
  });

  it('names a stretch with its investigation', () => {
    const alarm = {
      from: 0,
      to: 60_000,
      value: 0.4,
      usual: 0.1,
      score: 0.9999,
      because: [{ feature: 'level' }],
      investigation: { id: 'watch:1', title: 'latency at cart', status: 'open' },
    };
    const words = liveWords({ series: [series(500, [alarm])], total: 1, threshold });
    expect(words).toContain('1 abnormal stretch in 1 of 1 series');
    expect(words).toMatch(
      /0\.4 where 0\.1 is usual {2}1 in 10,000 {2}because of level {2}investigation: latency at cart \(open\)/,
    );
  });
});
