import { expect, it } from 'vitest';

/** A store whose process can be killed. */
export interface KillableStore {
  /** Resolves when the store has acknowledged the entries. */
  write(ids: readonly string[]): Promise<void>;
  /** Kills the process that holds the store, at once, and opens the store anew. */
  crash(): Promise<void>;
  ids(): Promise<string[]>;
  close(): Promise<void>;
}

const perBatch = 20;

/** The durability suite of all stores: call it inside a `describe`. What was acknowledged outlives `kill -9`, and nothing is there twice. */
export function describeDurability(open: () => Promise<KillableStore>, options: { rounds: number }): void {
  it(`keeps all that was acknowledged through kill -9, ${options.rounds} times`, { timeout: 300_000 }, async () => {
    const store = await open();
    try {
      const acknowledged: string[] = [];
      const tried: string[] = [];
      const batchOf = (round: number, number: number): string[] =>
        Array.from({ length: perBatch }, (_, index) => `r${round}-${number}-${String(index).padStart(2, '0')}`);
      for (let round = 0; round < options.rounds; round += 1) {
        for (let number = 0; number < 5; number += 1) {
          const batch = batchOf(round, number);
          await store.write(batch);
          acknowledged.push(...batch);
        }
        const last = batchOf(round, 5);
        tried.push(...last);
        const broken = store.write(last).then(
          () => acknowledged.push(...last),
          () => 0,
        );
        await store.crash();
        await broken;
        const held = await store.ids();
        expect(new Set(held).size).toBe(held.length);
        const there = new Set(held);
        expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
        const known = new Set([...acknowledged, ...tried]);
        expect(held.filter((id) => !known.has(id))).toEqual([]);
      }
    } finally {
      await store.close();
    }
  });
}
