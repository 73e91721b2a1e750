import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeNoise } from '../../detection/models/streams/noise.ts';
import { createFakeClock, isoOf, msOf } from '../../infra/runtime/clock.ts';
import { createRandom } from '../../infra/runtime/random.ts';
import { openEvidenceStore } from '../evidence-store.ts';
import { createFakeToolbox, fakeSession } from '../fake-toolbox.ts';
import { createDataSources, loadersOf } from '../sources/data-sources.ts';
import { createExampleData } from '../sources/example-data.ts';
import { createExplainScore } from './explain-score.ts';

const start = msOf('2026-03-01T00:00:00Z');
const minute = 60_000;
const at = (index: number): string => isoOf(start + index * minute);
const window = { from: at(600), to: at(800) };

/** Memory in noise around 100, of one service with a step at minute 700; of another without. */
function tool(length = 800) {
  const seriesOf = (entity: string, step: number, seed: number) => ({
    metric: 'process_resident_memory_bytes',
    type: 'gauge' as const,
    entity,
    labels: {},
    samples: [...makeNoise('white', length, createRandom(seed))].map((value, index): [number, number] => [
      start + index * minute,
      100 + value + (index >= 700 && index < 720 ? step : 0),
    ]),
  });
  const data = {
    ...createExampleData(),
    metrics: [seriesOf('service:calm', 0, 1), seriesOf('service:stepped', 15, 2)],
  };
  const clock = createFakeClock(at(800));
  const evidence = openEvidenceStore({ clock }, ':memory:');
  const sources = createDataSources(loadersOf(data), 'example');
  const { toolbox } = createFakeToolbox([createExplainScore({ sources, clock })], { clock, evidence });
  return toolbox.clientFor(fakeSession({ principal: { id: 'ann', kind: 'person', roles: ['responder'] } }));
}
const shape = z.object({
  entity: z.string(),
  others: z.number(),
  score: z.number(),
  method: z.string(),
  at: z.string(),
  learned: z.number(),
  contributions: z.array(z.object({ feature: z.string() })),
  stretches: z.array(z.object({ from: z.string(), to: z.string() })),
  choices: z.array(z.object({ method: z.string(), quality: z.number() })),
});
const call = (client: ReturnType<typeof tool>, request: Record<string, unknown>) =>
  client.call('explain_score', { metric: 'process_resident_memory_bytes', window, ...request });
const read = async (client: ReturnType<typeof tool>, request: Record<string, unknown>) => {
  const outcome = await call(client, request);
  if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
  return { ...shape.parse(outcome.data), digest: outcome.digest };
};

describe('explain_score', () => {
  it('finds the most abnormal point of all series and says by what', async () => {
    const { entity, score, contributions, stretches, others, digest } = await read(tool(), {});
    expect({ entity, others }).toEqual({ entity: 'service:stepped', others: 1 });
    expect(score).toBeGreaterThan(0.99);
    expect(contributions[0]!.feature).toBe('distance from the usual level');
    const worst = stretches[0]!;
    expect(Math.abs(msOf(worst.from) - msOf(at(700)))).toBeLessThanOrEqual(8 * minute);
    expect(Math.abs(msOf(worst.to) - msOf(at(719)))).toBeLessThanOrEqual(8 * minute);
    expect(digest).toContain('process_resident_memory_bytes');
  });
  it('explains the point asked for, by what came before it only', async () => {
    const early = await read(tool(), { at: at(650), entities: ['service:stepped'] });
    expect(early).toMatchObject({ at: at(650), learned: 650, method: 'default-ensemble' });
    expect(early.score).toBeLessThan(0.99);
    const short = await read(tool(710), { at: at(705), entities: ['service:stepped'] });
    const long = await read(tool(), { at: at(705), entities: ['service:stepped'] });
    expect(short.score).toBe(long.score);
  });
  it('chooses a detector for the series where asked to', async () => {
    const { method, choices } = await read(tool(), { choose: true, entities: ['service:stepped'] });
    expect(method).toBe(choices[0]!.method);
    expect(choices.length).toBeGreaterThan(5);
    expect(choices[0]!.quality).toBeGreaterThan(choices.at(-1)!.quality);
  });
  it('says so when there is too little', async () => {
    expect(await call(tool(10), {})).toMatchObject({ status: 'no-data' });
  });
});
