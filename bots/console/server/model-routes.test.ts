import { describe, expect, it } from 'vitest';
import { createFakeConsole } from '../fake-console.ts';
import { createConsole } from './create-console.ts';

const now = '2026-11-02T09:40:00.000Z';
const host = '127.0.0.1:7700';

describe('the console server: models', () => {
  it('lists the trained models and shows a card', async () => {
    const app = createConsole(createFakeConsole(now));
    const list = await app.inject({ url: '/api/models', headers: { host } });
    expect(list.json()).toMatchObject({ models: [{ name: 'checkout-latency', version: 2 }, { version: 1 }] });
    const card = await app.inject({ url: '/api/models/checkout-latency/2', headers: { host } });
    expect(card.json()).toMatchObject({ card: { threshold: 0.5, curve: { column: 'latency' } } });
    expect((await app.inject({ url: '/api/models/none/1', headers: { host } })).statusCode).toBe(404);
    expect((await app.inject({ url: '/api/models/checkout-latency/x', headers: { host } })).statusCode).toBe(400);
  });

  it('scores the series behind evidence, and says nothing where it cannot', async () => {
    const deps = createFakeConsole(now);
    const evidence = deps.incident.evidence.find(({ id }) =>
      JSON.stringify(deps.incident.raw.get(id)).includes('samples'),
    )!;
    const app = createConsole(deps);
    const reply = await app.inject({ url: `/api/evidence/${evidence.id}/scores?points=50`, headers: { host } });
    const { series } = reply.json<{ series: { metric: string; samples: [number, number][] }[] }>();
    expect(series[0]?.metric).toMatch(/^score of /);
    expect(series.every(({ samples }) => samples.every(([, score]) => score >= 0 && score <= 1))).toBe(true);
    const { scoreSeries: _, models: __, ...bare } = deps;
    const without = createConsole(bare);
    expect((await without.inject({ url: `/api/evidence/${evidence.id}/scores`, headers: { host } })).json()).toEqual({
      series: [],
      total: 0,
    });
    expect((await without.inject({ url: '/api/models', headers: { host } })).json()).toEqual({ models: [] });
  });
});
