import type { Question, Role } from '../../domain/question.ts';
import { type Clock, isoOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Logger } from '../../infra/runtime/logger.ts';
import type { Asker } from '../bot.ts';
import { answerMessage, plainMessage, type SlackMessage } from './answer-blocks.ts';
import { type LiveMessage, type MessageClient, openLiveMessage } from './live-message.ts';
import { createProgress } from './progress.ts';

/** A message from Slack, verified and read. `thread` is where the answer goes. */
export interface SlackQuestion {
  team: string;
  channel: string;
  thread: string;
  user: string;
  /** Slack's time of the message, seconds with a fraction. */
  ts: string;
  text: string;
  timeZone: string;
}

/** The question that a Slack message stands for. The asker's now is the message's own time, so that a late delivery means the same. */
export function slackQuestionOf(message: SlackQuestion, roles: Role[]): Question {
  return {
    text: message.text === '' ? 'help' : message.text,
    thread: `slack:${message.team}:${message.channel}:${message.thread}`,
    askedAt: isoOf(Math.round(Number(message.ts) * 1_000)),
    timeZone: message.timeZone,
    principal: { id: `slack:${message.team}:${message.user}`, kind: 'person', roles },
  };
}

/**
 * Asks, and shows the run in one message that is edited in place until the answer stands there. Never throws: a failed run is shown as
 * such. Resolves when the last word is shown.
 */
export async function askInSlack(
  deps: { asker: Asker; client: MessageClient; clock: Clock; logger: Logger },
  question: Question,
  options: { signal: AbortSignal; editEveryMs: number; feedback: boolean },
): Promise<void> {
  let live: LiveMessage | undefined;
  let last: SlackMessage = plainMessage('The run ended without an answer.');
  try {
    const progress = createProgress();
    live = await openLiveMessage(deps, progress.text(), options.editEveryMs);
    for await (const event of deps.asker.ask(question, { signal: options.signal })) {
      progress.push(event);
      if (event.type === 'answer') last = answerMessage(event.answer, { feedback: options.feedback });
      else if (event.type === 'run-end' && event.status === 'failed')
        last = plainMessage(`I could not finish: ${event.error ?? 'the run failed'}`);
      else live.update(progress.text());
    }
  } catch (thrown) {
    const error = CerebroError.from(thrown);
    deps.logger.warn('slack-run-failed', { code: error.code, reason: error.message });
    last = plainMessage(
      options.signal.aborted
        ? 'I am being restarted; please ask again in a minute.'
        : `I could not finish: ${error.message} (${error.code})`,
    );
  }
  await live
    ?.finish(last)
    .catch((thrown: unknown) => deps.logger.error('slack-answer-not-shown', { reason: String(thrown) }));
}
