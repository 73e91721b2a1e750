import type { Clock } from '../../infra/runtime/clock.ts';
import type { Logger } from '../../infra/runtime/logger.ts';
import { plainMessage, type SlackMessage } from './answer-blocks.ts';

/** The two calls of the Slack Web API that a live message needs. */
export interface MessageClient {
  post(message: SlackMessage): Promise<string>;
  update(ts: string, message: SlackMessage): Promise<void>;
}

/** One message that is edited in place while work goes on. `update` never throws and never waits; `finish` shows the last word. */
export interface LiveMessage {
  update(text: string): void;
  finish(message: SlackMessage): Promise<void>;
}

/**
 * Posts the message and keeps it current: at most one edit in `intervalMs` (Slack allows about one a second), only the newest text,
 * nothing when unchanged. A failed edit is logged; when the last one fails, the answer is posted anew.
 */
export async function openLiveMessage(
  deps: { client: MessageClient; clock: Clock; logger: Logger },
  text: string,
  intervalMs: number,
): Promise<LiveMessage> {
  const { client, clock, logger } = deps;
  const ts = await client.post(plainMessage(text));
  const ended = new AbortController();
  let shown = text;
  let wanted = text;
  let last = clock.now();
  let pump: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (wanted !== shown && !ended.signal.aborted) {
      await clock.sleep(Math.max(0, last + intervalMs - clock.now()), ended.signal);
      shown = wanted;
      last = clock.now();
      await client.update(ts, plainMessage(shown));
    }
  };
  return {
    update(next) {
      wanted = next;
      pump ??= run()
        .catch((thrown: unknown) => {
          if (!ended.signal.aborted) logger.warn('slack-update-failed', { reason: String(thrown) });
        })
        .finally(() => {
          pump = undefined;
        });
    },
    async finish(message) {
      ended.abort();
      // An edit under way must land before the last one, or it would overwrite the answer.
      await pump;
      try {
        await client.update(ts, message);
      } catch (thrown) {
        logger.warn('slack-update-failed', { reason: String(thrown) });
        await client.post(message);
      }
    },
  };
}
