import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { plainMessage } from './answer-blocks.ts';
import { openLiveMessage } from './live-message.ts';
import { createSeenEvents } from './seen-events.ts';

function openClient() {
  const sent: { at: number; text: string }[] = [];
  const base = createFakeClock(0);
  const waits: (() => void)[] = [];
  // Sleeps end when the test says so, as time would.
  const clock = {
    ...base,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        waits.push(() => {
          base.advance(ms);
          resolve();
        });
      }),
  };
  const client = {
    post: ({ text }: { text: string }) => {
      sent.push({ at: base.now(), text });
      return Promise.resolve('ts-1');
    },
    update: (_ts: string, { text }: { text: string }) => {
      sent.push({ at: base.now(), text });
      return Promise.resolve();
    },
  };
  return {
    sent,
    clock,
    client,
    pass: () => waits.splice(0).forEach((end) => end()),
    deps: { client, clock, logger: silentLogger },
  };
}

describe('live message', () => {
  it('edits at most once in an interval, with the newest text only', async () => {
    const fake = openClient();
    const live = await openLiveMessage(fake.deps, 'start', 1_000);
    for (const text of ['one', 'two', 'three']) live.update(text);
    expect(fake.sent).toHaveLength(1);
    fake.pass();
    await expect.poll(() => fake.sent).toHaveLength(2);
    live.update('four');
    live.update('three');
    await live.finish(plainMessage('end'));
    expect(fake.sent.map(({ text }) => text)).toEqual(['start', 'three', 'end']);
    expect(fake.sent[1]?.at).toBe(1_000);
  });

  it('waits for an edit under way before the last one', async () => {
    const fake = openClient();
    let land = (): void => undefined;
    const update = async (ts: string, message: { text: string }): Promise<void> => {
      if (message.text !== 'end') await new Promise<void>((resolve) => void (land = resolve));
      await fake.client.update(ts, message);
    };
    const live = await openLiveMessage({ ...fake.deps, client: { ...fake.client, update } }, 'start', 0);
    live.update('slow');
    fake.pass();
    const before = land;
    await expect.poll(() => land !== before).toBe(true);
    const finished = live.finish(plainMessage('end'));
    land();
    await finished;
    expect(fake.sent.map(({ text }) => text)).toEqual(['start', 'slow', 'end']);
  });

  it('shows nothing after its end', async () => {
    const fake = openClient();
    const live = await openLiveMessage(fake.deps, 'start', 1_000);
    live.update('late');
    await live.finish(plainMessage('end'));
    fake.pass();
    await Promise.resolve();
    expect(fake.sent.at(-1)?.text).toBe('end');
  });
});

describe('seen events', () => {
  it('knows a second delivery, forgets after a while, and stays small', () => {
    const clock = createFakeClock(0);
    const seen = createSeenEvents({ clock }, 1_000, 3);
    expect([seen.first('a'), seen.first('a')]).toEqual([true, false]);
    clock.advance(1_001);
    expect(seen.first('a')).toBe(true);
    for (const key of ['b', 'c', 'd']) seen.first(key);
    expect(seen.first('a')).toBe(true);
  });
});
