import { expect, it } from 'vitest';
import { simulateIncident } from '../detection/diagnosis/simulate-incident.ts';
import type { Investigation } from '../domain/run.ts';
import { createFakeClock, isoOf, msOf } from '../infra/runtime/clock.ts';
import { createDataSources, loadersOf } from '../tools/sources/data-sources.ts';
import { createSeriesBook } from './series-book.ts';

const incident = simulateIncident('bad-deploy-errors', 2, { steps: 180 });
const { series, topology, observed, truth } = incident;
const entity = truth.entity ?? '';

function bookOver(opened: Investigation[] = []) {
  const data = { metrics: series, logs: [], changes: [], topology, spans: [], resources: [], advisories: [] };
  const sources = createDataSources(loadersOf(data), 'simulation');
  const investigations = { list: () => opened };
  return createSeriesBook({
    sources,
    investigations,
    clock: createFakeClock(msOf(observed.to)),
    watch: () => undefined,
    threshold: 0.9999,
  });
}

const after = { from: isoOf(truth.onsetMs - 30_000), to: observed.to };

it('scores what people feel of an entity, each point against all before it, and marks what alarmed and why', async () => {
  const { series: scored } = await bookOver().scores({ entity, ...after });
  const alarming = scored.filter(({ alarms }) => alarms.length > 0);
  expect(alarming.length).toBeGreaterThan(0);
  const [worst] = alarming;
  const alarm = worst!.alarms[0]!;
  expect(alarm.from).toBeGreaterThanOrEqual(truth.onsetMs - 10_000);
  expect(alarm.score).toBeGreaterThanOrEqual(0.9999);
  expect(alarm.value).toBeGreaterThan(alarm.usual);
  expect(alarm.because[0]?.share).toBeGreaterThan(0);
  expect(worst!.values.length).toBe(worst!.scores.length);
  expect(worst!.values.every(([at]) => at >= msOf(after.from))).toBe(true);
});

it('links an alarm to the investigation that it opened', async () => {
  const plain = await bookOver().scores({ entity, ...after });
  const one = plain.series.find(({ alarms }) => alarms.length > 0)!;
  const opened: Investigation = {
    id: 'watch:1',
    title: 'errors',
    status: 'open',
    openedAt: observed.to,
    updatedAt: observed.to,
    openedBy: 'watch',
    alerts: [
      {
        fingerprint: 'f',
        name: 'errors',
        status: 'firing',
        startsAt: isoOf(one.alarms[0]!.from),
        labels: { entity: one.entity, signal: one.metric },
        annotations: {},
        source: 'watch',
      },
    ],
    runs: [],
    feedback: [],
  };
  const linked = await bookOver([opened]).scores({ entity: one.entity, metric: one.metric, ...after });
  const found = linked.series.find(({ alarms }) => alarms.length > 0);
  expect(found?.alarms[0]?.investigation).toEqual({ id: 'watch:1', title: 'errors', status: 'open' });
});

it('names metrics with their entities, and is empty where nothing is held', async () => {
  const names = await bookOver().names();
  expect(names.length).toBeGreaterThan(3);
  expect(names.every(({ metric }) => metric !== '')).toBe(true);
  expect(await bookOver().scores({ metric: 'no_such_metric', ...after })).toMatchObject({ series: [], total: 0 });
  expect(bookOver().standing()).toBeUndefined();
});
