import { Client } from '@opensearch-project/opensearch';
import { z } from 'zod';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { KeywordIndex, SearchScope } from '../keyword-index.ts';
import { defaultFieldWeights } from './sqlite-keyword-index.ts';

const hits = z.object({
  hits: z.object({ hits: z.array(z.object({ _id: z.string(), _score: z.number().nullable() })) }),
});
const counted = z.object({ count: z.number() });
const vectors = z.object({
  docs: z.array(
    z.object({
      term_vectors: z
        .record(
          z.string(),
          z.object({
            terms: z.record(z.string(), z.object({ term_freq: z.number(), doc_freq: z.number().optional() })),
          }),
        )
        .optional(),
    }),
  ),
});
const bulked = z.object({ errors: z.boolean() });

/** Written into the mapping; an index with another number is brought up to date when it is opened. */
const schemaVersion = 1;
const fields = ['title', 'headings', 'body'] as const;

/**
 * The keyword index in OpenSearch. Words come split by our own analyzer, so the index only parts them at spaces: every variant searches the
 * same terms. BM25 is OpenSearch's own, with our k1 and each field's weight and length normalisation. Throws BACKEND_UNAVAILABLE.
 */
export function openOpenSearchKeywordIndex(options: {
  url: string;
  username?: string;
  password?: string;
  index?: string;
  timeoutMs?: number;
}): KeywordIndex {
  const index = options.index ?? 'cerebro-keywords';
  const client = new Client({
    node: options.url,
    requestTimeout: options.timeoutMs ?? 10_000,
    ...(options.username === undefined
      ? {}
      : { auth: { username: options.username, password: options.password ?? '' } }),
  });
  let made: Promise<void> | undefined;
  const make = async (): Promise<void> => {
    const { body: exists } = await client.indices.exists({ index });
    if (!exists) {
      await client.indices.create({ index, body: { settings: settings(), mappings: mappings() } });
      return;
    }
    const { body: held } = await client.indices.getMapping({ index });
    if (Object.values(held).every(({ mappings: { _meta: meta } }) => meta?.['cerebro'] === schemaVersion)) return;
    // Similarities may only be added while the index is closed.
    const { similarity } = settings();
    await client.indices.close({ index });
    await client.indices.putSettings({ index, body: { similarity } });
    await client.indices.open({ index, wait_for_active_shards: '1' });
    await client.indices.putMapping({ index, body: mappings() }).catch((thrown: unknown) => {
      throw new CerebroError(
        'STORE_DAMAGED',
        `The OpenSearch index ${index} has fields of another make; name a new index in the config and run \`cerebro knowledge move\`.`,
        { cause: thrown },
      );
    });
  };
  const ready = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      made ??= make();
      await made;
      return await work();
    } catch (thrown) {
      made = undefined;
      if (thrown instanceof CerebroError) throw thrown;
      throw new CerebroError(
        'BACKEND_UNAVAILABLE',
        `OpenSearch at ${options.url} did not do as asked: ${String(thrown)}`,
        {
          cause: thrown,
        },
      );
    }
  };
  const bulk = (lines: Record<string, unknown>[]): Promise<void> =>
    ready(async () => {
      const { body } = await client.bulk({ body: lines, refresh: true });
      if (bulked.parse(body).errors && !lines.every((line) => 'delete' in line))
        throw new Error(JSON.stringify(body).slice(0, 300));
    });
  return {
    name: 'opensearch',
    upsert: async (entries) => {
      if (entries.length === 0) return;
      await bulk(
        entries.flatMap(({ id, kind, labels, title, headings, body }) => [
          { index: { _index: index, _id: id } },
          {
            id,
            kind,
            labels,
            label_count: new Set(labels).size,
            title: title.join(' '),
            headings: headings.join(' '),
            body: body.join(' '),
          },
        ]),
      );
    },
    delete: async (ids) => {
      if (ids.length > 0) await bulk(ids.map((id) => ({ delete: { _index: index, _id: id } })));
    },
    search: ({ terms, field, scope, limit, offset = 0 }) =>
      ready(async () => {
        if (terms.length === 0) return [];
        const { body } = await client.transport.request({
          method: 'POST',
          path: `/${index}/_search`,
          body: {
            from: offset,
            size: limit,
            track_total_hits: false,
            _source: false,
            sort: [{ _score: 'desc' }, { id: 'asc' }],
            track_scores: true,
            query: {
              bool: { filter: filterOf(scope), must: { bool: { should: terms.map((term) => queryOf(term, field)) } } },
            },
          },
        });
        return hits.parse(body).hits.hits.map(({ _id, _score }) => ({ id: _id, score: _score ?? 0 }));
      }),
    distinctiveTerms: (ids, limit) =>
      ready(async () => {
        if (ids.length === 0) return [];
        const [{ body }, { body: all }] = await Promise.all([
          client.transport.request({
            method: 'POST',
            path: `/${index}/_mtermvectors`,
            body: {
              ids: [...ids],
              parameters: { fields: [...fields], term_statistics: true, positions: false, offsets: false },
            },
          }),
          client.count({ index }),
        ]);
        const total = counted.parse(all).count;
        const sums = new Map<string, number>();
        for (const { term_vectors: found } of vectors.parse(body).docs)
          for (const { terms } of Object.values(found ?? {}))
            for (const [term, { term_freq: count, doc_freq: holding = 1 }] of Object.entries(terms)) {
              const idf = Math.log(1 + (total - holding + 0.5) / (holding + 0.5));
              sums.set(term, (sums.get(term) ?? 0) + (count / (count + 1)) * Math.max(0, idf));
            }
        return [...sums]
          .sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))
          .slice(0, limit)
          .map(([term, weight]) => ({ term, weight }));
      }),
    ids: (after, limit) =>
      ready(async () => {
        const { body } = await client.transport.request({
          method: 'POST',
          path: `/${index}/_search`,
          body: {
            size: limit,
            _source: false,
            sort: [{ id: 'asc' }],
            query: { range: { id: { gt: after } } },
          },
        });
        return hits.parse(body).hits.hits.map(({ _id }) => _id);
      }),
    count: () => ready(async () => counted.parse((await client.count({ index })).body).count),
    close: () => client.close(),
  };
}

