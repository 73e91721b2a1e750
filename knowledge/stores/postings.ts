import type { Scored, WeightedTerm } from '../keyword-index.ts';
import { createBestList } from './best-list.ts';
import type { Slots } from './slots.ts';

/** How much a word counts in each field, how strongly the field's length is levelled out (b), and the saturation of repeats (k1). */
export interface FieldWeights {
  k1: number;
  title: { weight: number; b: number };
  headings: { weight: number; b: number };
  body: { weight: number; b: number };
}

/** Term counts of one entry: pairs of term id and packed counts, and the three field lengths. */
export interface CountedEntry {
  terms: Uint32Array;
  lengths: readonly [title: number, headings: number, body: number];
}

/** Postings touched before the remaining, most frequent, terms are only looked up for the best candidates so far. */
const fullPostings = 40_000;
const candidatesKept = 2_000;

/** Packs the counts of one term: title and headings up to 15, body up to 4,095. */
export function packCounts(title: number, headings: number, body: number): number {
  return Math.min(title, 15) | (Math.min(headings, 15) << 4) | (Math.min(body, 4_095) << 8);
}

/**
 * An inverted index in memory scored by BM25F (Robertson, Zaragoza, Taylor 2004: weighted, per-field length-normalised counts are summed
 * before saturation). Terms go rarest first; after `fullPostings` the rest refine only the best candidates ("continue" strategy of Moffat
 * and Zobel 1996), so that frequent words cost no full pass. Small corpora are always scored in full.
 */
export interface Postings {
  add(slot: number, entry: CountedEntry): void;
  remove(slot: number): void;
  search(terms: readonly (WeightedTerm & { id: number })[], visible: Uint8Array, limit: number): Scored[];
  /** Robertson's idf with the +1 that keeps it positive. */
  idf(term: number): number;
  /** Pairs of term id and packed counts of a living slot. */
  termsOf(slot: number): Uint32Array | undefined;
}

/** Makes an empty index over a table of slots. */
export function createPostings(slots: Slots, weights: FieldWeights): Postings {
  const lists: (Int32Array | undefined)[] = [];
  const used: number[] = [];
  const living: number[] = [];
  const forward: (Uint32Array | undefined)[] = [];
  const totals = [0, 0, 0];
  let lengths = new Uint32Array(3 * 1_024);
  let norms = new Float32Array(0);
  let scores = new Float64Array(0);
  let dirty = true;

  const addPosting = (term: number, slot: number, packed: number): void => {
    const at = used[term] ?? 0;
    let list = lists[term];
    if (list === undefined || at + 2 > list.length) {
      const larger = new Int32Array(list === undefined ? 2 : list.length * 2);
      if (list !== undefined) larger.set(list);
      lists[term] = list = larger;
    }
    list[at] = slot;
    list[at + 1] = packed;
    used[term] = at + 2;
    living[term] = (living[term] ?? 0) + 1;
  };

  const prepare = (): void => {
    if (!dirty) return;
    const count = Math.max(1, slots.living());
    const fields = [weights.title, weights.headings, weights.body];
    if (norms.length < slots.size() * 3) norms = new Float32Array(Math.ceil(slots.size() * 1.5) * 3);
    if (scores.length < slots.size()) scores = new Float64Array(Math.ceil(slots.size() * 1.5));
    for (let field = 0; field < 3; field += 1) {
      const average = Math.max(1e-9, totals[field]! / count);
      const { weight, b } = fields[field]!;
      for (let slot = 0; slot < slots.size(); slot += 1)
        norms[slot * 3 + field] = weight / (1 - b + (b * lengths[slot * 3 + field]!) / average);
    }
    dirty = false;
  };

  const contribution = (slot: number, packed: number): number => {
    const at = slot * 3;
    const count = (packed & 15) * norms[at]! + ((packed >> 4) & 15) * norms[at + 1]! + (packed >> 8) * norms[at + 2]!;
    return (count * (weights.k1 + 1)) / (count + weights.k1);
  };

  const idf = (term: number): number => {
    const frequency = living[term] ?? 0;
    return Math.log(1 + (slots.living() - frequency + 0.5) / (frequency + 0.5));
  };

  return {
    idf,
    termsOf: (slot) => forward[slot],
    add: (slot, entry) => {
      if (slot * 3 + 3 > lengths.length) {
        const larger = new Uint32Array(lengths.length * 2);
        larger.set(lengths);
        lengths = larger;
      }
      for (let field = 0; field < 3; field += 1) {
        lengths[slot * 3 + field] = entry.lengths[field]!;
        totals[field] = totals[field]! + entry.lengths[field]!;
      }
      for (let at = 0; at < entry.terms.length; at += 2) addPosting(entry.terms[at]!, slot, entry.terms[at + 1]!);
      forward[slot] = entry.terms;
      dirty = true;
    },
    remove: (slot) => {
      const terms = forward[slot];
      if (terms === undefined) return;
      for (let at = 0; at < terms.length; at += 2) living[terms[at]!] = (living[terms[at]!] ?? 1) - 1;
      for (let field = 0; field < 3; field += 1) totals[field] = totals[field]! - lengths[slot * 3 + field]!;
      forward[slot] = undefined;
      dirty = true;
    },
    search: (terms, visible, limit) => {
      prepare();
      const classes = slots.classes();
      const ranked = terms
        .map(({ id, weight }) => ({ id, value: weight * idf(id) }))
        .filter(({ id, value }) => value > 0 && (living[id] ?? 0) > 0)
        .sort((left, right) => (used[left.id] ?? 0) - (used[right.id] ?? 0) || left.id - right.id);
      const touched: number[] = [];
      let spent = 0;
      let next = 0;
      for (; next < ranked.length; next += 1) {
        const { id, value } = ranked[next]!;
        const end = used[id]!;
        if (spent > 0 && spent + end / 2 > fullPostings && touched.length >= limit) break;
        spent += end / 2;
        const list = lists[id]!;
        for (let at = 0; at < end; at += 2) {
          const slot = list[at]!;
          if (visible[classes[slot]!] === 0) continue;
          if (scores[slot] === 0) touched.push(slot);
          scores[slot] = scores[slot]! + value * contribution(slot, list[at + 1]!);
        }
      }
      const best = createBestList(limit, (slot) => slots.idOf(slot));
      const refine = ranked.slice(next);
      for (const slot of refine.length === 0 ? touched : bestOf(touched, scores, Math.max(candidatesKept, limit))) {
        let score = scores[slot]!;
        for (const { id, value } of refine) {
          const packed = find(lists[id]!, used[id]!, slot);
          if (packed !== 0) score += value * contribution(slot, packed);
        }
        if (score >= best.threshold()) best.offer(slot, score);
      }
      for (const slot of touched) scores[slot] = 0;
      return best.take();
    },
  };
}

function bestOf(touched: number[], scores: Float64Array, count: number): number[] {
  if (touched.length <= count) return touched;
  const sample = Float64Array.from(touched, (slot) => scores[slot]!).sort();
  const cut = sample[sample.length - count]!;
  return touched.filter((slot) => scores[slot]! >= cut);
}

/** Binary search of a slot in a list of pairs; 0 when absent. */
function find(list: Int32Array, end: number, slot: number): number {
  let low = 0;
  let high = end / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = list[middle * 2]!;
    if (value === slot) return list[middle * 2 + 1]!;
    if (value < slot) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}
