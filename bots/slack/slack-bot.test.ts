import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Feedback } from '../../domain/run.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import { createLogger, silentLogger } from '../../infra/runtime/logger.ts';
import { createSecret } from '../../infra/runtime/secret.ts';
import { describeBot } from '../bot.conformance.ts';
import { createFakeAsker } from '../fake-asker.ts';
import { eventBody, openFakeSlack } from './fake-slack.ts';
import { createSlackBot } from './slack-bot.ts';

const signingSecret = 'signing-secret-of-the-test';
const now = (): number => Math.floor(systemClock.now() / 1_000);

const mention = (text: string, ts = `${now()}.000100`): Record<string, unknown> => ({
  type: 'app_mention',
  user: 'U1',
  text: `<@UBOT> ${text}`,
  ts,
  channel: 'C1',
  event_ts: ts,
  team: 'T1',
});

async function openHarness(mode: 'http' | 'socket') {
  const slack = await openFakeSlack();
  const asker = createFakeAsker();
  const feedback: Feedback[] = [];
  const logged: string[] = [];
  const logger = createLogger({ level: 'debug', destination: { write: (line) => void logged.push(line) } });
  const bot = createSlackBot(
    { asker, clock: systemClock, logger, feedback: { addFeedback: (given) => void feedback.push(given) } },
    {
      botToken: createSecret('xoxb-the-bot-token'),
      ...(mode === 'http'
        ? { signingSecret: createSecret(signingSecret), port: 0 }
        : { appToken: createSecret('xapp-the-app-token') }),
      slackApiUrl: slack.apiUrl,
      editEveryMs: 20,
    },
  );
  const times = new Map<string, string>();
  const deliver = (body: unknown, sign: Partial<{ secret: string; at: number; form: boolean; retry: number }> = {}) =>
    slack.deliver(bot.port() ?? 0, body, { secret: signingSecret, at: now(), ...sign });
  const send = async (id: string, event: Record<string, unknown>, sign: { retry?: number } = {}): Promise<void> => {
    if (mode === 'socket') await slack.push('events_api', eventBody(id, event));
    else expect((await deliver(eventBody(id, event), sign)).status).toBe(200);
  };
  const shown = (): string => JSON.stringify([...slack.messages.values()]);
  return {
    bot,
    asker,
    slack,
    feedback,
    logged,
    deliver,
    send,
    shown,
    say: (text: string, id: string) => {
      const ts = times.get(id) ?? `${now()}.${String(times.size + 1).padStart(6, '0')}`;
      times.set(id, ts);
      return send(id, mention(text, ts), times.size > 0 ? { retry: 1 } : {});
    },
    close: async () => {
      await bot.stop();
      await slack.close();
    },
  };
}

describeBot('slack over HTTP', async () => {
  const harness = await openHarness('http');
  const sayUnverified = async (text: string): Promise<number> =>
    (await harness.deliver(eventBody('forged', mention(text)), { secret: 'a-guess' })).status;
  return { ...harness, sayUnverified };
});
describeBot('slack in Socket Mode', () => openHarness('socket'));

