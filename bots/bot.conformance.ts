import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { question as questionSchema } from '../domain/question.ts';
import type { Bot } from './bot.ts';
import type { FakeAsker } from './fake-asker.ts';

/** A door under test, with the far side of its wire. */
export interface BotHarness {
  bot: Bot;
  asker: FakeAsker;
  /** Sends a verified message as the outside would; `id` tells one message from another. */
  say(text: string, id: string): Promise<void>;
  /** Sends a message with a false signature or token; resolves to the HTTP status. Absent where the transport itself authenticates. */
  sayUnverified?(text: string): Promise<number>;
  /** All that people can read at the far side by now. */
  shown(): string;
  close(): Promise<void>;
}

/** The contract of a door, the same for all: verified senders only, each message once, an answer or a clear failure shown, a clean stop. */
export function describeBot(name: string, open: () => Promise<BotHarness>): void {
  describe(`${name}: door contract`, () => {
    let harness: BotHarness;
    beforeEach(async () => {
      harness = await open();
      await harness.bot.start();
    });
    afterEach(() => harness.close());

    it('turns a message into a question with a principal, and shows the answer', async () => {
      await harness.say('why is checkout slow?', 'first');
      await expect.poll(() => harness.shown()).toContain('checkout is slow since 14:05.');
      expect(harness.asker.asked).toHaveLength(1);
      const { question } = harness.asker.asked[0]!;
      expect(questionSchema.parse(question)).toEqual(question);
      expect(question.text).toContain('checkout');
      expect(question.principal.roles).not.toContain('admin');
    });

    it('asks once when the same message is delivered again', async () => {
      await harness.say('why is checkout slow?', 'same');
      await harness.say('why is checkout slow?', 'same');
      await expect.poll(() => harness.shown()).toContain('checkout is slow since 14:05.');
      await harness.say('why is checkout slow?', 'same');
      expect(harness.asker.asked).toHaveLength(1);
    });

    it('lets nobody in who is not verified', async ({ skip }) => {
      if (harness.sayUnverified === undefined) skip('the transport itself authenticates');
      expect(await harness.sayUnverified!('why is checkout slow?')).toBe(401);
      expect(harness.asker.asked).toHaveLength(0);
    });

    it('withdraws the runs that it waits for when it stops, and stops twice', async () => {
      harness.asker.script({ until: new Promise(() => undefined) });
      await harness.say('why is checkout slow?', 'last');
      await expect.poll(() => harness.asker.asked.length).toBe(1);
      await harness.bot.stop();
      await harness.bot.stop();
      expect(harness.asker.asked[0]?.withdrawn).toBe(true);
    });
  });
}
