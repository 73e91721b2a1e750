import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KnowledgeKind } from '../chunk.ts';
import type { Scored, SearchScope } from '../keyword-index.ts';

/** What keyword indexes and vector stores have in common, over entries that all match the one query. */
export interface IndexUnderTest {
  put(entries: readonly { id: string; kind: KnowledgeKind; labels: readonly string[] }[]): Promise<void>;
  delete(ids: readonly string[]): Promise<void>;
  find(scope: SearchScope, limit: number, offset?: number): Promise<Scored[]>;
  ids(): Promise<string[]>;
  count(): Promise<number>;
  close(): Promise<void>;
}

const everyone: SearchScope = { kinds: [], labels: [] };
const entry = (id: string, kind: KnowledgeKind = 'document', ...labels: string[]) => ({ id, kind, labels });

/** The conformance suite of everything that is searched: call it inside a `describe`. `open` gives a new, empty one each time. */
export function describeIndex(open: () => Promise<IndexUnderTest>): void {
  let index: IndexUnderTest;
  beforeEach(async () => {
    index = await open();
  });
  afterEach(() => index.close());

  it('is empty at first and bears nothing', async () => {
    expect(await index.count()).toBe(0);
    expect(await index.find(everyone, 10)).toEqual([]);
    await index.put([]);
    await index.delete(['nobody']);
    expect(await index.ids()).toEqual([]);
  });

  it('replaces an entry of the same id and forgets a deleted one', async () => {
    await index.put([entry('a'), entry('b')]);
    await index.put([entry('a', 'runbook')]);
    expect(await index.count()).toBe(2);
    expect((await index.find({ kinds: ['runbook'], labels: [] }, 10)).map(({ id }) => id)).toEqual(['a']);
    await index.delete(['a']);
    expect((await index.find(everyone, 10)).map(({ id }) => id)).toEqual(['b']);
    await index.put([entry('a')]);
    expect(await index.ids()).toEqual(['a', 'b']);
  });

  it('orders ties by id and pages without gap or repeat', async () => {
    const ids = Array.from({ length: 23 }, (_, index) => `e${String(index).padStart(2, '0')}`);
    await index.put(ids.toReversed().map((id) => entry(id)));
    const pages = [];
    for (let offset = 0; offset < 25; offset += 5) pages.push(...(await index.find(everyone, 5, offset)));
    expect(pages.map(({ id }) => id)).toEqual(ids);
  });

  it('keeps ids of any script', async () => {
    const ids = ['ключ', '鍵', 'clé é', '🔑', "o'hara; --"].sort();
    await index.put(ids.map((id) => entry(id)));
    expect(await index.ids()).toEqual(ids);
    expect((await index.find(everyone, 10)).map(({ id }) => id).sort()).toEqual(ids);
  });

  it('takes concurrent writers', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, writer) => index.put([entry(`w${writer}`), entry('shared')])));
    expect(await index.count()).toBe(21);
  });

  it('never gives, nor counts into a page, what the asker lacks a label for', async () => {
    const label = fc.constantFrom('red', 'green', 'blue');
    const labels = fc.uniqueArray(label);
    await fc.assert(
      fc.asyncProperty(fc.array(labels, { minLength: 1, maxLength: 12 }), labels, async (sets, held) => {
        const old = await index.ids();
        await index.delete(old);
        await index.put(sets.map((set, number) => entry(`p${String(number).padStart(2, '0')}`, 'document', ...set)));
        const expected = sets.flatMap((set, number) =>
          set.every((name) => held.includes(name)) ? [`p${String(number).padStart(2, '0')}`] : [],
        );
        expect((await index.find({ kinds: [], labels: held }, 20)).map(({ id }) => id)).toEqual(expected);
        expect((await index.find({ kinds: [], labels: held }, 3)).map(({ id }) => id)).toEqual(expected.slice(0, 3));
      }),
      { numRuns: 30 },
    );
  });
}
