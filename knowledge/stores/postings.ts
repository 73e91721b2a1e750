import type { Scored, WeightedTerm } from '../keyword-index.ts';
import { createBestList } from './best-list.ts';
import { createPostingLists } from './posting-lists.ts';
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

export interface PostingsQuery {
  terms: readonly (WeightedTerm & { id: number })[];
  /** One byte an access class, see `Slots`. */
  visible: Uint8Array;
  limit: number;
  titleOnly?: boolean;
}

/** Postings touched before the remaining, most frequent, terms are only looked up for the best candidates so far. */
const fullPostings = 12_000;
const candidatesKept = 800;
const scoreSteps = 1_024;
/** Keeps a title of one word from winning by that word alone. */
const titleFloor = 2;

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
  search(query: PostingsQuery): Scored[];
  /** Robertson's idf with the +1 that keeps it positive. */
  idf(term: number): number;
  /** Pairs of term id and packed counts of a living slot. */
  termsOf(slot: number): Uint32Array | undefined;
}

/** Makes an empty index over a table of slots. */
export function createPostings(slots: Slots, weights: FieldWeights): Postings {
  const everywhere = createPostingLists();
  const inTitles = createPostingLists();
  const living: number[] = [];
  const forward: (Uint32Array | undefined)[] = [];
  const totals = [0, 0, 0];
  let lengths = new Uint32Array(3 * 1_024);
  let norms = new Float32Array(0);
  let scores = new Float64Array(0);
  let dirty = true;

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

  const inTitle = (slot: number, packed: number): number => (packed === 0 ? 0 : 1 / (titleFloor + lengths[slot * 3]!));
  const inAllFields = (slot: number, packed: number): number => {
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
      for (let at = 0; at < entry.terms.length; at += 2) {
        const term = entry.terms[at]!;
        const packed = entry.terms[at + 1]!;
        everywhere.add(term, slot, packed);
        if ((packed & 15) > 0) inTitles.add(term, slot, packed);
        living[term] = (living[term] ?? 0) + 1;
      }
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
    search: ({ terms, visible, limit, titleOnly = false }) => {
      const contribution = titleOnly ? inTitle : inAllFields;
      const lists = titleOnly ? inTitles : everywhere;
      prepare();
      const classes = slots.classes();
      const ranked = terms
        .map(({ id, weight }) => ({ id, value: weight * idf(id) }))
        .filter(({ id, value }) => value > 0 && lists.length(id) > 0)
        .sort((left, right) => lists.length(left.id) - lists.length(right.id) || left.id - right.id);
      const touched: number[] = [];
      let spent = 0;
      let next = 0;
      for (; next < ranked.length; next += 1) {
        const { id, value } = ranked[next]!;
        const length = lists.length(id);
        if (spent > 0 && spent + length > fullPostings && touched.length >= limit) break;
        spent += length;
        const list = lists.pairs(id);
        for (let at = 0; at < 2 * length; at += 2) {
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
          const packed = lists.find(id, slot);
          if (packed !== 0) score += value * contribution(slot, packed);
        }
        if (score >= best.threshold()) best.offer(slot, score);
      }
      for (const slot of touched) scores[slot] = 0;
      return best.take();
    },
  };
}

/** About the `count` best of the touched slots (a histogram of scores finds the cut), all of them when they are few. */
function bestOf(touched: number[], scores: Float64Array, count: number): number[] {
  if (touched.length <= count) return touched;
  let highest = 0;
  for (const slot of touched) if (scores[slot]! > highest) highest = scores[slot]!;
  const histogram = new Uint32Array(scoreSteps + 1);
  const step = scoreSteps / highest;
  for (const slot of touched) {
    const bucket = Math.floor(scores[slot]! * step);
    histogram[bucket] = histogram[bucket]! + 1;
  }
  let cut = scoreSteps;
  for (let seen = histogram[cut]!; seen < count && cut > 0; seen += histogram[cut]!) cut -= 1;
  return touched.filter((slot) => Math.floor(scores[slot]! * step) >= cut);
}
