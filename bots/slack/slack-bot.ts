import type * as boltModule from '@slack/bolt';
import type { Role } from '../../domain/question.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Logger } from '../../infra/runtime/logger.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import type { Asker, Bot, FeedbackSink } from '../bot.ts';
import { feedbackActions, withFeedbackNoted } from './answer-blocks.ts';
import { askInSlack, slackQuestionOf } from './ask-in-slack.ts';
import { createBoltLogger } from './bolt-logger.ts';
import type { MessageClient } from './live-message.ts';
import { createSeenEvents } from './seen-events.ts';
import { readMessageText } from './slack-text.ts';

export interface SlackBotDeps {
  asker: Asker;
  clock: Clock;
  logger: Logger;
  /** Where "was this right?" goes; without it no buttons are shown. */
  feedback?: FeedbackSink;
}

export interface SlackBotOptions {
  botToken: Secret;
  /** For HTTP: every request must be signed with it. */
  signingSecret?: Secret;
  /** For Socket Mode, which is used when this is set: no port is opened. */
  appToken?: Secret;
  /** For HTTP: where to listen; 0 takes a free port. Put a TLS proxy in front: Slack calls `POST /slack/events`. */
  port?: number;
  host?: string;
  /** The root of the Web API, for proxies and tests. */
  slackApiUrl?: string;
  /** Milliseconds between edits of a message. */
  editEveryMs?: number;
  /** What a person of the workspace may do; `viewer` unless told. */
  roles?: Role[];
  /** Used for people whose time zone Slack does not tell. */
  timeZone?: string;
}

/** Slack's own retry of a call that was throttled; more would hold a run back for minutes. */
const webRetries = { retries: 3, factor: 2, minTimeout: 500, maxTimeout: 5_000 };

/**
 * The Slack door, over HTTP (signed) or Socket Mode: a mention or direct message in, one message edited in place while the run goes on,
 * the answer in the thread, feedback by buttons. Each event is taken once; the bot's own messages, other bots and people of other
 * workspaces are not heard. Bolt is loaded on `start`. Throws CONFIG_INVALID when neither secret is given.
 */
export function createSlackBot(deps: SlackBotDeps, options: SlackBotOptions): Bot & { port(): number | undefined } {
  if (options.appToken === undefined && options.signingSecret === undefined) {
    throw new CerebroError(
      'CONFIG_INVALID',
      'The Slack door needs a signing secret (HTTP) or an app token (Socket Mode).',
    );
  }
  const logger = deps.logger.child({ bot: 'slack' });
  const seen = createSeenEvents(deps);
  const timeZones = new Map<string, string>();
  const running = new Set<Promise<void>>();
  let stopping = new AbortController();
  let app: boltModule.App | undefined;
  let port: number | undefined;

  const timeZoneOf = async (client: boltModule.webApi.WebClient, user: string): Promise<string> => {
    const known = timeZones.get(user);
    if (known !== undefined) return known;
    const found = await client.users.info({ user }).then(
      (reply) => reply.user?.tz,
      () => undefined,
    );
    const timeZone = found ?? options.timeZone ?? 'UTC';
    if (timeZones.size < 10_000) timeZones.set(user, timeZone);
    return timeZone;
  };

  const take = async (
    client: boltModule.webApi.WebClient,
    event: IncomingMessage,
    botUser: string | undefined,
  ): Promise<void> => {
    const thread = event.thread_ts ?? event.ts;
    const timeZone = await timeZoneOf(client, event.user);
    const message = {
      team: event.team,
      channel: event.channel,
      thread,
      user: event.user,
      ts: event.ts,
      text: readMessageText(event.text, botUser),
      timeZone,
    };
    const question = slackQuestionOf(message, options.roles ?? ['viewer']);
    const asked = askInSlack({ ...deps, logger, client: messageClient(client, event.channel, thread) }, question, {
      signal: stopping.signal,
      editEveryMs: options.editEveryMs ?? 1_200,
      feedback: deps.feedback !== undefined,
    });
    running.add(asked);
    await asked.finally(() => running.delete(asked));
  };

  const hear = async ({ client, body, context, event }: Heard): Promise<void> => {
    const incoming = readIncoming(event, body.team_id);
    if (incoming === undefined || stopping.signal.aborted) return;
    // A retry has the id of its event, but one message can also come as two events; so it is the message that must be new.
    if (!seen.first(`${incoming.channel}:${incoming.ts}`)) return;
    await take(client, incoming, context.botUserId);
  };

  const open = async (): Promise<boltModule.App> => {
    const bolt = await import('@slack/bolt');
    const clientOptions = {
      retryConfig: webRetries,
      ...(options.slackApiUrl === undefined ? {} : { slackApiUrl: `${options.slackApiUrl.replace(/\/+$/, '')}/` }),
    };
    const boltLogger = createBoltLogger(logger);
    const receiver =
      options.appToken === undefined
        ? new bolt.HTTPReceiver({ signingSecret: options.signingSecret?.reveal() ?? '', logger: boltLogger })
        : new bolt.SocketModeReceiver({
            appToken: options.appToken.reveal(),
            logger: boltLogger,
            installerOptions: { clientOptions },
          });
    const opened = new bolt.App({
      token: options.botToken.reveal(),
      receiver,
      logger: boltLogger,
      clientOptions,
      deferInitialization: true,
    });
    opened.event('app_mention', hear);
    opened.event('message', async (args) => {
      if (args.event.channel_type === 'im') await hear(args);
    });
    for (const [name, action] of Object.entries(feedbackActions)) {
      opened.action<boltModule.BlockAction<boltModule.ButtonAction>>(action, async ({ ack, body, client }) => {
        await ack();
        await noteFeedback(deps, { body, client, right: name === 'right', logger });
      });
    }
    opened.error((error) => {
      logger.error('slack-handler-failed', { reason: error.message });
      return Promise.resolve();
    });
    await opened.init();
    if (options.appToken === undefined) {
      const server = await opened.start({ port: options.port ?? 3_000, host: options.host ?? '127.0.0.1' });
      port = portOf(server);
    } else await opened.start();
    return opened;
  };

  return {
    name: 'slack',
    port: () => port,
    async start() {
      if (app !== undefined) return;
      stopping = new AbortController();
      app = await open();
      logger.info('bot-started', { mode: options.appToken === undefined ? 'http' : 'socket' });
    },
    async stop() {
      const closing = app;
      app = undefined;
      stopping.abort(new CerebroError('CANCELLED', 'The Slack door is closing.'));
      await closing?.stop();
      await Promise.allSettled(running);
    },
  };
}

