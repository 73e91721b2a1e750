import { readFileSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createFakeClock, systemClock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createMetrics } from '../../../infra/runtime/metrics.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { SourceDocument } from '../../../knowledge/chunk.ts';
import type { SourceReader } from '../../../knowledge/ingestion/source-reader.ts';
import { openKnowledge } from '../../../knowledge/knowledge.ts';
import { bootstrapInterval } from '../../bootstrap-interval.ts';
import { readLines } from '../../run-suite.ts';
import type { Prediction, Score, ScoreReport, Suite } from '../../suite.ts';
import { createBm25, judge, type RankFigures, type Relevance } from './rank-metrics.ts';

/** A row of a corpus or query file. */
export type Row = Record<string, unknown>;

/** A field of a row as text; empty when it is missing or no text. */
export function textIn(row: Row | undefined, field: string): string {
  const value = row?.[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const ranked = 100;
const metrics: [metric: string, key: keyof RankFigures][] = [
  ['nDCG@10', 'ndcg10'],
  ['success@1', 'success1'],
  ['recall@5', 'recall5'],
  ['MRR@10', 'mrr10'],
];

/**
 * A suite that ranks the documents of `corpus.jsonl` for each line of `queries.jsonl` by the product's own search, opened on an empty store
 * with the embedder it learns from that corpus. Truth is a qrels file (`qid 0 docid grade`). BM25 is printed beside, also by query source.
 */
export function createRetrievalSuite(
  name: string,
  description: string,
  documentOf: (row: Row) => SourceDocument,
): Suite {
  return {
    name,
    description,
    predict: (options) => predict(folderOf(options.data), documentOf),
    write: (predictions, path) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, predictions.flatMap((prediction) => runLines(prediction)).join(''));
      return Promise.resolve();
    },
    score: (predictions, truth, options) =>
      Promise.resolve(
        truth === undefined ? { scores: [], failures: [] } : scoreAll(predictions, truth, folderOf(options.data)),
      ),
  };
}

function folderOf(data: string | undefined): string {
  if (data !== undefined) return data;
  throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder with corpus.jsonl and queries.jsonl>.');
}

async function* predict(folder: string, documentOf: (row: Row) => SourceDocument): AsyncGenerator<Prediction> {
  const rows = readLines(join(folder, 'corpus.jsonl'));
  const reader: SourceReader = {
    name: 'corpus',
    list: async function* () {
      for (const index of rows.keys())
        yield await Promise.resolve({ uri: String(rows[index]?.['_id']), stamp: `${index}` });
    },
    load: ({ stamp }) => Promise.resolve(new TextEncoder().encode(JSON.stringify(rows[Number(stamp)]))),
    parse: ({ stamp }) => Promise.resolve([documentOf(rows[Number(stamp)] ?? {})]),
  };
  const deps = { clock: createFakeClock(0), logger: silent, metrics: createMetrics() };
  const knowledge = openKnowledge(deps, { folder: ':memory:', sources: [], readers: [reader] });
  try {
    await knowledge.ingest();
    for (const query of readLines(join(folder, 'queries.jsonl'))) {
      const started = systemClock.monotonic();
      const found = await knowledge.retrieve({
        text: String(query['text']),
        scope: { kinds: [], labels: [] },
        entities: [],
        limit: ranked,
        ofOneDocument: 1,
        keepCopies: true,
      });
      yield {
        case: String(query['_id']),
        line: { ranking: found.map(({ passage, score }) => [passage.uri, score]) },
        elapsedMs: systemClock.monotonic() - started,
        calls: 1,
        tokens: 0,
        dollars: 0,
      };
    }
  } finally {
    await knowledge.close();
  }
}

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silent };

function rankingOf(prediction: Prediction): [id: string, score: number][] {
  const { ranking } = prediction.line;
  return Array.isArray(ranking)
    ? ranking.map((entry: unknown) => (Array.isArray(entry) ? [String(entry[0]), Number(entry[1])] : ['', 0]))
    : [];
}

function runLines(prediction: Prediction): string[] {
  return rankingOf(prediction).map(
    ([id, score], index) => `${prediction.case} Q0 ${id} ${index + 1} ${score.toFixed(6)} cerebro\n`,
  );
}

function readQrels(path: string): Map<string, Map<string, number>> {
  const file = statSync(path).isDirectory() ? join(path, 'qrels.tsv') : path;
  const qrels = new Map<string, Map<string, number>>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [query, , document, grade] = line.trim().split(/\s+/);
    if (query === undefined || document === undefined || grade === undefined) continue;
    const row = qrels.get(query) ?? new Map<string, number>();
    row.set(document, Number(grade));
    qrels.set(query, row);
  }
  return qrels;
}

function scoreAll(predictions: readonly Prediction[], truth: string, folder: string): ScoreReport {
  const qrels = readQrels(truth);
  const corpus = readLines(join(folder, 'corpus.jsonl')).map((row) => {
    const text = textIn(row, 'text');
    const title = textIn(row, 'title');
    return { id: String(row['_id']), text: text.includes(title) ? text : `${title} ${text}` };
  });
  const queries = new Map(readLines(join(folder, 'queries.jsonl')).map((row) => [String(row['_id']), row]));
  const bm25 = createBm25(corpus);
  const random = createRandom('zero information');
  const ids = corpus.map(({ id }) => id);
  const rows = predictions.flatMap((prediction) => {
    const relevance: Relevance | undefined = qrels.get(prediction.case);
    if (relevance === undefined) return [];
    const query = queries.get(prediction.case);
    const order = rankingOf(prediction).map(([id]) => id);
    return [
      {
        prediction,
        order,
        relevance,
        source: textIn(query, 'source'),
        ours: judge(order, relevance),
        plain: judge(bm25(textIn(query, 'text'), 10), relevance),
        chance: judge(random.shuffle(ids).slice(0, 10), relevance),
      },
    ];
  });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const scores = metrics.flatMap(([metric, key]): Score[] => {
    const { mean: score, low, high } = bootstrapInterval(rows.map(({ ours }) => ours[key]));
    const plain = bootstrapInterval(rows.map((row) => row.plain[key]));
    const baseline = mean(rows.map(({ chance }) => chance[key]));
    return [
      { metric, score, low, high, cases: rows.length, baseline },
      {
        metric: `${metric} of BM25`,
        score: plain.mean,
        low: plain.low,
        high: plain.high,
        cases: rows.length,
        baseline,
      },
    ];
  });
  const sources = [...new Set(rows.map(({ source }) => source))].sort();
  return {
    scores,
    failures: rows
      .filter(({ ours }) => ours.success1 === 0)
      .map(({ prediction, relevance, order }) => ({
        case: prediction.case,
        expected: [...relevance.keys()].slice(0, 2).join(' or '),
        got: order[0] ?? 'nothing',
      })),
    tables: [
      {
        title: 'nDCG@10 by source of the query',
        header: ['source', 'queries', 'ours', 'BM25'],
        rows: sources.map((source) => {
          const of = rows.filter((row) => row.source === source);
          return [
            source === '' ? '(one)' : source,
            String(of.length),
            mean(of.map(({ ours }) => ours.ndcg10)).toFixed(3),
            mean(of.map(({ plain }) => plain.ndcg10)).toFixed(3),
          ];
        }),
      },
    ],
  };
}
