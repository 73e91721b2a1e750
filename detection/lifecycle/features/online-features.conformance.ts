import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, createFakeClock } from '../../../infra/runtime/clock.ts';
import type { OnlineAges, OnlineFeatures } from './online-features.ts';

/** What every store of online features promises. `open` gives an empty one. */
export function describeOnlineFeatures(
  name: string,
  open: (deps: { clock: Clock }, ages: OnlineAges) => Promise<OnlineFeatures>,
): void {
  describe(`${name} keeps the contract of online features`, () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    let clock: ReturnType<typeof createFakeClock>;
    let store: OnlineFeatures;
    beforeEach(async () => {
      clock = createFakeClock(start);
      store = await open({ clock }, { staleMs: 60_000, lifeMs: 300_000 });
    });
    afterEach(() => store.close());
    const row = (at: number, ...values: number[]) => ({ at, values: Float32Array.from(values) });

    it('serves the newest row, in whatever order rows come, bytes as they were', async () => {
      await store.put('host@1', 'a', row(start - 10, 1, NaN, Infinity, -0, 1e-40));
      await store.put('host@1', 'a', row(start - 20, 0, 0));
      const kept = await store.get('host@1', 'a');
      expect(kept).toEqual({ ...row(start - 10, 1, NaN, Infinity, -0, 1e-40), ageMs: 10, stale: false });
      await store.put('host@1', 'a', row(start - 10, 5));
      await store.put('host@1', 'a', row(start - 0.5, 6));
      expect(await store.get('host@1', 'a')).toMatchObject({ at: start - 0.5, values: Float32Array.of(6) });
    });

    it('keeps sets and entities apart, whatever their names', async () => {
      const names = ['a', 'a:b', 'a b', 'ä/é', '*', 'a\u0000b'];
      for (const [place, one] of names.entries()) {
        await store.put(one, 'x', row(start, place));
        await store.put('x', one, row(start, 100 + place));
      }
      for (const [place, one] of names.entries()) {
        expect((await store.get(one, 'x'))?.values[0]).toBe(place);
        expect((await store.get('x', one))?.values[0]).toBe(100 + place);
      }
      expect(await store.get('y', 'x')).toBeUndefined();
    });

    it('keeps a row that is a part of a larger one', async () => {
      const whole = Float32Array.from({ length: 9 }, (_, i) => i);
      await store.put('host@1', 'a', { at: start, values: whole.subarray(3, 5) });
      expect((await store.get('host@1', 'a'))?.values).toEqual(Float32Array.of(3, 4));
    });

    it('says when a row is stale, and drops it when its time is over', async () => {
      await store.put('host@1', 'a', row(start, 1));
      clock.advance(60_000);
      expect(await store.get('host@1', 'a')).toMatchObject({ ageMs: 60_000, stale: false });
      clock.advance(1);
      expect(await store.get('host@1', 'a')).toMatchObject({ stale: true });
      clock.advance(240_000);
      expect(await store.get('host@1', 'a')).toBeUndefined();
      await store.sweep();
      clock.advance(-300_001);
      await store.put('host@1', 'b', row(start - 300_001, 1));
      expect(await store.get('host@1', 'b')).toBeUndefined();
    });

    it('ends with the newest row when many are put at once', async () => {
      await Promise.all(
        Array.from({ length: 40 }, (_, i) => store.put('host@1', 'a', row(start - ((i * 7) % 40), (i * 7) % 40))),
      );
      expect(await store.get('host@1', 'a')).toMatchObject({ at: start, values: Float32Array.of(0) });
    });
  });
}
