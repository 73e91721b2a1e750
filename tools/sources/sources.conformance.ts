import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Window } from '../../domain/time.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import { seriesKeyOf } from './series-order.ts';
import type { SourceResult, Sources } from './source.ts';

/** Sources that hold, within `window`, at least two items of each kind that they have, at two times or more. */
export interface SourceFixture {
  sources: Sources;
  window: Window;
  close: () => Promise<void>;
}

/** What every variant of every source contract promises. Kinds that the fixture's `kinds` does not name are not tested. */
export function testSources(name: string, kinds: readonly (keyof Sources)[], open: () => Promise<SourceFixture>): void {
  describe(`${name} keeps the contract of sources`, () => {
    let fixture: SourceFixture;
    let window: Window;
    beforeAll(async () => {
      fixture = await open();
      window = fixture.window;
    });
    afterAll(() => fixture.close());
    const has = (kind: keyof Sources): boolean => kinds.includes(kind);
    const all = 100_000;

    if (has('metrics'))
      describe('metrics', () => {
        const query = (over: object = {}) =>
          fixture.sources.metrics!.query({ metrics: [], entities: [], window, stepMs: 0, maxSeries: all, ...over });

        it('gives series once each, in order, with finite samples in strict time order', async () => {
          const series = itemsOf(await query());
          const keys = series.map((one) => seriesKeyOf(one));
          expect(keys).toEqual([...new Set(keys)].sort());
          expect(keys.length).toBeGreaterThan(1);
          for (const { samples } of series) {
            expect(samples.length).toBeGreaterThan(0);
            expect(samples.every(([time, value]) => Number.isFinite(time) && Number.isFinite(value))).toBe(true);
            expect(samples.every(([time], index) => index === 0 || time > samples[index - 1]![0])).toBe(true);
          }
        });
        it('reads windows half-open', async () => {
          const times = itemsOf(await query()).flatMap((one) => one.samples.map(([time]) => time));
          const last = times.reduce((left, right) => Math.max(left, right));
          const before = itemsOf(await query({ window: { from: window.from, to: isoOf(last) } }));
          expect(before.flatMap((one) => one.samples).every(([time]) => time < last)).toBe(true);
          const after = itemsOf(await query({ window: { from: isoOf(last), to: isoOf(last + 1_000) } }));
          expect(after.flatMap((one) => one.samples.map(([time]) => time))).toContain(last);
        });
        it('cuts at the limit and says so', async () => {
          const result = await query({ maxSeries: 1 });
          expect(result).toMatchObject({ status: 'ok', truncated: true });
          expect(itemsOf(result).length).toBe(1);
        });
        it('answers exact names, globs, labels and entities', async () => {
          const series = itemsOf(await query());
          const one = series.find((each) => Object.keys(each.labels).length > 0) ?? series[0]!;
          const same = itemsOf(await query({ metrics: [one.metric], entities: [one.entity], labels: one.labels }));
          expect(same.map((each) => seriesKeyOf(each))).toContain(seriesKeyOf(one));
          expect(same.every((each) => each.metric === one.metric && each.entity === one.entity)).toBe(true);
          const globbed = itemsOf(await query({ metrics: [`${one.metric.slice(0, 2)}*`] }));
          expect(globbed.map((each) => seriesKeyOf(each))).toContain(seriesKeyOf(one));
          expect(globbed.every((each) => each.metric.startsWith(one.metric.slice(0, 2)))).toBe(true);
        });
        it('describes what it holds', async () => {
          const described = itemsOf(await fixture.sources.metrics!.list(window));
          const held = new Set(itemsOf(await query()).map((one) => one.metric));
          expect(described.map((one) => one.metric)).toEqual(expect.arrayContaining([...held]));
          expect(described.map((one) => one.metric)).toEqual(described.map((one) => one.metric).sort());
        });
        it('says where it looked when nothing matches', async () =>
          saysWhere(await query({ metrics: ['no_such_metric_anywhere'] })));
        it('stops when aborted', () =>
          stops((signal) =>
            fixture.sources.metrics!.query({ metrics: [], entities: [], window, stepMs: 0, maxSeries: all }, signal),
          ));
      });

    if (has('logs'))
      describe('logs', () => {
        const search = (over: object = {}, signal?: AbortSignal) =>
          fixture.sources.logs!.search({ entities: [], window, limit: all, ...over }, signal);

        it('gives records oldest first, within a half-open window', async () => {
          const records = itemsOf(await search());
          expect(records.length).toBeGreaterThan(1);
          expect(isAscending(records.map((one) => msOf(one.at)))).toBe(true);
          const last = records.at(-1)!.at;
          expect(
            itemsOf(await search({ window: { from: window.from, to: last } })).every(
              (one) => msOf(one.at) < msOf(last),
            ),
          ).toBe(true);
          expect(itemsOf(await search({ window: { from: last, to: window.to } })).map((one) => one.at)).toContain(last);
        });
        it('cuts at the limit and says so', async () => {
          const result = await search({ limit: 1 });
          expect(result).toMatchObject({ status: 'ok', truncated: true });
          expect(itemsOf(result)).toEqual(itemsOf(await search()).slice(0, 1));
        });
        it('answers entities, levels and words', async () => {
          const records = itemsOf(await search());
          const one = records.find((record) => record.level === 'error')!;
          expect(
            itemsOf(await search({ entities: [one.entity] })).every((record) => record.entity === one.entity),
          ).toBe(true);
          const errors = itemsOf(await search({ minLevel: 'error' }));
          expect(errors).toContainEqual(one);
          expect(errors.every((record) => record.level === 'error' || record.level === 'fatal')).toBe(true);
          const word = one.message.split(' ').at(-1)!.toUpperCase();
          expect(itemsOf(await search({ text: word }))).toContainEqual(one);
        });
        it('says where it looked when nothing matches', async () =>
          saysWhere(await search({ text: 'nosuchwordanywhere' })));
        it('stops when aborted', () => stops((signal) => search({}, signal)));
      });

    if (has('traces'))
      describe('traces', () => {
        const search = (over: object = {}, signal?: AbortSignal) =>
          fixture.sources.traces!.search({ entities: [], window, limit: all, ...over }, signal);

        it('gives whole traces, spans once each, within a half-open window', async () => {
          const spans = itemsOf(await search());
          const keys = spans.map((one) => `${one.traceId} ${one.spanId}`);
          expect(new Set(keys).size).toBe(keys.length);
          expect(new Set(spans.map((one) => one.traceId)).size).toBeGreaterThan(1);
          const last = spans.map((one) => one.startMs).reduce((left, right) => Math.max(left, right));
          const before = itemsOf(await search({ window: { from: window.from, to: isoOf(Math.ceil(last)) } }));
          expect(before.every((one) => one.startMs < Math.ceil(last))).toBe(true);
          const trace = itemsOf(await search({ traceId: spans[0]!.traceId }));
          expect(trace).toEqual(spans.filter((one) => one.traceId === spans[0]!.traceId));
        });
        it('keeps traces whole at the limit and says that it cut', async () => {
          const result = await search({ limit: 1 });
          expect(result).toMatchObject({ status: 'ok', truncated: true });
          expect(new Set(itemsOf(result).map((one) => one.traceId)).size).toBe(1);
        });
        it('answers entities and errors by the traces that have such a span', async () => {
          const spans = itemsOf(await search());
          const failed = spans.find((one) => one.status === 'error')!;
          const found = itemsOf(await search({ entities: [failed.entity], onlyErrors: true }));
          expect(found).toContainEqual(failed);
          for (const id of new Set(found.map((one) => one.traceId))) {
            expect(
              found.some((one) => one.traceId === id && one.status === 'error' && one.entity === failed.entity),
            ).toBe(true);
          }
        });
        it('says where it looked when nothing matches', async () =>
          saysWhere(await search({ traceId: 'f'.repeat(32) })));
        it('stops when aborted', () => stops((signal) => search({}, signal)));
      });

    if (has('changes'))
      describe('changes', () => {
        const list = (over: object = {}, signal?: AbortSignal) =>
          fixture.sources.changes!.list({ entities: [], window, limit: all, ...over }, signal);

        it('gives changes oldest first, once each, within a half-open window', async () => {
          const changes = itemsOf(await list());
          expect(changes.length).toBeGreaterThan(1);
          expect(isAscending(changes.map((one) => msOf(one.at)))).toBe(true);
          expect(new Set(changes.map((one) => one.id)).size).toBe(changes.length);
          const last = changes.at(-1)!.at;
          expect(
            itemsOf(await list({ window: { from: window.from, to: last } })).every((one) => msOf(one.at) < msOf(last)),
          ).toBe(true);
          expect(
            itemsOf(await list({ window: { from: last, to: isoOf(msOf(last) + 1_000) } })).map((one) => one.at),
          ).toContain(last);
        });
        it('cuts at the limit and says so', async () => {
          expect(await list({ limit: 1 })).toMatchObject({ status: 'ok', truncated: true, items: [{}] });
        });
        it('shows one by its id', async () => {
          const [first] = itemsOf(await list());
          expect(itemsOf(await fixture.sources.changes!.show(first!.id))).toMatchObject([
            { id: first!.id, at: first!.at },
          ]);
          saysWhere(await fixture.sources.changes!.show('0123456789'));
        });
        it('says where it looked when nothing matches', async () =>
          saysWhere(await list({ window: { from: '1999-01-01T00:00:00Z', to: '1999-01-02T00:00:00Z' } })));
        it('stops when aborted', () => stops((signal) => list({}, signal)));
      });

    if (has('cluster'))
      describe('cluster', () => {
        const list = (over: object = {}, signal?: AbortSignal) =>
          fixture.sources.cluster!.list({ kinds: ['Pod'], limit: all, ...over }, signal);

        it('gives objects of the kinds asked for, once each', async () => {
          const found = itemsOf(await list());
          expect(found.length).toBeGreaterThan(1);
          expect(found.every((one) => one.kind === 'Pod')).toBe(true);
          const [first] = found;
          const named = itemsOf(await list({ namespace: first!.namespace, name: first!.name }));
          expect(named).toEqual([first]);
        });
        it('cuts at the limit and says so', async () => {
          expect(await list({ limit: 1 })).toMatchObject({ status: 'ok', truncated: true, items: [{}] });
        });
        it('says where it looked when nothing matches', async () =>
          saysWhere(await list({ namespace: 'no-such-namespace' })));
        it('stops when aborted', () => stops((signal) => list({}, signal)));
      });

    if (has('topology'))
      describe('topology', () => {
        it('gives entities and edges once each, with a source, and every end of an edge as an entity', async () => {
          const [topology] = itemsOf(await fixture.sources.topology!.read(window));
          const ids = topology!.entities.map((one) => one.id);
          expect(new Set(ids).size).toBe(ids.length);
          expect(topology!.edges.length).toBeGreaterThan(0);
          const keys = topology!.edges.map((one) => `${one.from} ${one.kind} ${one.to} ${one.source}`);
          expect(new Set(keys).size).toBe(keys.length);
          for (const edge of topology!.edges) {
            expect(ids).toContain(edge.from);
            expect(ids).toContain(edge.to);
            expect(edge.source).not.toBe('');
          }
        });
        it('stops when aborted', () => stops((signal) => fixture.sources.topology!.read(window, signal)));
      });
  });
}

function itemsOf<T>(result: SourceResult<T>): T[] {
  if (result.status !== 'ok') throw new Error(`no data: ${result.lookedAt}`);
  return result.items;
}

function saysWhere(result: SourceResult<unknown>): void {
  expect(result.status).toBe('no-data');
  expect(result.status === 'no-data' && result.lookedAt.length).toBeGreaterThan(10);
}

async function stops(call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  await expect(call(AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value >= values[index - 1]!);
}