describe('slack bot', () => {
  let harness: Awaited<ReturnType<typeof openHarness>>;
  beforeEach(async () => {
    harness = await openHarness('http');
    await harness.bot.start();
  });
  afterEach(() => harness.close());
  const answered = async (): Promise<void> => {
    await expect.poll(() => harness.shown()).toContain('checkout is slow since 14:05.');
  };

  it('asks as the person, in their time zone, at the time of the message', async () => {
    const ts = `${now() - 30}.000200`;
    await harness.send('E1', { ...mention('why is &lt;checkout&gt; slow?', ts), thread_ts: '1700000000.000001' });
    await answered();
    expect(harness.asker.asked[0]?.question).toMatchObject({
      text: 'why is <checkout> slow?',
      thread: 'slack:T1:C1:1700000000.000001',
      timeZone: 'Europe/Berlin',
      principal: { id: 'slack:T1:U1', kind: 'person', roles: ['viewer'] },
    });
    expect(Date.parse(harness.asker.asked[0]!.question.askedAt)).toBe(Math.round(Number(ts) * 1_000));
    expect([...harness.slack.messages.values()]).toMatchObject([{ channel: 'C1', thread: '1700000000.000001' }]);
  });

  it('shows steps in one message that becomes the answer', async () => {
    let release = (): void => undefined;
    harness.asker.script({ until: new Promise<void>((resolve) => void (release = resolve)) });
    await harness.send('E1', mention('why is checkout slow?'));
    await expect.poll(() => harness.shown()).toContain('find_anomalies: 3 anomalies');
    release();
    await answered();
    expect(harness.slack.messages.size).toBe(1);
    const [message] = harness.slack.messages.values();
    expect(JSON.stringify(message?.blocks)).toContain('`ev_0123456789abcdef`');
    expect(JSON.stringify(message?.blocks)).not.toContain('Working on it');
    expect(
      harness.slack.calls
        .filter(({ method }) => method.startsWith('chat.'))
        .every(({ token }) => token === 'xoxb-the-bot-token'),
    ).toBe(true);
  });

  it('hears direct messages, and neither itself, other bots, edits, channel chatter nor guests', async () => {
    const direct = {
      type: 'message',
      channel_type: 'im',
      channel: 'D1',
      user: 'U1',
      text: 'is checkout healthy?',
      team: 'T1',
    };
    await harness.send('N1', { ...direct, ts: `${now()}.1`, user: 'UBOT' });
    await harness.send('N2', { ...direct, ts: `${now()}.2`, bot_id: 'BOTHER' });
    await harness.send('N3', { ...direct, ts: `${now()}.3`, subtype: 'message_changed' });
    await harness.send('N4', { ...direct, ts: `${now()}.4`, channel_type: 'channel' });
    await harness.send('N5', { ...direct, ts: `${now()}.5`, user_team: 'TOTHER' });
    await harness.send('Y1', { ...direct, ts: `${now()}.6` });
    await answered();
    expect(harness.asker.asked.map(({ question }) => question.text)).toEqual(['is checkout healthy?']);
  });

  it('takes a message once that comes as two events', async () => {
    const ts = `${now()}.000300`;
    await harness.send('E1', {
      type: 'message',
      channel_type: 'im',
      channel: 'D1',
      user: 'U1',
      text: 'is checkout healthy?',
      ts,
    });
    await harness.send('E2', { ...mention('is checkout healthy?', ts), channel: 'D1' });
    await answered();
    expect(harness.asker.asked).toHaveLength(1);
    expect(harness.slack.messages.size).toBe(1);
  });

  it('refuses a stale signature, no signature and a forged one', async () => {
    const body = eventBody('E1', mention('hello'));
    expect((await harness.deliver(body, { at: now() - 3_600 })).status).toBe(401);
    expect((await harness.deliver(body, { secret: 'wrong' })).status).toBe(401);
    expect(
      (await fetch(`http://127.0.0.1:${harness.bot.port()}/slack/events`, { method: 'POST', body: '{}' })).status,
    ).toBe(401);
    expect(harness.asker.asked).toHaveLength(0);
  });

  it('answers the URL check of a new endpoint', async () => {
    const reply = await harness.deliver({ type: 'url_verification', challenge: 'abc' });
    expect(reply).toMatchObject({ status: 200, text: expect.stringContaining('abc') });
  });

  it('records what people say of an answer, and takes the buttons away', async () => {
    await harness.send('E1', mention('why is checkout slow?'));
    await answered();
    const [ts, message] = [...harness.slack.messages][0]!;
    const press = {
      type: 'block_actions',
      user: { id: 'U2' },
      team: { id: 'T1' },
      channel: { id: 'C1' },
      api_app_id: 'A1',
      message: { type: 'message', ts, text: message.text, blocks: message.blocks },
      actions: [{ type: 'button', action_id: 'cerebro_wrong', block_id: 'b', value: 'run_1', action_ts: '1' }],
    };
    expect((await harness.deliver(press, { form: true })).status).toBe(200);
    await expect.poll(() => harness.feedback).toMatchObject([{ run: 'run_1', by: 'slack:T1:U2', right: false }]);
    await expect.poll(() => harness.shown()).toContain('Marked as not right by <@U2>');
    expect(harness.shown()).not.toContain('"button"');
  });

  it('tells of a failed run and of an asker that throws', async () => {
    harness.asker.script({ failure: 'no source <!channel> answered' }, { throws: new Error('boom') });
    await harness.send('E1', mention('one', `${now()}.1`));
    await expect.poll(() => harness.shown()).toContain('I could not finish: no source');
    expect(harness.shown()).not.toContain('<!channel>');
    await harness.send('E2', mention('two', `${now()}.2`));
    await expect.poll(() => harness.shown()).toContain('I could not finish: boom');
  });

  it('posts the answer anew when the message is gone', async () => {
    harness.slack.fail('chat.update', 'message_not_found', 10);
    await harness.send('E1', mention('why is checkout slow?'));
    await answered();
    expect(harness.slack.messages.size).toBe(2);
  });

  it('logs neither secrets nor what people wrote', async () => {
    await harness.send('E1', mention('my private words'));
    await harness.deliver(eventBody('E2', mention('x')), { secret: 'wrong' });
    await answered();
    expect(harness.logged.join('')).toContain('bot-started');
    expect(harness.logged.join('')).not.toMatch(/xoxb-|signing-secret|private words/);
  });
});

describe('slack bot in Socket Mode', () => {
  it('connects again when the socket drops', async () => {
    const harness = await openHarness('socket');
    await harness.bot.start();
    harness.slack.dropSockets();
    await expect
      .poll(() => harness.slack.calls.filter(({ method }) => method === 'apps.connections.open').length, {
        timeout: 8_000,
      })
      .toBe(2);
    await expect.poll(() => harness.slack.sockets(), { timeout: 8_000 }).toBe(1);
    await harness.say('why is checkout slow?', 'after');
    await expect.poll(() => harness.shown()).toContain('checkout is slow since 14:05.');
    expect(harness.slack.calls.find(({ method }) => method === 'apps.connections.open')?.token).toBe(
      'xapp-the-app-token',
    );
    await harness.close();
  });

  it('needs one of the two secrets', () => {
    const make = () =>
      createSlackBot(
        { asker: createFakeAsker(), clock: systemClock, logger: silentLogger },
        { botToken: createSecret('x') },
      );
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
