import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Address } from './process-config.ts';
import type { Settings } from './settings.ts';
import type { Span } from './tracing.ts';

export type Row = Readonly<Record<string, string | number | null>>;
export type Value = string | number | null;

/** A database refused or failed a statement, or could not be reached. */
export class DatabaseError extends Error {
  constructor(database: string, message: string) {
    super(`${database}: ${message}`);
    this.name = 'DatabaseError';
  }
}

/** No connection came free in time. */
export class PoolTimeoutError extends Error {
  constructor(database: string, size: number, waiting: number) {
    super(`timed out acquiring a connection to ${database} (pool size ${size}, ${waiting} waiting)`);
    this.name = 'PoolTimeoutError';
  }
}

/** One borrowed connection; statements on it run one after the other. */
export interface Session {
  query(sql: string, ...values: Value[]): Promise<Row[]>;
}

/** A bounded set of connections to one database. */
export interface Pool {
  readonly database: string;
  /** Lends a connection for the time of `work`. Throws `PoolTimeoutError` and `DatabaseError`. */
  use<T>(span: Span, work: (session: Session) => Promise<T>): Promise<T>;
}

export interface PoolDeps {
  readonly address: Address;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly settings: Settings;
}

type PoolMetrics = ReturnType<typeof poolMetrics>;

/** Declares the database metrics of a process; call once per process. */
export function poolMetrics(metrics: Metrics) {
  const { counter, gauge, histogram } = metrics.lazily;
  return {
    duration: histogram('db_client_operation_duration_seconds', 'Time of a statement.', ['db', 'operation']),
    operations: counter('db_client_operations_total', 'Statements sent.', ['db', 'operation', 'status']),
    rows: counter('db_client_rows_returned_total', 'Rows that came back.', ['db']),
    usage: gauge('db_client_connections_usage', 'Connections by state.', ['db', 'state']),
    max: gauge('db_client_connections_max', 'Connections allowed.', ['db']),
    pending: gauge('db_client_connections_pending_requests', 'Requests waiting for a connection.', ['db']),
    wait: histogram('db_client_connections_wait_time_seconds', 'Time to get a connection.', ['db']),
    timeouts: counter('db_client_connections_timeouts_total', 'Waits given up.', ['db']),
  };
}

interface Waiter {
  give(connection: Connection | Error): void;
}

const statementTimeoutMs = 4000;

/** Opens the pool of one database; connections are made when first needed. */
export function createPool(deps: PoolDeps, measured: PoolMetrics): Pool {
  const db = deps.address.name;
  const idle: Connection[] = [];
  const waiters: Waiter[] = [];
  let used = 0;
  const report = (): void => {
    measured.usage.set({ db, state: 'used' }, used);
    measured.usage.set({ db, state: 'idle' }, idle.length);
    measured.max.set({ db }, deps.settings.poolMax);
    measured.pending.set({ db }, waiters.length);
  };
  report();
  setInterval(report, 500).unref();

  const acquire = (): Promise<Connection> => {
    if (used < deps.settings.poolMax) {
      used += 1;
      return Promise.resolve(idle.pop() ?? openConnection(deps.address));
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        give: (got) => {
          clearTimeout(timer);
          if (got instanceof Error) reject(got);
          else resolve(got);
        },
      };
      const timer = setTimeout(() => {
        waiters.splice(waiters.indexOf(waiter), 1);
        measured.timeouts.inc({ db });
        waiter.give(new PoolTimeoutError(db, deps.settings.poolMax, waiters.length));
      }, deps.settings.poolWaitMs);
      waiters.push(waiter);
    });
  };
  const release = (connection: Connection): void => {
    const over = used > deps.settings.poolMax;
    if (over || connection.broken()) connection.close();
    const next = over ? undefined : waiters.shift();
    if (next !== undefined) return next.give(connection.broken() ? openConnection(deps.address) : connection);
    used -= 1;
    if (!connection.broken()) idle.push(connection);
  };

  return {
    database: db,
    use: async (span, work) => {
      const started = performance.now();
      const connection = await acquire();
      measured.wait.observe({ db }, (performance.now() - started) / 1000);
      measured.usage.set({ db, state: 'used' }, used);
      try {
        return await work(sessionOn(connection, { db, span, measured }));
      } finally {
        release(connection);
      }
    },
  };
}

function sessionOn(connection: Connection, on: { db: string; span: Span; measured: PoolMetrics }): Session {
  const { db, measured } = on;
  return {
    query: async (sql, ...values) => {
      const operation = sql.slice(0, sql.indexOf(' ')).toUpperCase();
      const span = on.span.child('client', `${operation} ${db}`, {
        'db.system.name': 'sqlite',
        'db.operation.name': operation,
        'db.query.text': sql,
        'db.namespace': db,
        'server.address': db,
        'peer.service': db,
      });
      const started = performance.now();
      let status = 'ok';
      try {
        const rows = await connection.send(sql, values);
        measured.rows.inc({ db }, rows.length);
        return rows;
      } catch (error) {
        status = 'error';
        throw error;
      } finally {
        measured.duration.observe({ db, operation }, (performance.now() - started) / 1000);
        measured.operations.inc({ db, operation, status });
        span.end(status === 'ok' ? undefined : 'DatabaseError');
      }
    },
  };
}

interface Connection {
  send(sql: string, values: readonly Value[]): Promise<Row[]>;
  broken(): boolean;
  close(): void;
}

interface Answer {
  readonly rows?: Row[];
  readonly error?: string;
}

function openConnection(address: Address): Connection {
  const socket: Socket = connect(address.port, '127.0.0.1');
  socket.setNoDelay(true);
  let broken = false;
  let waiting: ((answer: Answer) => void) | undefined;
  const settle = (answer: Answer): void => {
    const settled = waiting;
    waiting = undefined;
    settled?.(answer);
  };
  const fail = (message: string): void => {
    broken = true;
    socket.destroy();
    settle({ error: message });
  };
  socket.on('error', (error: NodeJS.ErrnoException) => fail(`${error.code ?? 'error'}: connection failed`));
  socket.on('close', () => fail('connection closed'));
  const lines = createInterface({ input: socket });
  lines.on('error', () => fail('connection failed'));
  lines.on('line', (line) => {
    const answer: Answer = JSON.parse(line);
    settle(answer);
  });
  return {
    broken: () => broken,
    close: () => {
      broken = true;
      socket.destroy();
    },
    send: async (sql, values) => {
      if (broken) throw new DatabaseError(address.name, 'connection closed');
      const timer = setTimeout(() => fail(`statement timeout after ${statementTimeoutMs} ms`), statementTimeoutMs);
      const answer = await new Promise<Answer>((resolve) => {
        waiting = resolve;
        socket.write(`${JSON.stringify({ sql, values })}\n`);
      });
      clearTimeout(timer);
      if (answer.error !== undefined) throw new DatabaseError(address.name, answer.error);
      return answer.rows ?? [];
    },
  };
}
