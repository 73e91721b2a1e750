import type { Embedder } from '../embedder.ts';
import { splitWords } from '../text/split-words.ts';
import { decompose, type SparseRow } from './decompose.ts';
import { createSubWords } from './sub-words.ts';

/** What was learned from a corpus. Plain arrays, so that it can be kept in a file. */
export interface LearnedModel {
  version: string;
  rank: number;
  /** Passages that it was learned from. */
  passages: number;
  terms: string[];
  /** Inverse document frequency of each term. */
  idf: Float32Array;
  /** `rank` numbers a term. */
  directions: Float32Array;
}

export const learnedEmbedderName = 'learned';
const mostTerms = 12_000;
const mostPassages = 8_000;

/**
 * Learns an embedding from the team's own texts: latent semantic analysis (Deerwester et al. 1990) of log-scaled, idf-weighted terms, term
 * directions scaled by the root of their strength (Caron 2001). Longer lists of passages are thinned evenly to 8,000. `rank` is at most a quarter
 * of the passages. It knows only words that the corpus taught it; it cannot translate, and word order is lost.
 */
export async function learnEmbedding(
  passages: readonly string[],
  options: { rank?: number; version: string; passages?: number },
  signal?: AbortSignal,
): Promise<LearnedModel> {
  const step = Math.max(1, passages.length / mostPassages);
  const sample = Array.from(
    { length: Math.floor(passages.length / step) },
    (_, index) => passages[Math.floor(index * step)]!,
  );
  const counted = sample.map(countTerms);
  const frequency = new Map<string, number>();
  for (const counts of counted) for (const term of counts.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const least = sample.length < 50 ? 1 : 2;
  const terms = [...frequency]
    .filter(([, count]) => count >= least && count <= Math.max(least, sample.length * 0.5))
    .sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))
    .slice(0, mostTerms)
    .map(([term]) => term);
  const idf = Float32Array.from(terms, (term) => Math.log(1 + sample.length / frequency.get(term)!));
  const numberOf = new Map(terms.map((term, index) => [term, index]));
  const rows = counted.map((counts) => weighted(counts, numberOf, idf)).filter(({ columns }) => columns.length > 0);
  const rank = Math.max(1, Math.min(options.rank ?? 192, Math.ceil(rows.length / 4), terms.length));
  if (rows.length === 0)
    return {
      version: options.version,
      rank: 1,
      passages: options.passages ?? passages.length,
      terms: [],
      idf,
      directions: new Float32Array(),
    };
  const found = await decompose(rows, terms.length, rank, signal);
  const scaled = found.directions;
  const top = found.strengths[0] ?? 1;
  for (let index = 0; index < scaled.length; index += 1)
    scaled[index] = scaled[index]! * Math.sqrt(found.strengths[index % found.rank]! / (top > 0 ? top : 1));
  return {
    version: options.version,
    rank: found.rank,
    passages: options.passages ?? passages.length,
    terms,
    idf,
    directions: scaled,
  };
}

/** The embedder of a learned model. A word that it does not know is read as the known words it shares most letters with. */
export function createLearnedEmbedder(model: LearnedModel): Embedder {
  const numberOf = new Map(model.terms.map((term, index) => [term, index]));
  const subWords = createSubWords(model.terms);
  const embedOne = (text: string, purpose: 'query' | 'passage'): Float32Array => {
    const vector = new Float32Array(model.rank);
    for (const [term, count] of countTerms(text)) {
      const weight = 1 + Math.log(count);
      const known = numberOf.get(term);
      if (known !== undefined) addTerm(model, known, weight, vector);
      else if (purpose === 'query')
        for (const { index, likeness } of subWords.nearest(term)) addTerm(model, index, weight * likeness, vector);
    }
    return toUnit(vector);
  };
  return {
    name: learnedEmbedderName,
    version: model.version,
    dimensions: model.rank,
    embed: (texts, purpose) => Promise.resolve(texts.map((text) => embedOne(text, purpose))),
  };
}

function addTerm(model: LearnedModel, index: number, weight: number, vector: Float32Array): void {
  const factor = weight * model.idf[index]!;
  const from = index * model.rank;
  for (let k = 0; k < model.rank; k += 1) vector[k] = vector[k]! + factor * model.directions[from + k]!;
}

/** Scales to unit length in place; zero stays zero. */
export function toUnit(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum === 0) return vector;
  const scale = 1 / Math.sqrt(sum);
  for (let index = 0; index < vector.length; index += 1) vector[index] = vector[index]! * scale;
  return vector;
}

function countTerms(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of splitWords(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

function weighted(counts: Map<string, number>, numberOf: Map<string, number>, idf: Float32Array): SparseRow {
  const columns: number[] = [];
  const values: number[] = [];
  let sum = 0;
  for (const [term, count] of counts) {
    const column = numberOf.get(term);
    if (column === undefined) continue;
    const value = (1 + Math.log(count)) * idf[column]!;
    columns.push(column);
    values.push(value);
    sum += value * value;
  }
  const scale = 1 / Math.sqrt(Math.max(sum, 1e-12));
  return { columns: Uint32Array.from(columns), values: Float32Array.from(values, (value) => value * scale) };
}