interface Heard {
  client: boltModule.webApi.WebClient;
  body: { team_id: string };
  context: { botUserId?: string };
  event: object;
}

interface IncomingMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  user: string;
  team: string;
  text: string;
}

/** A person's new message in this workspace; undefined for edits, joins, bots and guests from other workspaces. (Bolt drops our own.) */
function readIncoming(event: object, team: string): IncomingMessage | undefined {
  const fields = new Map<string, unknown>(Object.entries(event));
  const textOf = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [channel, ts, user, subtype] = [textOf('channel'), textOf('ts'), textOf('user'), textOf('subtype')];
  if (channel === undefined || ts === undefined || user === undefined || !/^\d+(\.\d+)?$/.test(ts)) return undefined;
  if (
    textOf('bot_id') !== undefined ||
    (subtype !== undefined && subtype !== 'thread_broadcast' && subtype !== 'file_share')
  )
    return undefined;
  if ([textOf('user_team'), textOf('source_team')].some((other) => other !== undefined && other !== team))
    return undefined;
  const thread = textOf('thread_ts');
  return {
    channel,
    ts,
    user,
    team,
    text: textOf('text') ?? '',
    ...(thread === undefined ? {} : { thread_ts: thread }),
  };
}

function messageClient(client: boltModule.webApi.WebClient, channel: string, thread: string): MessageClient {
  return {
    post: async ({ text, blocks }) => {
      const quiet = { unfurl_links: false, unfurl_media: false, parse: 'none', link_names: false } as const;
      const posted = await client.chat.postMessage({ channel, thread_ts: thread, text, blocks, ...quiet });
      return posted.ts ?? '';
    },
    update: async (ts, { text, blocks }) => {
      await client.chat.update({ channel, ts, text, blocks, parse: 'none', link_names: false });
    },
  };
}

interface FeedbackGiven {
  body: boltModule.BlockAction<boltModule.ButtonAction>;
  client: boltModule.webApi.WebClient;
  right: boolean;
  logger: Logger;
}

async function noteFeedback(deps: SlackBotDeps, { body, client, right, logger }: FeedbackGiven): Promise<void> {
  const run = body.actions[0]?.value;
  const channel = body.channel?.id;
  const message = body.message;
  if (run === undefined || channel === undefined || message === undefined) return;
  try {
    await deps.feedback?.addFeedback({
      run,
      at: deps.clock.iso(),
      by: `slack:${body.team?.id ?? ''}:${body.user.id}`,
      right,
    });
  } catch (thrown) {
    logger.warn('feedback-not-kept', { reason: String(thrown) });
    await client.chat.postEphemeral({
      channel,
      user: body.user.id,
      text: 'That could not be recorded; please try again.',
    });
    return;
  }
  const blocks: unknown = message['blocks'];
  const noted = withFeedbackNoted(Array.isArray(blocks) ? blocks : [], right, body.user.id);
  await client.chat.update({ channel, ts: message.ts, text: message.text ?? '', blocks: noted });
}

function portOf(server: unknown): number | undefined {
  if (typeof server !== 'object' || server === null || !('address' in server) || typeof server.address !== 'function')
    return undefined;
  const address: unknown = server.address();
  return typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : undefined;
}
