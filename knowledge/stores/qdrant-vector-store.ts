import { createHash } from 'node:crypto';
import { QdrantClient } from '@qdrant/js-client-rest';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { SearchScope } from '../keyword-index.ts';
import type { VectorEntry, VectorStore } from '../vector-store.ts';
import { kindIn } from './sqlite-keyword-index.ts';
import { checkDimensions } from './sqlite-vector-store.ts';

const pageSize = 512;

/**
 * Vectors in Qdrant, one collection a space, made on first use. Access is a filter that Qdrant applies while it searches, so a page is never
 * short for what it hides. Throws BACKEND_UNAVAILABLE where the server does not answer.
 */
export function openQdrantVectorStore(options: {
  url: string;
  apiKey?: string;
  space: string;
  dimensions: number;
  timeoutMs?: number;
}): VectorStore {
  const { space, dimensions } = options;
  const client = new QdrantClient({
    url: options.url,
    timeout: options.timeoutMs ?? 10_000,
    checkCompatibility: false,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
  });
  const collection = `cerebro_${createHash('sha256').update(space).digest('hex').slice(0, 16)}`;
  let made: Promise<void> | undefined;
  const make = async (): Promise<void> => {
    const { exists } = await client.collectionExists(collection);
    if (exists) return;
    await client.createCollection(collection, { vectors: { size: dimensions, distance: 'Cosine' } });
    for (const field of ['id', 'kind', 'labels'])
      await client.createPayloadIndex(collection, { field_name: field, field_schema: 'keyword', wait: true });
  };
  const ready = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      made ??= make();
      await made;
      return await work();
    } catch (thrown) {
      made = undefined;
      throw new CerebroError('BACKEND_UNAVAILABLE', `Qdrant at ${options.url} did not do as asked: ${String(thrown)}`, {
        cause: thrown,
      });
    }
  };
  const payloads = async (after: string): Promise<{ id: string; point: string }[]> => {
    const found: { id: string; point: string }[] = [];
    let offset: string | number | undefined;
    do {
      const page = await client.scroll(collection, {
        limit: pageSize,
        with_payload: ['id'],
        ...(offset === undefined ? {} : { offset }),
      });
      for (const point of page.points) found.push({ id: String(point.payload?.['id']), point: String(point.id) });
      const next = page.next_page_offset;
      offset = typeof next === 'string' || typeof next === 'number' ? next : undefined;
    } while (offset !== undefined);
    return found.filter(({ id }) => id > after).sort((left, right) => (left.id < right.id ? -1 : 1));
  };
  return {
    name: 'qdrant',
    space,
    dimensions,
    upsert: async (entries) => {
      for (const { id, vector } of entries) checkDimensions(vector, dimensions, id);
      for (let from = 0; from < entries.length; from += pageSize) {
        const points = entries.slice(from, from + pageSize).map(({ id, kind, labels, vector }) => ({
          id: pointId(id),
          vector: Array.from(vector),
          payload: { id, kind, labels: [...labels] },
        }));
        await ready(() => client.upsert(collection, { wait: true, points }));
      }
    },
    delete: async (ids) => {
      if (ids.length > 0) await ready(() => client.delete(collection, { wait: true, points: ids.map(pointId) }));
    },
    search: ({ vector, scope, limit, offset = 0 }) => {
      checkDimensions(vector, dimensions, 'the query');
      return ready(async () => {
        const { points } = await client.query(collection, {
          query: Array.from(vector),
          filter: filterOf(scope),
          // Ties at the cut are settled by id here, so a few more are asked for.
          limit: limit + offset + 16,
          with_payload: ['id'],
        });
        return points
          .map(({ payload, score }) => ({ id: String(payload?.['id']), score }))
          .sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1))
          .slice(offset, offset + limit);
      });
    },
    entries: (after, limit) =>
      ready(async () => {
        const page = (await payloads(after)).slice(0, limit);
        const points = await client.retrieve(collection, {
          ids: page.map(({ point }) => point),
          with_payload: true,
          with_vector: true,
        });
        return points
          .map(({ payload, vector }): VectorEntry => {
            const labels: unknown = payload?.['labels'];
            return {
              id: String(payload?.['id']),
              kind: kindIn(payload?.['kind']),
              labels: Array.isArray(labels) ? labels.map(String) : [],
              vector: Float32Array.from(Array.isArray(vector) ? vector.map(Number) : []),
            };
          })
          .sort((left, right) => (left.id < right.id ? -1 : 1));
      }),
    count: () => ready(async () => (await client.count(collection, { exact: true })).count),
    drop: async () => {
      await ready(() => client.deleteCollection(collection));
      made = undefined;
    },
    close: () => Promise.resolve(),
  };
}

/** Qdrant takes UUIDs only; the true id is in the payload. */
function pointId(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** `except` matches a point that has any label which the asker lacks. */
function filterOf(scope: SearchScope): Record<string, unknown> {
  return {
    must_not: [{ key: 'labels', match: { except: [...scope.labels] } }],
    ...(scope.kinds.length === 0 ? {} : { must: [{ key: 'kind', match: { any: [...scope.kinds] } }] }),
  };
}
