import { BaseCheckpointSaver, WRITES_IDX_MAP, copyCheckpoint, getCheckpointId } from '@langchain/langgraph-checkpoint';
import type {
  ChannelVersions,
  Checkpoint,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointPendingWrite,
  CheckpointTuple,
  PendingWrite,
} from '@langchain/langgraph-checkpoint';
import type { RunnableConfig } from '@langchain/core/runnables';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Database } from '../infra/runtime/database.ts';

export interface CheckpointerOptions {
  /** How many checkpoints of a thread and namespace to keep; older ones go with their writes. Default 20, at least 2. */
  keep?: number;
}

/**
 * A LangGraph checkpointer on our own SQLite file, with the semantics of LangGraph's in-memory saver. Values are plain JSON and nothing else:
 * nothing read back is ever revived into an object with behaviour, so text from outside that looks like a serialised class stays text.
 * Each put is one transaction; two processes may write to one file (a second writer waits).
 */
export function createCheckpointer(database: Database, options: CheckpointerOptions = {}): BaseCheckpointSaver {
  return new SqliteSaver(database, Math.max(2, options.keep ?? 20));
}

type Row = Record<string, unknown>;

/** LangGraph asks for a subclass; this is the one place where our code has one. */
class SqliteSaver extends BaseCheckpointSaver {
  readonly #database: Database;
  readonly #keep: number;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database, keep: number) {
    super();
    this.#database = database;
    this.#keep = keep;
    this.#statements = prepare(database);
  }

  override getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread, namespace } = placeOf(config);
    const id = getCheckpointId(config);
    if (thread === undefined) return Promise.resolve(undefined);
    const row =
      id === '' ? this.#statements.newest.get(thread, namespace) : this.#statements.one.get(thread, namespace, id);
    return Promise.resolve(row === undefined ? undefined : this.#tupleOf(row));
  }

  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const wanted: Record<string, string | undefined> = config.configurable ?? {};
    const before = options.before === undefined ? '' : getCheckpointId(options.before);
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    const rows = this.#statements.every.all(
      wanted['thread_id'] ?? null,
      wanted['checkpoint_ns'] ?? null,
      wanted['checkpoint_id'] ?? null,
      before === '' ? null : before,
    );
    for (const row of rows) {
      if (left <= 0) return;
      const metadata: Record<string, unknown> = JSON.parse(textOf(row, 'metadata'));
      if (!Object.entries(options.filter ?? {}).every(([key, value]) => metadata[key] === value)) continue;
      left -= 1;
      yield this.#tupleOf(row);
    }
  }

  override put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    _newVersions?: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { thread, namespace } = placeOf(config);
    if (thread === undefined) throw new CerebroError('INTERNAL', 'A checkpoint needs a thread_id.');
    const parent = getCheckpointId(config);
    this.#database.transaction(() => {
      this.#statements.put.run(
        thread,
        namespace,
        checkpoint.id,
        parent === '' ? null : parent,
        plainJson(copyCheckpoint(checkpoint)),
        plainJson(metadata),
      );
      // Counting on every put would cost more than the put itself.
      if (metadata.step > 0 && metadata.step % this.#keep === 0) this.#prune(thread, namespace);
    });
    return Promise.resolve({
      configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: checkpoint.id },
    });
  }

  override putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const { thread, namespace } = placeOf(config);
    const id = getCheckpointId(config);
    if (thread === undefined || id === '')
      throw new CerebroError('INTERNAL', 'Writes need a thread_id and a checkpoint_id.');
    this.#database.transaction(() => {
      for (const [index, [channel, value]] of writes.entries()) {
        const position = WRITES_IDX_MAP[channel] ?? index;
        // A task's ordinary write is kept as first made; special ones (errors, interrupts) are replaced.
        const statement = position >= 0 ? this.#statements.keepWrite : this.#statements.replaceWrite;
        statement.run(thread, namespace, id, taskId, position, channel, value === undefined ? null : plainJson(value));
      }
    });
    return Promise.resolve();
  }

  override deleteThread(threadId: string): Promise<void> {
    this.#database.transaction(() => {
      this.#statements.dropCheckpoints.run(threadId);
      this.#statements.dropWrites.run(threadId);
    });
    return Promise.resolve();
  }

  #tupleOf(row: Row): CheckpointTuple {
    const [thread, namespace, id] = [textOf(row, 'thread'), textOf(row, 'namespace'), textOf(row, 'id')];
    const place = { thread_id: thread, checkpoint_ns: namespace };
    const checkpoint: Checkpoint = JSON.parse(textOf(row, 'checkpoint'));
    const metadata: CheckpointMetadata = JSON.parse(textOf(row, 'metadata'));
    const pendingWrites = this.#statements.writes.all(thread, namespace, id).map((write): CheckpointPendingWrite => {
      const value: unknown = write['value'] === null ? undefined : JSON.parse(textOf(write, 'value'));
      return [textOf(write, 'task'), textOf(write, 'channel'), value];
    });
    const parent = row['parent'] === null ? undefined : textOf(row, 'parent');
    return {
      config: { configurable: { ...place, checkpoint_id: id } },
      checkpoint,
      metadata,
      pendingWrites,
      ...(parent === undefined ? {} : { parentConfig: { configurable: { ...place, checkpoint_id: parent } } }),
    };
  }

  #prune(thread: string, namespace: string): void {
    this.#statements.pruneCheckpoints.run(thread, namespace, thread, namespace, this.#keep);
    this.#statements.pruneWrites.run(thread, namespace, thread, namespace);
  }
}

