import { expect, it } from 'vitest';
import type { Answer } from '../domain/answer.ts';
import type { Understanding } from '../domain/question.ts';
import { createFakeOrchestrator } from './fake-orchestrator.ts';
import { shopQuestion, shopTools } from './fake-shop.ts';
import type { CannedTool } from './fake-tool-client.ts';

const service = (name: string, probability: number, more: object = {}): object => ({
  entity: `service:${name}`,
  probability,
  remaining: '20 min, between 8 min and 40 min',
  factors: [],
  limits: [],
  ...more,
});

async function ask(
  predicted: CannedTool,
  understanding: Partial<Understanding> = {},
  more: Record<string, CannedTool> = {},
): Promise<{ answer: Answer; windows: unknown[] }> {
  const quiet: CannedTool = { answer: () => ({ data: { findings: [] } }) };
  const { orchestrator, calls } = createFakeOrchestrator({
    canned: { ...shopTools(), find_anomalies: quiet, predict_failure: predicted, ...more },
    understanding: {
      intent: 'predict-failure',
      agents: ['investigator'],
      entities: [],
      unknownNames: [],
      ...understanding,
    },
  });
  for await (const event of orchestrator.ask({ ...shopQuestion, text: 'what will fail soon?' })) {
    if (event.type !== 'answer') continue;
    const asked = calls.filter(({ tool }) => tool === 'predict_failure').map(({ input }) => input);
    return { answer: event.answer, windows: asked.map((input) => input['window']) };
  }
  throw new Error('no answer');
}

const told = (services: object[], horizonMs = 45 * 60_000): CannedTool => ({
  answer: () => ({ data: { horizonMs, basis: 'learned from runs', services } }),
});
const texts = ({ headline }: Answer): string[] => headline.map(({ text }) => text);

it('names what is likely to fail with its figure, signs, time left and the limit it reaches, all cited', async () => {
  const factors = [
    { feature: 'error share: mean of 15', shareMs: -900_000 },
    { feature: 'error share: growth since the start', shareMs: -500_000 },
    { feature: 'traffic: spread of 40', shareMs: 70_000 },
    { feature: 'age', shareMs: -10 },
  ];
  const limits = [{ measure: 'pool fill', used: 0.82, reaches: 'in 35 min' }];
  const { answer, windows } = await ask(told([service('checkout', 0.63, { factors, limits }), service('cart', 0.02)]));
  expect(texts(answer)).toEqual([
    'checkout is likely to fail: 63 % within 45 min, time left 20 min, between 8 min and 40 min; the signs are error share.',
    'checkout: pool fill is at 82 % and reaches its limit in 35 min.',
  ]);
  expect(answer.headline.every(({ evidence }) => evidence.length > 0)).toBe(true);
  expect(windows).toEqual([{ from: '2026-11-20T11:10:00.000Z', to: '2026-11-20T14:10:00.000Z' }]);
});

it('says so with the figure when nothing is likely to fail, and gives no time that is left', async () => {
  const { answer } = await ask(told([service('checkout', 0.031), service('cart', 0.004)]));
  expect(texts(answer)).toEqual(['None of 2 is likely to fail within 45 min; the highest is checkout with 3 %.']);
  expect(JSON.stringify(answer.sections)).toContain('cart: under 1 % within 45 min.');
  expect(JSON.stringify(answer)).not.toContain('time left');
  const one = await ask(told([service('cart', 0.004)]), { entities: ['service:cart'] });
  expect(texts(one.answer)).toEqual(['cart is not likely to fail within 45 min: under 1 %.']);
});

it('looks back four times as far as ahead, and says when the history held does not reach that far', async () => {
  const { answer, windows } = await ask(told([service('cart', 0.02)], 180_000), { horizonMs: 8 * 3_600_000 });
  expect(windows).toEqual([{ from: '2026-11-19T06:10:00.000Z', to: '2026-11-20T14:10:00.000Z' }]);
  expect(texts(answer)[1]).toMatch(/^Asked was 8 h ahead; the history held allows 3 min/);
});

it('says what departs from normal already', async () => {
  const { answer } = await ask(
    told([service('checkout', 0.02)]),
    {},
    { find_anomalies: shopTools()['find_anomalies']! },
  );
  expect(texts(answer)[1]).toBe(
    '2 signs depart from normal already: connections in use of payment reached the pool size of 2.',
  );
});

it('says what is lacking when nothing can be told', async () => {
  const { answer } = await ask({
    answer: () => ({ status: 'no-data', lookedAt: 'all entities', hint: 'Only 2 min are held.' }),
  });
  expect(texts(answer)).toEqual(['What will fail cannot be told.', 'Only 2 min are held.']);
});
