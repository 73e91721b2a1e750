/**
 * One look into a database, whoever it is: what its sessions were doing and had just done (MySQL's performance_schema, PostgreSQL's
 * pg_stat_activity and pg_locks). Milliseconds throughout, on the database's own clock.
 */
export interface DatabaseLook {
  statements: readonly DatabaseStatement[];
  /** What sessions wait for at this moment, beside locks. */
  waits: readonly SessionWait[];
  /** Who waits for whose lock. */
  locks: readonly LockWait[];
  /** Whether waits are told at all; a database that tells none is not one without waits. */
  tellsWaits: boolean;
}

export interface DatabaseStatement {
  session: string;
  /** Text written by others: tainted. Empty where it is not told. */
  text: string;
  /** The text without its literals, or its hash: equal for equal statements. */
  digest: string;
  startMs: number;
  elapsedMs: number;
  isRunning: boolean;
  /** Whether it can hold locks: it changes rows, or reads them for update. */
  takesLocks: boolean;
  /** Within a transaction that is still open. */
  inOpenTransaction: boolean;
  /** What it does at this moment, where that is told: `commit` writes the log, `client` sends to whoever asked. */
  phase?: 'commit' | 'client' | 'other';
}

export interface SessionWait {
  session: string;
  kind: 'file' | 'table' | 'socket' | 'synch' | 'other';
}

export interface LockWait {
  waiter: string;
  blocker: string;
}
