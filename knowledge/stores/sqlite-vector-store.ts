import type { Database } from '../../infra/runtime/database.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { VectorEntry, VectorStore } from '../vector-store.ts';
import { createSlots } from './slots.ts';
import { kindIn, listIn } from './sqlite-keyword-index.ts';
import { createVectorTable } from './vector-table.ts';

/**
 * The embedded vector store: rows of one file, searched in memory. Small spaces are searched in full; larger ones by binary codes first
 * (see `createVectorTable`) and then exactly among the nearest codes. Memory: 4 bytes a dimension and 32 bytes of code an entry.
 */
export function openSqliteVectorStore(
  deps: { database: Database },
  options: { space: string; dimensions: number; rescored?: number },
): VectorStore {
  const { database } = deps;
  const { sql } = database;
  const { space, dimensions } = options;
  let slots = createSlots();
  let table = createVectorTable(slots, options);
  let lastRow = 0;
  let lastDeleted = 0;
  let version = -1;
  const newRows = sql.prepare(
    'SELECT row, id, kind, labels, vector FROM vector_rows WHERE space = ? AND row > ? ORDER BY row',
  );
  const newDeleted = sql.prepare(
    'SELECT sequence, id FROM vector_deleted WHERE space = ? AND sequence > ? ORDER BY sequence',
  );
  const dataVersion = sql.prepare('PRAGMA data_version');
  const removeRow = sql.prepare('DELETE FROM vector_rows WHERE space = ? AND id = ?');
  const noteDeleted = sql.prepare('INSERT INTO vector_deleted (space, id) VALUES (?, ?)');
  const addRow = sql.prepare('INSERT INTO vector_rows (space, id, kind, labels, vector) VALUES (?, ?, ?, ?, ?)');

  const takeIn = (): void => {
    for (const row of newDeleted.iterate(space, lastDeleted)) {
      slots.remove(String(row['id']));
      lastDeleted = Number(row['sequence']);
    }
    for (const row of newRows.iterate(space, lastRow)) {
      const id = String(row['id']);
      slots.remove(id);
      table.set(slots.add(id, kindIn(row['kind']), listIn(row['labels'])), vectorIn(row['vector']));
      lastRow = Number(row['row']);
    }
  };
  const refresh = (): void => {
    const now = Number(dataVersion.get()?.['data_version'] ?? 0);
    if (now === version) return;
    takeIn();
    version = now;
  };
  const compact = (): void => {
    if (slots.size() < 2_000 || slots.size() < 2 * slots.living()) return;
    reset();
    takeIn();
  };
  const reset = (): void => {
    slots = createSlots();
    table = createVectorTable(slots, options);
    lastRow = 0;
  };
  const write = (work: () => void): void => {
    try {
      database.transaction(() => {
        work();
        takeIn();
      });
    } catch (thrown) {
      reset();
      lastDeleted = 0;
      version = -1;
      throw thrown;
    }
    compact();
  };
  refresh();
  return {
    name: 'sqlite',
    space,
    dimensions,
    upsert: (entries) => {
      for (const { id, vector } of entries) checkDimensions(vector, dimensions, id);
      write(() => {
        for (const { id, kind, labels, vector } of entries) {
          removeRow.run(space, id);
          addRow.run(
            space,
            id,
            kind,
            JSON.stringify(labels),
            new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength),
          );
        }
      });
      return Promise.resolve();
    },
    delete: (ids) => {
      write(() => {
        for (const id of ids) if (removeRow.run(space, id).changes > 0) noteDeleted.run(space, id);
      });
      return Promise.resolve();
    },
    search: ({ vector, scope, limit, offset = 0 }) => {
      checkDimensions(vector, dimensions, 'the query');
      refresh();
      return Promise.resolve(table.search(vector, slots.visible(scope), limit + offset).slice(offset));
    },
    entries: (after, limit) => {
      refresh();
      const sorted = slots.sortedIds();
      const from = sorted.findIndex((id) => id > after);
      const ids = from < 0 ? [] : sorted.slice(from, from + limit);
      return Promise.resolve(
        ids.map((id): VectorEntry => {
          const slot = slots.slotOf(id)!;
          return { id, kind: slots.kindOf(slot), labels: slots.labelsOf(slot), vector: table.vector(slot) };
        }),
      );
    },
    count: () => {
      refresh();
      return Promise.resolve(slots.living());
    },
    drop: () => {
      sql.prepare('DELETE FROM vector_rows WHERE space = ?').run(space);
      reset();
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Throws INPUT_INVALID for a vector that is not of the space. */
export function checkDimensions(vector: Float32Array, dimensions: number, what: string): void {
  if (vector.length !== dimensions)
    throw new CerebroError(
      'INPUT_INVALID',
      `The vector of ${what} has ${vector.length} dimensions, this space has ${dimensions}; re-embed with the current embedder.`,
    );
}

function vectorIn(value: unknown): Float32Array {
  return value instanceof Uint8Array ? new Float32Array(value.slice().buffer) : new Float32Array();
}
