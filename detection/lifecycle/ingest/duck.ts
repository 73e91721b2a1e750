import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { CerebroError } from '../../../infra/runtime/errors.ts';

/** An in-memory DuckDB for reading and writing files. It holds no data of its own. */
export interface Duck {
  connection: DuckDBConnection;
  close(): void;
}

/** Opens one; `threads` default to 2. Row order is kept, so the same files give the same rows in the same order. */
export async function openDuck(options: { threads?: number; memory?: string } = {}): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(options.memory === undefined ? {} : { memory_limit: options.memory }),
  });
  const connection = await instance.connect();
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A text as a SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Runs work over DuckDB and says what failed in our words: INPUT_INVALID with DuckDB's first line. */
export async function explaining<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof CerebroError) throw thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CerebroError('INPUT_INVALID', `${what} cannot be read: ${message.split('\n')[0]}`, { cause: thrown });
  }
}
