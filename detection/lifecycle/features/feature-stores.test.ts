import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../../infra/runtime/clock.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { computeFeatures } from './feature-computer.ts';
import { defaultFeatureSet } from './feature-set.ts';
import { type Frame, sliceFrame } from './frame.ts';
import { openOfflineFeatures } from './offline-features.ts';
import { describeOnlineFeatures } from './online-features.conformance.ts';
import { openOnlineFeatures } from './online-features.ts';
import { openRedisOnlineFeatures } from './redis-online-features.ts';

const scratch = (): string => mkdtempSync(join(tmpdir(), 'cerebro-features-'));
const random = createRandom(2);
const frame: Frame = {
  entity: 'web/1 a',
  times: Float64Array.from({ length: 90 }, (_, r) => Date.UTC(2026, 0, 1, 23) + r * 60_000),
  names: ['cpu'],
  columns: [Float64Array.from({ length: 90 }, () => random.next())],
};
const set = defaultFeatureSet(['cpu']);

describe('offline features', () => {
  it('gives back the very bytes that were computed, over day partitions, however often they were written', async () => {
    const store = openOfflineFeatures(scratch());
    await store.write(set, frame);
    await store.write(set, frame);
    const [kept] = await store.read(set);
    const { rows, names } = computeFeatures(set, frame);
    expect([kept?.entity, kept?.names, [...kept!.times]]).toEqual(['web/1 a', names, [...frame.times]]);
    const back = Float32Array.from(
      { length: rows.values.length },
      (_, i) => kept!.columns[i % rows.columns]![Math.floor(i / rows.columns)]!,
    );
    expect(Buffer.from(back.buffer)).toEqual(Buffer.from(rows.values.buffer));
  });

  it('reads a stretch of time of one entity', async () => {
    const store = openOfflineFeatures(scratch());
    await store.write(set, frame);
    await store.write(set, { ...frame, entity: 'b' });
    const [part, ...others] = await store.read(set, { entity: 'b', from: frame.times[70]!, to: frame.times[79]! });
    expect([part?.entity, part?.times.length, others.length]).toEqual(['b', 10, 0]);
  });

  it('refuses another declaration under the same name and version', async () => {
    const store = openOfflineFeatures(scratch());
    await store.write(set, frame);
    await expect(store.write({ ...set, groups: set.groups.slice(1) }, frame)).rejects.toThrow(/higher version/);
    await expect(store.read({ name: 'other', version: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describeOnlineFeatures('SQLite file', (deps, ages) =>
  Promise.resolve(openOnlineFeatures(join(scratch(), 'online.db'), deps, ages)),
);
describeOnlineFeatures('memory', (deps, ages) => Promise.resolve(openOnlineFeatures(':memory:', deps, ages)));

describe('online features', () => {
  it('says how many rows it dropped', async () => {
    const clock = createFakeClock(1_000_000);
    const store = openOnlineFeatures(':memory:', { clock }, { lifeMs: 300_000 });
    await store.put('host@1', 'a', { at: 1_000_000, values: Float32Array.of(1) });
    clock.advance(300_001);
    expect([await store.sweep(), await store.sweep()]).toEqual([1, 0]);
    await store.close();
  });

  it('holds the same bytes online as offline', async () => {
    const online = openOnlineFeatures(':memory:', { clock: createFakeClock(frame.times[89]!) });
    const { rows } = computeFeatures(set, frame);
    const values = Float32Array.from(rows.values.subarray(89 * rows.columns));
    await online.put('host@1', frame.entity, { at: frame.times[89]!, values });
    const offline = openOfflineFeatures(scratch());
    await offline.write(set, frame);
    const [kept] = await offline.read(set);
    const last = sliceFrame(kept!, 89, 90).columns.map((column) => column[0]!);
    expect([...(await online.get('host@1', frame.entity))!.values]).toEqual(last);
  });

  it('says at once that there is no Redis, after the first wait', async () => {
    const store = openRedisOnlineFeatures({ url: 'redis://127.0.0.1:9', timeoutMs: 500 }, { clock: systemClock });
    const row = { at: Date.now(), values: Float32Array.of(1) };
    await expect(store.put('host@1', 'a', row)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE', retryable: true });
    const asked = performance.now();
    await expect(store.get('host@1', 'a')).rejects.toThrow(/Redis at 127.0.0.1:9 did not answer/);
    expect(performance.now() - asked).toBeLessThan(200);
    await store.close();
  });
});
