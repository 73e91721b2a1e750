import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { openEvidenceStore } from './evidence-store.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  folders.push(folder);
  return folder;
}
function record(changes: Partial<Evidence> = {}): Omit<Evidence, 'id' | 'handle' | 'size'> {
  return {
    kind: 'logs',
    tool: 'search_logs',
    source: 'test',
    query: {},
    entities: [],
    digest: 'd',
    tainted: true,
    ...changes,
  };
}
const large = { records: Array.from({ length: 3_000 }, (_unused, index) => ({ index, message: `line ${index}` })) };
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.zst'));

describe('evidence store', () => {
  it('gives the same id for the same content, whatever the order of members', () => {
    const store = openEvidenceStore({ clock: createFakeClock(0) }, ':memory:');
    const first = store.put(record(), { a: 1, b: [2] });
    expect(store.put(record(), { b: [2], a: 1 })).toEqual(first);
    expect(first.id).toMatch(/^ev_[0-9a-f]{16}$/);
    expect(store.put(record(), { a: 2, b: [2] }).id).not.toBe(first.id);
    expect(store.put(record({ digest: 'other' }), { a: 1, b: [2] }).id).not.toBe(first.id);
  });

  it('gives back every JSON value that was put', () => {
    const store = openEvidenceStore({ clock: createFakeClock(0) }, ':memory:');
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(store.raw(store.put(record(), value).id)).toEqual(plain);
      }),
      { numRuns: 100 },
    );
  });

  it('spills large results to one compressed file and finds them after a restart', () => {
    const folder = newFolder();
    const store = openEvidenceStore({ clock: createFakeClock(0) }, folder);
    const kept = store.put(record(), large);
    store.put(record({ digest: 'again' }), large);
    store.close();
    expect(filesIn(folder)).toHaveLength(1);
    const reopened = openEvidenceStore({ clock: createFakeClock(0) }, folder);
    expect(reopened.get(kept.id)).toEqual(kept);
    expect(reopened.raw(kept.id)).toEqual(large);
    reopened.close();
  });

  it('pages through the longest list of a result', () => {
    const store = openEvidenceStore({ clock: createFakeClock(0) }, ':memory:');
    const { id } = store.put(record(), { findings: [1], ...large });
    expect(store.page(id, 2_998, 10)).toEqual({ items: large.records.slice(2_998), total: 3_000 });
    expect(store.page(id, 5_000, 10).items).toEqual([]);
    expect(store.page(store.put(record(), 'text').id, 0, 10)).toEqual({ items: ['text'], total: 1 });
  });

  it('says when an id is unknown or a file is damaged', () => {
    const folder = newFolder();
    const store = openEvidenceStore({ clock: createFakeClock(0) }, folder);
    expect(store.get('ev_0000000000000000')).toBeUndefined();
    expect(() => store.raw('ev_0000000000000000')).toThrow('No evidence has the id');
    const { id } = store.put(record(), large);
    writeFileSync(join(folder, filesIn(folder)[0] ?? ''), 'broken');
    expect(() => store.raw(id)).toThrow('cannot be read');
    store.close();
  });

  it('forgets by age with the files that nothing else needs', () => {
    const folder = newFolder();
    const clock = createFakeClock(0);
    const store = openEvidenceStore({ clock }, folder);
    const old = store.put(record(), large);
    clock.advance(10_000);
    const young = store.put(record(), { a: 1 });
    expect(store.prune({ maxAgeMs: 5_000 })).toBe(1);
    expect(store.get(old.id)).toBeUndefined();
    expect(store.get(young.id)).toEqual(young);
    expect(filesIn(folder)).toEqual([]);
    store.close();
  });

  it('forgets the oldest by size', () => {
    const clock = createFakeClock(0);
    const store = openEvidenceStore({ clock }, ':memory:');
    const ids = [0, 1, 2].map((index) => {
      clock.advance(1);
      return store.put(record(), `${index}`.repeat(1_000)).id;
    });
    expect(store.prune({ maxBytes: 2_100 })).toBe(1);
    expect(ids.map((id) => store.get(id) !== undefined)).toEqual([false, true, true]);
  });
});
