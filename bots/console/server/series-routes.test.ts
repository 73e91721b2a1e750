import { expect, it } from 'vitest';
import { createFakeConsole } from '../fake-console.ts';
import { createConsole } from './create-console.ts';
import type { ScoredSeries } from './series-book.ts';

const host = '127.0.0.1:7700';

it('names the series of all sources, scores those asked for thinned, and says how the watch stands', async () => {
  const app = createConsole(createFakeConsole('2026-11-02T09:40:00.000Z'));
  const get = async <T>(url: string): Promise<T> => (await app.inject({ url, headers: { host } })).json<T>();
  expect(await get('/api/series')).toMatchObject({ names: [{ entities: ['service:payment'] }, { unit: 'count' }] });
  const { series, total } = await get<{ series: ScoredSeries[]; total: number }>(
    '/api/series/scores?entity=service:payment&metric=http_server_request_duration_seconds&minutes=15&points=40',
  );
  expect(total).toBe(1);
  expect(series[0]?.values.length).toBeLessThanOrEqual(40);
  expect(Math.max(...series[0]!.scores.map(([, score]) => score))).toBeGreaterThan(0.999);
  expect(series[0]?.alarms[0]).toMatchObject({ investigation: { id: 'inv-31' }, because: [{ share: 5.1 }, {}] });
  expect(await get('/api/watch')).toMatchObject({ watch: { watched: 212, alarms: [{ entity: 'service:payment' }] } });
  expect((await app.inject({ url: '/api/series/scores?minutes=0', headers: { host } })).statusCode).toBe(400);
});

it('is empty where nothing is watched', async () => {
  const { series: _, ...bare } = createFakeConsole('2026-11-02T09:40:00.000Z');
  const app = createConsole(bare);
  const get = async (url: string): Promise<unknown> => (await app.inject({ url, headers: { host } })).json();
  expect(await get('/api/series')).toEqual({ names: [] });
  expect(await get('/api/series/scores')).toEqual({ series: [], total: 0, threshold: 1 });
  expect(await get('/api/watch')).toEqual({});
});