/** One clause a term, so that each keeps its own weight. */
function queryOf(
  { term, weight }: { term: string; weight: number },
  only: 'title' | undefined,
): Record<string, unknown> {
  if (only === 'title') return { match: { title: { query: term, boost: weight } } };
  const boosted = fields.map((name) => `${name}^${defaultFieldWeights[name].weight}`);
  return { multi_match: { query: term, fields: boosted, type: 'most_fields', boost: weight } };
}

/** A passage passes when as many of its labels are held as it has. */
function filterOf(scope: SearchScope): Record<string, unknown>[] {
  const unlabelled = { term: { label_count: 0 } };
  const held = { terms_set: { labels: { terms: [...scope.labels], minimum_should_match_field: 'label_count' } } };
  return [
    { bool: { should: scope.labels.length === 0 ? [unlabelled] : [unlabelled, held], minimum_should_match: 1 } },
    ...(scope.kinds.length === 0 ? [] : [{ terms: { kind: [...scope.kinds] } }]),
  ];
}

function settings() {
  const similarity = Object.fromEntries(
    fields.map((name) => [
      `ours_${name}`,
      { type: 'BM25', k1: defaultFieldWeights.k1, b: defaultFieldWeights[name].b },
    ]),
  );
  return { number_of_shards: 1, number_of_replicas: 0, similarity };
}

function mappings() {
  const text = Object.fromEntries(
    fields.map((name) => [
      name,
      { type: 'text' as const, analyzer: 'whitespace', similarity: `ours_${name}`, term_vector: 'yes' },
    ]),
  );
  const keyword = { type: 'keyword' as const };
  return {
    _meta: { cerebro: schemaVersion },
    properties: { id: keyword, kind: keyword, labels: keyword, label_count: { type: 'integer' as const }, ...text },
  };
}
