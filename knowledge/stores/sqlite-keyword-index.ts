import type { Database } from '../../infra/runtime/database.ts';
import type { KnowledgeKind } from '../chunk.ts';
import type { KeywordEntry, KeywordIndex, WeightedTerm } from '../keyword-index.ts';
import { createPostings, type FieldWeights, packCounts } from './postings.ts';
import { createSlots } from './slots.ts';

/** Chosen on questions made from documents' own headings, not on any benchmark's queries; see the knowledge README. */
export const defaultFieldWeights: FieldWeights = {
  k1: 1.6,
  title: { weight: 4, b: 0.1 },
  headings: { weight: 0.6, b: 0.5 },
  body: { weight: 1, b: 0.8 },
};

/**
 * The embedded keyword index: each entry's counted terms are one row of the file, and postings are built from the rows in memory when the
 * file is opened, so that index and entries cannot disagree, also after a kill. Rows that another process wrote are taken in before the
 * next search. Memory: about 1.5 kB an entry of 300 words.
 */
export function openSqliteKeywordIndex(
  deps: { database: Database },
  options: { weights?: FieldWeights } = {},
): KeywordIndex {
  const { database } = deps;
  const { sql } = database;
  const weights = options.weights ?? defaultFieldWeights;
  let slots = createSlots();
  let postings = createPostings(slots, weights);
  const termIds = new Map<string, number>();
  const termNames: string[] = [];
  let lastTerm = 0;
  let lastRow = 0;
  let lastDeleted = 0;
  let version = -1;

  const newTerms = sql.prepare('SELECT id, term FROM keyword_terms WHERE id > ? ORDER BY id');
  const newRows = sql.prepare(
    'SELECT row, id, kind, labels, lengths, terms FROM keyword_rows WHERE row > ? ORDER BY row',
  );
  const newDeleted = sql.prepare('SELECT sequence, id FROM keyword_deleted WHERE sequence > ? ORDER BY sequence');
  const dataVersion = sql.prepare('PRAGMA data_version');
  const addTerm = sql.prepare('INSERT INTO keyword_terms (id, term) VALUES (?, ?)');
  const removeRow = sql.prepare('DELETE FROM keyword_rows WHERE id = ?');
  const noteDeleted = sql.prepare('INSERT INTO keyword_deleted (id) VALUES (?)');
  const addRow = sql.prepare(
    'INSERT INTO keyword_rows (id, kind, labels, lengths, terms) VALUES (?, ?, ?, ?, ?) RETURNING row',
  );

  const forget = (id: string): void => {
    const slot = slots.remove(id);
    if (slot !== undefined) postings.remove(slot);
  };
  const learn = (term: string, id: number): void => {
    termIds.set(term, id);
    termNames[id] = term;
    lastTerm = Math.max(lastTerm, id);
  };
  /** Takes in what other connections wrote: deletions by sequence, then rows and terms by number. */
  const takeIn = (): void => {
    for (const row of newTerms.iterate(lastTerm)) learn(String(row['term']), Number(row['id']));
    for (const row of newDeleted.iterate(lastDeleted)) {
      forget(String(row['id']));
      lastDeleted = Number(row['sequence']);
    }
    for (const row of newRows.iterate(lastRow)) {
      const id = String(row['id']);
      forget(id);
      const slot = slots.add(id, kindIn(row['kind']), listIn(row['labels']));
      postings.add(slot, { terms: numbersIn(row['terms']), lengths: lengthsIn(row['lengths']) });
      lastRow = Number(row['row']);
    }
  };
  const refresh = (): void => {
    const now = Number(dataVersion.get()?.['data_version'] ?? 0);
    if (now === version) return;
    takeIn();
    version = now;
  };
  /** Dead slots cost memory and time; rebuilt when they outnumber the living. */
  const compact = (): void => {
    if (slots.size() < 2_000 || slots.size() < 2 * slots.living()) return;
    slots = createSlots();
    postings = createPostings(slots, weights);
    lastRow = 0;
    takeIn();
  };
  const countedOf = (entry: KeywordEntry): Uint32Array => {
    const counts = new Map<number, [number, number, number]>();
    const fields = [entry.title, entry.headings, entry.body] as const;
    for (const field of [0, 1, 2] as const) {
      const terms = fields[field];
      for (const term of terms) {
        let id = termIds.get(term);
        if (id === undefined) {
          id = lastTerm + 1;
          addTerm.run(id, term);
          learn(term, id);
        }
        const found = counts.get(id);
        if (found === undefined) counts.set(id, [+(field === 0), +(field === 1), +(field === 2)]);
        else found[field] += 1;
      }
    }
    const packed = new Uint32Array(counts.size * 2);
    let at = 0;
    for (const [id, [title, headings, body]] of counts) {
      packed[at] = id;
      packed[at + 1] = packCounts(title, headings, body);
      at += 2;
    }
    return packed;
  };
  const known = (terms: readonly WeightedTerm[]): (WeightedTerm & { id: number })[] => {
    const merged = new Map<number, WeightedTerm & { id: number }>();
    for (const { term, weight } of terms) {
      const id = termIds.get(term);
      if (id === undefined) continue;
      const found = merged.get(id);
      if (found === undefined) merged.set(id, { term, weight, id });
      else found.weight += weight;
    }
    return [...merged.values()];
  };
  const write = (work: () => void): void => {
    try {
      database.transaction(() => {
        takeIn();
        work();
        takeIn();
      });
    } catch (thrown) {
      // What was learnt within the failed transaction is not in the file: start again from it.
      slots = createSlots();
      postings = createPostings(slots, weights);
      termIds.clear();
      termNames.length = 0;
      lastTerm = lastRow = lastDeleted = 0;
      version = -1;
      throw thrown;
    }
    compact();
  };

  refresh();
  return {
    name: 'sqlite',
    upsert: (entries) => {
      write(() => {
        for (const entry of entries) {
          removeRow.run(entry.id);
          const lengths = [entry.title.length, entry.headings.length, entry.body.length];
          const terms = countedOf(entry);
          addRow.get(
            entry.id,
            entry.kind,
            JSON.stringify(entry.labels),
            JSON.stringify(lengths),
            new Uint8Array(terms.buffer),
          );
        }
      });
      return Promise.resolve();
    },
    delete: (ids) => {
      write(() => {
        for (const id of ids) if (removeRow.run(id).changes > 0) noteDeleted.run(id);
      });
      return Promise.resolve();
    },
    search: ({ terms, field, scope, limit, offset = 0 }) => {
      refresh();
      return Promise.resolve(
        postings
          .search({
            terms: known(terms),
            visible: slots.visible(scope),
            limit: limit + offset,
            titleOnly: field === 'title',
          })
          .slice(offset),
      );
    },
    distinctiveTerms: (ids, limit) => {
      refresh();
      const sums = new Map<number, number>();
      for (const id of ids) {
        const slot = slots.slotOf(id);
        const terms = slot === undefined ? undefined : postings.termsOf(slot);
        if (terms === undefined) continue;
        for (let at = 0; at < terms.length; at += 2) {
          const packed = terms[at + 1]!;
          const count = (packed & 15) + ((packed >> 4) & 15) + (packed >> 8);
          const share = (count / (count + 1)) * postings.idf(terms[at]!);
          sums.set(terms[at]!, (sums.get(terms[at]!) ?? 0) + share);
        }
      }
      const ranked = [...sums].sort((left, right) => right[1] - left[1] || left[0] - right[0]).slice(0, limit);
      return Promise.resolve(ranked.map(([id, weight]) => ({ term: termNames[id]!, weight })));
    },
    ids: (after, limit) => {
      refresh();
      const sorted = slots.sortedIds();
      const from = sorted.findIndex((id) => id > after);
      return Promise.resolve(from < 0 ? [] : sorted.slice(from, from + limit));
    },
    count: () => {
      refresh();
      return Promise.resolve(slots.living());
    },
    close: () => Promise.resolve(),
  };
}

/** The kind as the file holds it; an unknown one is an ordinary document. */
export function kindIn(value: unknown): KnowledgeKind {
  return value === 'runbook' || value === 'incident' ? value : 'document';
}

/** A list of words as the file holds it. */
export function listIn(value: unknown): string[] {
  const parsed: unknown = JSON.parse(String(value));
  return Array.isArray(parsed) ? parsed.filter((item) => typeof item === 'string') : [];
}

function lengthsIn(value: unknown): [number, number, number] {
  const parsed: unknown = JSON.parse(String(value));
  const numbers = Array.isArray(parsed) ? parsed.map(Number) : [];
  return [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
}

function numbersIn(value: unknown): Uint32Array {
  const bytes = value instanceof Uint8Array ? value : new Uint8Array();
  return new Uint32Array(bytes.slice().buffer);
}
