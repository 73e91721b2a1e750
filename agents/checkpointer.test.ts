import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemorySaver, emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint';
import type {
  BaseCheckpointSaver,
  Checkpoint,
  CheckpointMetadata,
  CheckpointTuple,
} from '@langchain/langgraph-checkpoint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCheckpointer } from './checkpointer.ts';
import { openStateFile } from './state-file.ts';

type Place = { thread: string; namespace: string };
const configOf = ({ thread, namespace }: Place, id?: string) => ({
  configurable: { thread_id: thread, checkpoint_ns: namespace, ...(id === undefined ? {} : { checkpoint_id: id }) },
});
const checkpointOf = (id: string, value: unknown): Checkpoint => ({
  ...emptyCheckpoint(),
  id,
  ts: '2026-01-01T00:00:00.000Z',
  channel_values: { value },
  channel_versions: { value: 1 },
});
const metadataOf = (step: number): CheckpointMetadata => ({ source: 'loop', step, parents: {} });

/** A tuple as plain data, without the order of writes of different tasks, which the in-memory saver keeps by arrival. */
function plain(tuple: CheckpointTuple | undefined) {
  if (tuple === undefined) return undefined;
  const writes = (tuple.pendingWrites ?? []).map((write) => JSON.stringify(write)).toSorted();
  const { configurable } = tuple.config;
  return {
    configurable: { ...configurable },
    checkpoint: tuple.checkpoint,
    metadata: tuple.metadata,
    parent: tuple.parentConfig?.configurable,
    writes,
  };
}

async function allOf(saver: BaseCheckpointSaver, ...given: Parameters<BaseCheckpointSaver['list']>) {
  const list: ReturnType<typeof plain>[] = [];
  for await (const tuple of saver.list(...given)) list.push(plain(tuple));
  return list.toSorted((left, right) =>
    JSON.stringify(left?.configurable) < JSON.stringify(right?.configurable) ? -1 : 1,
  );
}

describe('checkpointer', () => {
  it('answers as the in-memory saver of LangGraph does, whatever is done in whatever order', async () => {
    const place = fc.record({ thread: fc.constantFrom('t1', 't2'), namespace: fc.constantFrom('', 'inner') });
    // The in-memory saver loses a member of this name; ours keeps it.
    const value = fc.jsonValue().filter((one) => !JSON.stringify(one).includes('__proto__'));
    const step = fc.oneof(
      fc.record({ do: fc.constant('put' as const), place, value }),
      fc.record({
        do: fc.constant('writes' as const),
        place,
        task: fc.constantFrom('a', 'b'),
        writes: fc.array(fc.tuple(fc.constantFrom('x', 'y', '__error__', '__interrupt__'), value), { maxLength: 3 }),
      }),
      fc.record({ do: fc.constant('delete' as const), place }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const state = openStateFile(':memory:');
        const ours = createCheckpointer(state, { keep: 1_000 });
        const theirs = new MemorySaver();
        const last = new Map<string, string>();
        let count = 0;
        for (const action of steps) {
          const key = JSON.stringify(action.place);
          if (action.do === 'put') {
            const id = uuid6(count);
            for (const saver of [ours, theirs])
              await saver.put(
                configOf(action.place, last.get(key)),
                checkpointOf(id, action.value),
                metadataOf(count),
                {},
              );
            last.set(key, id);
            count += 1;
          } else if (action.do === 'writes') {
            const id = last.get(key);
            if (id === undefined) continue;
            for (const saver of [ours, theirs])
              await saver.putWrites(configOf(action.place, id), action.writes, action.task);
          } else {
            for (const saver of [ours, theirs]) await saver.deleteThread(action.place.thread);
            for (const known of last.keys()) if (known.includes(`"${action.place.thread}"`)) last.delete(known);
          }
          for (const id of [undefined, last.get(key)]) {
            expect(plain(await ours.getTuple(configOf(action.place, id)))).toEqual(
              plain(await theirs.getTuple(configOf(action.place, id))),
            );
          }
        }
        expect(await allOf(ours, { configurable: { thread_id: 't1' } })).toEqual(
          await allOf(theirs, { configurable: { thread_id: 't1' } }),
        );
        expect(
          await allOf(ours, configOf({ thread: 't1', namespace: '' }), { limit: 2, filter: { source: 'loop' } }),
        ).toEqual(
          await allOf(theirs, configOf({ thread: 't1', namespace: '' }), { limit: 2, filter: { source: 'loop' } }),
        );
        const before = last.get(JSON.stringify({ thread: 't1', namespace: '' }));
        if (before !== undefined) {
          const given = [
            configOf({ thread: 't1', namespace: '' }),
            { before: configOf({ thread: 't1', namespace: '' }, before) },
          ] as const;
          expect(await allOf(ours, ...given)).toEqual(await allOf(theirs, ...given));
        }
        state.close();
      }),
      { numRuns: 60 },
    );
  });

  it('keeps text that looks like a serialised object as the text that it is', async () => {
    const hostile = {
      lc: 1,
      type: 'constructor',
      id: ['langchain', 'Anything'],
      kwargs: { node: 'x', args: {} },
      __proto__: null,
    };
    const saver = createCheckpointer(openStateFile(':memory:'));
    const place = { thread: 'constructor', namespace: '' };
    await saver.put(configOf(place), checkpointOf('1', hostile), metadataOf(0), {});
    await saver.putWrites(configOf(place, '1'), [['x', hostile]], 'a');
    const tuple = await saver.getTuple(configOf(place));
    expect(tuple?.checkpoint.channel_values['value']).toEqual({ ...hostile });
    expect(tuple?.pendingWrites?.[0]?.[2]).toEqual({ ...hostile });
  });

  it('keeps the newest checkpoints of a thread and drops older ones with their writes', async () => {
    const state = openStateFile(':memory:');
    const saver = createCheckpointer(state, { keep: 3 });
    const place = { thread: 't', namespace: '' };
    let id: string | undefined;
    for (let step = 0; step <= 9; step += 1) {
      const next = uuid6(step);
      await saver.put(configOf(place, id), checkpointOf(next, step), metadataOf(step), {});
      await saver.putWrites(configOf(place, next), [['x', step]], 'a');
      id = next;
    }
    const kept = await allOf(saver, configOf(place));
    expect(kept.map((tuple) => tuple?.checkpoint.channel_values['value'])).toEqual([7, 8, 9]);
    expect(state.sql.prepare('SELECT count(*) AS n FROM writes').get()?.['n']).toBe(3);
  });

  it('is safe under two writers on one file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cerebro-'));
    const files = [0, 1].map(() => openStateFile(join(folder, 'state.db')));
    const savers = files.map((file) => createCheckpointer(file));
    await Promise.all(
      savers.map(async (saver, writer) => {
        for (let step = 0; step < 50; step += 1)
          await saver.put(
            configOf({ thread: `t${writer}`, namespace: '' }),
            checkpointOf(uuid6(step), step),
            metadataOf(step),
            {},
          );
      }),
    );
    for (const saver of savers)
      for (const thread of ['t0', 't1'])
        expect((await saver.getTuple(configOf({ thread, namespace: '' })))?.checkpoint.channel_values['value']).toBe(
          49,
        );
    for (const file of files) file.close();
    rmSync(folder, { recursive: true });
  });
});
