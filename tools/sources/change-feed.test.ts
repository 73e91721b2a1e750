import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { createChangeFeed } from './change-feed.ts';
import { listenLocally } from './listen-locally.ts';

describe('change feed', () => {
  const window = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T11:00:00.000Z' };
  const request = { entities: [], window, limit: 100 };
  let asked: string[] = [];
  let entries: unknown = [];
  let url = '';
  const server = createServer((incoming, response) => {
    asked.push(incoming.url ?? '');
    response.end(JSON.stringify(entries));
  });
  beforeAll(async () => {
    url = await listenLocally(server);
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it('does not wait for a feed that became slow while what it holds is fresh, and says so', async () => {
    let slow = false;
    const moody = createServer((_incoming, response) => {
      // A starved back end: it takes the request and never answers.
      if (!slow) response.end(JSON.stringify([{ id: 'a', at: '2026-03-01T10:05:00Z', kind: 'deploy', title: 'new' }]));
    });
    const clock = createFakeClock(window.to);
    const feed = createChangeFeed({ clock }, { url: `${await listenLocally(moody)}/changes` });
    expect(await feed.list(request)).toMatchObject({ status: 'ok', notes: [] });
    slow = true;
    clock.advance(5_000);
    expect(await feed.list(request)).toMatchObject({
      status: 'ok',
      items: [{ id: 'a' }],
      notes: [expect.stringContaining('did not answer in time')],
    });
    moody.closeAllConnections();
    moody.close();
  });

  it('sets aside what does not fit, keeps what does, and says so', async () => {
    entries = {
      changes: [
        {
          id: 7,
          at: '2026-03-01T10:05:00+00:00',
          kind: 'deploy',
          service: 'checkout',
          title: 'new',
          colour: 'red',
          files: 'no list',
        },
        { id: 'x', at: 'yesterday', kind: 'deploy', title: 'no time' },
        { id: 'y', at: '2026-03-01T10:05:00Z', kind: 'party', title: 'no such kind' },
        'not even an object',
      ],
    };
    const feed = createChangeFeed({ clock: createFakeClock(window.to) }, { url: `${url}/changes` });
    expect(await feed.list(request)).toEqual({
      status: 'ok',
      items: [{ id: '7', at: '2026-03-01T10:05:00.000Z', kind: 'deploy', entity: 'service:checkout', title: 'new' }],
      truncated: false,
      notes: ['3 entries of change-feed do not fit its format and were set aside'],
    });
  });

  it('asks again only after a while, and then only for what is new', async () => {
    entries = [];
    const clock = createFakeClock(window.to);
    const feed = createChangeFeed({ clock }, { url: `${url}/changes?team=shop` });
    await feed.list(request);
    await feed.list(request);
    clock.advance(60_000);
    await feed.list(request);
    expect(asked.map((one) => new URL(one, url).searchParams.get('since'))).toEqual([
      window.from,
      '2026-03-01T10:55:00.000Z',
    ]);
    expect(asked.every((one) => one.startsWith('/changes?team=shop&'))).toBe(true);
  });

  it('names entities as it is told to, and answers by either name', async () => {
    entries = [{ id: 'a', at: '2026-03-01T10:05:00Z', kind: 'schema', service: 'orders-db', title: 'index dropped' }];
    const feed = createChangeFeed(
      { clock: createFakeClock(window.to) },
      { url, entityOf: (name) => (name.endsWith('-db') ? `database:${name}` : `service:${name}`) },
    );
    for (const entity of ['database:orders-db', 'service:orders-db']) {
      const result = await feed.list({ ...request, entities: [entity] });
      expect(result.status === 'ok' && result.items.map((one) => one.entity)).toEqual(['database:orders-db']);
    }
    expect(await feed.list({ ...request, entities: ['service:cart'] })).toMatchObject({ status: 'no-data' });
  });
});
