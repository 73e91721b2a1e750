import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Embedder } from '../embedder.ts';

const length = (vector: Float32Array): number => Math.hypot(...vector);
const cosine = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, index) => sum + value * other[index]!, 0);

/** The conformance suite of embedders: call it inside a `describe`. */
export function describeEmbedder(open: () => Promise<{ embedder: Embedder; close: () => Promise<void> }>): void {
  let embedder: Embedder;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ embedder, close } = await open());
  });
  afterAll(() => close());
  const texts = ['the queue is full', 'disk of the database', 'größe 鍵 🔑 the queue', 'connection refused'];

  it('names its space', () => {
    expect(embedder.name).not.toBe('');
    expect(embedder.version).not.toBe('');
    expect(embedder.dimensions).toBeGreaterThan(0);
  });

  it('gives one unit vector a text, in order, the same each time', async () => {
    const vectors = await embedder.embed(texts, 'passage');
    expect(vectors).toHaveLength(texts.length);
    for (const vector of vectors) {
      expect(vector).toHaveLength(embedder.dimensions);
      expect(length(vector)).toBeCloseTo(1, 4);
    }
    expect(await embedder.embed(texts, 'passage')).toEqual(vectors);
  });

  it('gives nothing for nothing and the zero vector for an empty text', async () => {
    expect(await embedder.embed([], 'passage')).toEqual([]);
    const [empty, full, blank] = await embedder.embed(['', texts[0]!, ' \n'], 'passage');
    expect(empty).toEqual(new Float32Array(embedder.dimensions));
    expect(blank).toEqual(new Float32Array(embedder.dimensions));
    expect(length(full!)).toBeCloseTo(1, 4);
  });

  it('gives a text the same vector alone and among many', async () => {
    const many = Array.from({ length: 200 }, (_, index) => texts[index % texts.length]!);
    const [together, alone] = [await embedder.embed(many, 'passage'), await embedder.embed([texts[1]!], 'passage')];
    expect(together).toHaveLength(200);
    expect(cosine(together[1]!, alone[0]!)).toBeGreaterThan(0.9999);
    expect(cosine(together[197]!, alone[0]!)).toBeGreaterThan(0.9999);
    expect(cosine(together[0]!, together[4]!)).toBeGreaterThan(0.9999);
    expect(cosine(together[0]!, together[1]!)).toBeLessThan(0.9999);
  });

  it('bears a very long text, and calls side by side', async () => {
    const long = texts[0]!.concat(' ').repeat(5_000);
    const found = await Promise.all([embedder.embed([long], 'passage'), embedder.embed(texts, 'query')]);
    expect(found[0][0]).toHaveLength(embedder.dimensions);
    expect(found[1]).toHaveLength(texts.length);
  });
}
