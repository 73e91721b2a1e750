import { describe, expect, it } from 'vitest';
import { createFakeConsole } from '../fake-console.ts';
import type { FakeConsole } from '../fake-console.ts';
import { runEvent } from '../../../domain/run.ts';
import { createSecret } from '../../../infra/runtime/secret.ts';
import { createConsole } from './create-console.ts';
import type { ConsoleOptions } from './create-console.ts';

const now = '2026-11-02T09:40:00.000Z';
const own = { host: '127.0.0.1:7700', 'x-cerebro': '1' };

function setUp(options: ConsoleOptions = {}, change: Partial<FakeConsole> = {}) {
  const deps = { ...createFakeConsole(now), ...change };
  return { deps, app: createConsole(deps, options) };
}

describe('the console server: who may talk to it', () => {
  it('answers on loopback names and refuses other hosts, so that DNS cannot be rebound to it', async () => {
    const { app } = setUp();
    for (const host of ['127.0.0.1:7700', 'localhost:7700', '[::1]:7700', 'localhost']) {
      expect((await app.inject({ url: '/api/about', headers: { host } })).statusCode).toBe(200);
    }
    for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.7:7700']) {
      const reply = await app.inject({ url: '/api/about', headers: { host } });
      expect(reply.statusCode).toBe(403);
      expect(reply.json()).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('lets a probe in under any host, and tells it nothing', async () => {
    const reply = await setUp().app.inject({ url: '/healthz', headers: { host: 'pod-7.internal' } });
    expect(reply.json()).toEqual({ status: 'ok' });
  });

  it('refuses a foreign origin and cross-site fetches, but lets a person follow a link', async () => {
    const { app } = setUp();
    const statusOf = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/', headers: { ...own, ...headers } })).statusCode;
    expect(await statusOf({ origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf({ origin: 'null' })).toBe(403);
    expect(await statusOf({ origin: 'http://127.0.0.1:9999' })).toBe(403);
    expect(await statusOf({ origin: 'http://127.0.0.1:7700' })).toBe(200);
    expect(await statusOf({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toBe(403);
    expect(await statusOf({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(200);
  });

  it('changes nothing without its own header (CSRF)', async () => {
    const { app, deps } = setUp();
    const payload = { run: 'run-1', right: true };
    const bare = await app.inject({ method: 'POST', url: '/api/feedback', payload, headers: { host: own.host } });
    expect(bare.statusCode).toBe(403);
    expect(deps.feedback).toEqual([]);
    const form = await app.inject({
      method: 'POST',
      url: '/api/feedback',
      payload: 'run=1',
      headers: { ...own, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.statusCode).toBe(415);
  });

  it('sends a strict content security policy with every reply, refusals too', async () => {
    const { app } = setUp();
    for (const headers of [own, { host: 'evil.example' }]) {
      const reply = await app.inject({ url: '/api/about', headers });
      expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
      expect(reply.headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(reply.headers['content-security-policy']).not.toContain('unsafe');
      expect(reply.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('guards what others mount on the port by host and origin, and leaves the rest to them', async () => {
    const { app } = setUp(
      { token: createSecret('swordfish') },
      {
        mount: (scope) => {
          scope.post('/webhooks/alerts', () => ({ taken: true }));
        },
      },
    );
    const post = { method: 'POST', url: '/webhooks/alerts', payload: {} } as const;
    expect((await app.inject({ ...post, headers: { host: own.host } })).json()).toEqual({ taken: true });
    expect((await app.inject({ ...post, headers: { host: 'evil.example' } })).statusCode).toBe(403);
  });
});

describe('the console server: log-in', () => {
  const token = createSecret('swordfish');

  it('needs a token off loopback', () => {
    expect(() => setUp({ host: '0.0.0.0' })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('opens a session for the token, in a cookie that scripts and other sites cannot use', async () => {
    const { app } = setUp({ host: '0.0.0.0', token, secure: true, allowedHosts: ['cerebro.example'] });
    const headers = { ...own, host: 'cerebro.example' };
    expect((await app.inject({ url: '/api/about', headers })).statusCode).toBe(401);
    expect((await app.inject({ url: '/metrics', headers })).statusCode).toBe(401);
    const reply = await app.inject({ method: 'POST', url: '/api/session', headers, payload: { token: 'swordfish' } });
    const cookie = String(reply.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Secure/);
    const session = cookie.split(';')[0] ?? '';
    expect(session).not.toContain('swordfish');
    expect((await app.inject({ url: '/api/about', headers: { ...headers, cookie: session } })).statusCode).toBe(200);
    await app.inject({ method: 'DELETE', url: '/api/session', headers: { ...headers, cookie: session } });
    expect((await app.inject({ url: '/api/about', headers: { ...headers, cookie: session } })).statusCode).toBe(401);
  });

  it('ends a session after twelve hours', async () => {
    const { app, deps } = setUp({ token });
    const reply = await app.inject({
      method: 'POST',
      url: '/api/session',
      headers: own,
      payload: { token: 'swordfish' },
    });
    const cookie = String(reply.headers['set-cookie']).split(';')[0] ?? '';
    await deps.clock.sleep(12 * 3_600_000 + 1);
    expect((await app.inject({ url: '/api/about', headers: { ...own, cookie } })).statusCode).toBe(401);
  });

  it('takes the token as a bearer for scripts', async () => {
    const { app } = setUp({ token });
    const reply = await app.inject({ url: '/metrics', headers: { ...own, authorization: 'Bearer swordfish' } });
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toContain('cerebro_runs_total');
  });

  it('slows down guessing: after ten wrong tokens even the right one waits a minute', async () => {
    const { app, deps } = setUp({ token });
    const logIn = (guess: string) =>
      app.inject({ method: 'POST', url: '/api/session', headers: own, payload: { token: guess } });
    for (let guess = 0; guess < 10; guess += 1) expect((await logIn(`guess-${guess}`)).statusCode).toBe(401);
    expect((await logIn('swordfish')).json()).toMatchObject({ code: 'RATE_LIMITED' });
    await deps.clock.sleep(60_001);
    expect((await logIn('swordfish')).statusCode).toBe(200);
  });
});

describe('the console server: reading', () => {
  it('lists investigations as short rows and gives one with its answers', async () => {
    const { app } = setUp();
    const list = (await app.inject({ url: '/api/investigations', headers: own })).json();
    expect(list.investigations[0]).toMatchObject({ id: 'inv-31', alerts: 1, verdict: 'cause', grade: 'proven' });
    expect(list.investigations[0]).not.toHaveProperty('answer');
    const one = (await app.inject({ url: '/api/investigations/inv-31', headers: own })).json();
    expect(one.answers[0].diagnosis.hypotheses).toHaveLength(2);
  });

  it('pages through evidence', async () => {
    const { app, deps } = setUp();
    const logs = deps.incident.evidence.find((one) => one.kind === 'logs');
    const reply = await app.inject({ url: `/api/evidence/${logs?.id}?offset=100&limit=50`, headers: own });
    expect(reply.json()).toMatchObject({ total: 120, offset: 100, evidence: { tainted: true } });
    expect(reply.json().items).toHaveLength(20);
  });

  it('gives series to draw: gauges as they are, counters as rates', async () => {
    const { app, deps } = setUp();
    const idOf = (digest: string) => deps.incident.evidence.find((one) => one.digest.startsWith(digest))?.id;
    const gauges = (
      await app.inject({ url: `/api/evidence/${idOf('p95 latency')}/series?points=100`, headers: own })
    ).json();
    expect(gauges.total).toBe(3);
    expect(gauges.series[0].samples.length).toBeLessThanOrEqual(100);
    const rates = (await app.inject({ url: `/api/evidence/${idOf('checkout errors')}/series`, headers: own })).json();
    expect(rates.series[0].per).toBe('second');
    expect(Math.max(...rates.series[0].samples.map((sample: [number, number]) => sample[1]))).toBeLessThan(5);
  });

  it('says what is wrong with a request as code and message', async () => {
    const { app } = setUp();
    const cases = [
      ['/api/evidence/ev_0000000000000000', 404, 'NOT_FOUND'],
      ['/api/evidence/..%2f..%2fetc', 400, 'INPUT_INVALID'],
      ['/api/evidence/ev_0000000000000000?limit=-1', 404, 'NOT_FOUND'],
      ['/api/investigations/none', 404, 'NOT_FOUND'],
      ['/api/investigations?limit=100000', 400, 'INPUT_INVALID'],
      ['/nowhere', 404, 'NOT_FOUND'],
    ] as const;
    for (const [url, status, code] of cases) {
      const reply = await app.inject({ url, headers: own });
      expect([url, reply.statusCode]).toEqual([url, status]);
      expect(reply.json()).toEqual({ code, message: expect.any(String) });
    }
  });

  it('does not tell our defects to the outside', async () => {
    const { app } = setUp(
      {},
      { topology: { read: () => Promise.reject(new Error('password=hunter2 in /srv/secret')) } },
    );
    const reply = await app.inject({ url: '/api/topology', headers: own });
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toContain('hunter2');
  });
});

describe('the console server: asking', () => {
  const ask = { method: 'POST', url: '/api/ask', headers: own } as const;

  it('streams the events of a run as server-sent events, the answer among them', async () => {
    const { app } = setUp();
    const reply = await app.inject({ ...ask, payload: { text: 'why is checkout slow?', timeZone: 'Europe/Berlin' } });
    expect(reply.headers['content-type']).toContain('text/event-stream');
    const events = reply.body
      .split('\n\n')
      .filter((block) => block.startsWith('event:'))
      .map((block) => runEvent.parse(JSON.parse(block.slice(block.indexOf('data: ') + 6))));
    expect(events[0]).toMatchObject({ type: 'run-start', question: { timeZone: 'Europe/Berlin', askedAt: now } });
    expect(events.map((event) => event.type)).toContain('answer');
    expect(events.at(-1)).toMatchObject({ type: 'run-end', status: 'done' });
  });

  it('refuses questions that are empty, too long, or carry unknown members', async () => {
    const { app } = setUp();
    for (const payload of [
      { text: '   ' },
      { text: 'x'.repeat(8_001) },
      { text: 'x', principal: 'admin' },
      { text: 'x', timeZone: 'Mars/Olympus' },
      {},
    ]) {
      expect((await app.inject({ ...ask, payload })).json()).toMatchObject({ code: 'INPUT_INVALID' });
    }
    expect((await app.inject({ ...ask, payload: { text: 'x'.repeat(70_000) } })).statusCode).toBe(413);
    const broken = await app.inject({ ...ask, payload: '{', headers: { ...own, 'content-type': 'application/json' } });
    expect(broken.json()).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('tells of a run that breaks as a failed end, without our inner words', async () => {
    const { app } = setUp(
      {},
      {
        asker: {
          // oxlint-disable-next-line require-yield
          async *ask() {
            await Promise.resolve();
            throw new Error('secret inner words');
          },
        },
      },
    );
    const reply = await app.inject({ ...ask, payload: { text: 'why?' } });
    expect(reply.body).toContain('"status":"failed"');
    expect(reply.body).not.toContain('secret inner words');
  });

  it('works on a bounded number of questions, and withdraws one on request', async () => {
    let release: () => void = () => undefined;
    const pace = (): Promise<void> => new Promise((resolve) => (release = resolve));
    const { app } = setUp({ mostRuns: 1 }, createFakeConsole(now, pace));
    const first = app.inject({ ...ask, payload: { text: 'why?' } });
    await expect.poll(() => release.name).not.toBe('release');
    expect((await app.inject({ ...ask, payload: { text: 'and?' } })).json()).toMatchObject({ code: 'RATE_LIMITED' });
    release();
    await expect
      .poll(
        async () =>
          (await app.inject({ method: 'POST', url: '/api/cancel', headers: own, payload: { run: 'run-1' } }))
            .statusCode,
      )
      .toBe(200);
    release();
    expect((await first).body).toContain('CANCELLED');
    expect(
      (await app.inject({ method: 'POST', url: '/api/cancel', headers: own, payload: { run: 'run-1' } })).statusCode,
    ).toBe(404);
  });

  it('keeps what people say of an answer, with when and by whom', async () => {
    const { app, deps } = setUp();
    const payload = { run: 'run-1', right: false, entity: 'service:cart', note: 'it was the cache' };
    expect((await app.inject({ method: 'POST', url: '/api/feedback', headers: own, payload })).statusCode).toBe(201);
    expect(deps.feedback).toEqual([{ ...payload, at: now, by: 'console' }]);
  });
});
