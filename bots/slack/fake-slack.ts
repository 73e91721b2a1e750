import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/** A call of the Web API as it came over the wire; `blocks` is parsed. */
export interface SlackCall {
  method: string;
  token: string;
  args: Record<string, unknown>;
}

/** Slack on loopback: the Web API, Socket Mode, and the sender of signed events. */
export interface FakeSlack {
  apiUrl: string;
  calls: SlackCall[];
  /** The messages of all channels as people see them now, by their `ts`. */
  messages: Map<string, { channel: string; thread: string; text: string; blocks: unknown[]; edits: number }>;
  /** Makes the next calls of a method fail with this Slack error. */
  fail(method: string, error: string, times?: number): void;
  /** Posts a body to the bot's HTTP endpoint, signed with `secret` as of `at` (seconds); resolves to status and text. */
  deliver(
    port: number,
    body: unknown,
    sign: { secret: string; at: number; form?: boolean; retry?: number },
  ): Promise<{ status: number; text: string }>;
  /** Sends an envelope down the socket and resolves when the bot has acknowledged it. */
  push(type: 'events_api' | 'interactive', payload: unknown): Promise<void>;
  sockets(): number;
  dropSockets(): void;
  close(): Promise<void>;
}

export async function openFakeSlack(): Promise<FakeSlack> {
  const calls: SlackCall[] = [];
  const messages: FakeSlack['messages'] = new Map();
  const failures = new Map<string, { error: string; times: number }>();
  const acknowledged = new Map<string, () => void>();
  const sockets = new Set<WebSocket>();
  let counter = 0;
  let port = 0;

  const reply = (call: SlackCall): Record<string, unknown> => {
    const failure = failures.get(call.method);
    if (failure !== undefined && failure.times > 0) {
      failure.times -= 1;
      return { ok: false, error: failure.error };
    }
    const { args } = call;
    const stringOf = (name: string): string => (typeof args[name] === 'string' ? args[name] : '');
    if (call.method === 'auth.test')
      return { ok: true, user_id: 'UBOT', bot_id: 'BBOT', team_id: 'T1', team: 'test', user: 'cerebro' };
    if (call.method === 'users.info') return { ok: true, user: { id: stringOf('user'), tz: 'Europe/Berlin' } };
    if (call.method === 'apps.connections.open') return { ok: true, url: `ws://127.0.0.1:${port}/link` };
    const content = { text: stringOf('text'), blocks: Array.isArray(args['blocks']) ? args['blocks'] : [] };
    if (call.method === 'chat.postMessage') {
      counter += 1;
      const ts = `1800000000.${String(counter).padStart(6, '0')}`;
      messages.set(ts, { channel: stringOf('channel'), thread: stringOf('thread_ts'), edits: 0, ...content });
      return { ok: true, ts, channel: args['channel'] };
    }
    if (call.method === 'chat.update') {
      const message = messages.get(stringOf('ts'));
      if (message === undefined) return { ok: false, error: 'message_not_found' };
      messages.set(stringOf('ts'), { ...message, ...content, edits: message.edits + 1 });
    }
    return { ok: true, ts: args['ts'] };
  };

  const server = createServer((request, response) => {
    void readBody(request).then((body) => answer(request, response, body));
  });
  const answer = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const authorization = request.headers.authorization ?? '';
    const call = {
      method: (request.url ?? '').replace('/api/', ''),
      token: authorization.replace('Bearer ', ''),
      args: argumentsOf(body),
    };
    calls.push(call);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply(call)));
  };
  const gateway = new WebSocketServer({ server });
  gateway.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (data: Buffer) => {
      const id = String(memberOf(JSON.parse(data.toString()), 'envelope_id'));
      acknowledged.get(id)?.();
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;

  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    calls,
    messages,
    fail: (method, error, times = 1) => failures.set(method, { error, times }),
    async deliver(botPort, body, sign) {
      const text = sign.form === true ? `payload=${encodeURIComponent(JSON.stringify(body))}` : JSON.stringify(body);
      const signature = `v0=${createHmac('sha256', sign.secret).update(`v0:${sign.at}:${text}`).digest('hex')}`;
      const response = await fetch(`http://127.0.0.1:${botPort}/slack/events`, {
        method: 'POST',
        body: text,
        headers: {
          'content-type': sign.form === true ? 'application/x-www-form-urlencoded' : 'application/json',
          'x-slack-request-timestamp': String(sign.at),
          'x-slack-signature': signature,
          ...(sign.retry === undefined
            ? {}
            : { 'x-slack-retry-num': String(sign.retry), 'x-slack-retry-reason': 'http_timeout' }),
        },
      });
      return { status: response.status, text: await response.text() };
    },
    push: (type, payload) =>
      new Promise((resolve) => {
        counter += 1;
        const id = `envelope-${counter}`;
        acknowledged.set(id, resolve);
        for (const socket of sockets)
          socket.send(JSON.stringify({ type, envelope_id: id, payload, accepts_response_payload: false }));
      }),
    sockets: () => sockets.size,
    dropSockets: () => {
      for (const socket of sockets) socket.terminate();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.terminate();
        gateway.close();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The body of an Events API delivery. */
export function eventBody(eventId: string, event: Record<string, unknown>): Record<string, unknown> {
  const authorizations = [
    { enterprise_id: null, team_id: 'T1', user_id: 'UBOT', is_bot: true, is_enterprise_install: false },
  ];
  return {
    token: 'legacy',
    team_id: 'T1',
    api_app_id: 'A1',
    type: 'event_callback',
    event_id: eventId,
    event_time: 1_800_000_000,
    authorizations,
    event,
  };
}

function argumentsOf(body: string): Record<string, unknown> {
  const whole: unknown = body.startsWith('{') ? JSON.parse(body) : undefined;
  if (typeof whole === 'object' && whole !== null) return Object.fromEntries(Object.entries(whole));
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]): [string, unknown] => [
      name,
      /^[[{]/.test(value) ? JSON.parse(value) : value,
    ]),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) body += String(part);
  return body;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}