function prepare({ sql }: Database) {
  const columns = 'thread, namespace, id, parent, checkpoint, metadata';
  return {
    newest: sql.prepare(
      `SELECT ${columns} FROM checkpoints WHERE thread = ? AND namespace = ? ORDER BY id DESC LIMIT 1`,
    ),
    one: sql.prepare(`SELECT ${columns} FROM checkpoints WHERE thread = ? AND namespace = ? AND id = ?`),
    every: sql.prepare(
      `SELECT ${columns} FROM checkpoints WHERE (?1 IS NULL OR thread = ?1) AND (?2 IS NULL OR namespace = ?2)
       AND (?3 IS NULL OR id = ?3) AND (?4 IS NULL OR id < ?4) ORDER BY thread, namespace, id DESC`,
    ),
    put: sql.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)'),
    keepWrite: sql.prepare('INSERT OR IGNORE INTO writes VALUES (?, ?, ?, ?, ?, ?, ?)'),
    replaceWrite: sql.prepare('INSERT OR REPLACE INTO writes VALUES (?, ?, ?, ?, ?, ?, ?)'),
    writes: sql.prepare(
      'SELECT task, channel, value FROM writes WHERE thread = ? AND namespace = ? AND checkpoint = ? ORDER BY task, position',
    ),
    dropCheckpoints: sql.prepare('DELETE FROM checkpoints WHERE thread = ?'),
    dropWrites: sql.prepare('DELETE FROM writes WHERE thread = ?'),
    pruneCheckpoints: sql.prepare(
      `DELETE FROM checkpoints WHERE thread = ? AND namespace = ? AND id NOT IN
       (SELECT id FROM checkpoints WHERE thread = ? AND namespace = ? ORDER BY id DESC LIMIT ?)`,
    ),
    pruneWrites: sql.prepare(
      `DELETE FROM writes WHERE thread = ? AND namespace = ? AND checkpoint NOT IN
       (SELECT id FROM checkpoints WHERE thread = ? AND namespace = ?)`,
    ),
  };
}

function placeOf(config: RunnableConfig): { thread: string | undefined; namespace: string } {
  const place: Record<string, string | undefined> = config.configurable ?? {};
  return { thread: place['thread_id'], namespace: place['checkpoint_ns'] ?? '' };
}

function plainJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member instanceof Error ? { name: member.name, message: member.message } : member,
  );
}

function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string')
    throw new CerebroError(
      'STORE_DAMAGED',
      `The state file has no text in ${column} of a checkpoint; restore it from a backup.`,
    );
  return value;
}
