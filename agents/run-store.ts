import { z } from 'zod';
import type { Answer } from '../domain/answer.ts';
import { understanding as understandingSchema } from '../domain/question.ts';
import type { Question, Understanding } from '../domain/question.ts';
import type { Clock } from '../infra/runtime/clock.ts';
import { msOf } from '../infra/runtime/clock.ts';
import type { Database } from '../infra/runtime/database.ts';

/** A run as kept on disk. */
export interface StoredRun {
  run: string;
  thread: string;
  status: 'running' | 'done' | 'failed' | 'cancelled';
  question: Question;
  answer?: Answer;
  error?: string;
}

/** Who holds runs: a token unique to one orchestrator, and its process id. */
export interface Owner {
  token: string;
  pid: number;
}

export interface RunStore {
  /** Takes the run for this owner: new, failed, cancelled and abandoned runs are taken. A done run, or one that a living owner holds, is not. */
  claim(run: string, question: Question): { taken: boolean; stored: StoredRun };
  /** Says that the owner is alive and at work on the run. */
  touch(run: string): void;
  understood(run: string, understanding: Understanding): void;
  /** Keeps the answer, ends the run and drops its checkpoints, all or nothing. False when another owner has taken the run meanwhile; nothing is changed then. */
  finish(run: string, answer: Answer): boolean;
  fail(run: string, status: 'failed' | 'cancelled', error: string): void;
  /** Gives a run back unfinished, to be resumed by whoever comes next. */
  release(run: string): void;
  get(run: string): StoredRun | undefined;
  /** Runs that nobody works on and that have no answer, oldest question first. */
  abandoned(): StoredRun[];
  /** What was understood of the latest question of the thread that was asked before `askedAt`. */
  previous(thread: string, askedAt: string): Understanding | undefined;
  /** Done runs whose answer was not yet handed to the investigations. */
  unrecorded(): StoredRun[];
  recorded(run: string): void;
  /** Removes ended runs, with their checkpoints, whose question is older than `beforeMs`. Says how many. */
  prune(beforeMs: number): number;
}

/** An owner that has not shown life for this long has lost its runs, whatever its process id says. */
const leaseMs = 10 * 60_000;

/** The runs on the state file. Every method is one transaction; safe with several processes on one file. */
export function createRunStore(
  deps: { database: Database; clock: Clock },
  options: { owner: Owner; isAlive?: (pid: number) => boolean },
): RunStore {
  const { database, clock } = deps;
  const { owner } = options;
  const isAlive = options.isAlive ?? processIsAlive;
  const { sql } = database;
  const one = sql.prepare('SELECT * FROM runs WHERE run = ?');
  const running = sql.prepare(`SELECT * FROM runs WHERE status = 'running' ORDER BY asked_ms, run`);
  const take = sql.prepare(
    `INSERT INTO runs (run, thread, asked_ms, question, status, owner, pid, touched_ms) VALUES (?, ?, ?, ?, 'running', ?, ?, ?)
     ON CONFLICT (run) DO UPDATE SET status = 'running', owner = excluded.owner, pid = excluded.pid, touched_ms = excluded.touched_ms, error = NULL`,
  );
  const touch = sql.prepare('UPDATE runs SET touched_ms = ? WHERE run = ? AND owner = ?');
  const understood = sql.prepare('UPDATE runs SET understanding = ? WHERE run = ?');
  const end = sql.prepare(
    `UPDATE runs SET status = ?, answer = ?, error = ?, owner = NULL, pid = NULL, touched_ms = ? WHERE run = ? AND owner = ? AND status = 'running'`,
  );
  const dropCheckpoints = ['checkpoints', 'writes'].map((table) =>
    sql.prepare(`DELETE FROM ${table} WHERE thread = ?`),
  );
  const release = sql.prepare('UPDATE runs SET owner = NULL, pid = NULL WHERE run = ? AND owner = ?');
  const previous = sql.prepare(
    'SELECT understanding FROM runs WHERE thread = ? AND asked_ms < ? AND understanding IS NOT NULL ORDER BY asked_ms DESC, run DESC LIMIT 1',
  );
  const unrecorded = sql.prepare(`SELECT * FROM runs WHERE status = 'done' AND recorded = 0 ORDER BY asked_ms, run`);
  const recorded = sql.prepare('UPDATE runs SET recorded = 1 WHERE run = ?');

  const isFree = (row: Row): boolean => {
    if (row.status !== 'running') return row.status !== 'done';
    if (row.owner === owner.token) return true;
    if (row.pid === null || row.pid === owner.pid) return true;
    return clock.now() - row.touched_ms > leaseMs || !isAlive(row.pid);
  };

  return {
    claim: (run, question) =>
      database.transaction(() => {
        const row = rowOf(one.get(run));
        if (row !== undefined && !isFree(row)) return { taken: false, stored: storedOf(row) };
        const asked = msOf(question.askedAt);
        take.run(run, question.thread, asked, JSON.stringify(question), owner.token, owner.pid, clock.now());
        return { taken: true, stored: { run, thread: question.thread, status: 'running', question } };
      }),
    touch: (run) => void touch.run(clock.now(), run, owner.token),
    understood: (run, understanding) => void understood.run(JSON.stringify(understanding), run),
    finish: (run, answer) =>
      database.transaction(() => {
        const ended = end.run('done', JSON.stringify(answer), null, clock.now(), run, owner.token).changes === 1;
        if (ended) for (const drop of dropCheckpoints) drop.run(run);
        return ended;
      }),
    fail: (run, status, error) => void end.run(status, null, error, clock.now(), run, owner.token),
    release: (run) => void release.run(run, owner.token),
    get: (run) => {
      const row = rowOf(one.get(run));
      return row === undefined ? undefined : storedOf(row);
    },
    abandoned: () =>
      rowsOf(running.all())
        .filter((row) => row.owner !== owner.token && isFree(row))
        .map(storedOf),
    previous: (thread, askedAt) => {
      const text = previous.get(thread, msOf(askedAt))?.['understanding'];
      return typeof text === 'string' ? understandingSchema.parse(JSON.parse(text)) : undefined;
    },
    unrecorded: () => rowsOf(unrecorded.all()).map(storedOf),
    recorded: (run) => void recorded.run(run),
    prune: (beforeMs) =>
      database.transaction(() => {
        const old = `SELECT run FROM runs WHERE status <> 'running' AND asked_ms < ?`;
        for (const table of ['checkpoints', 'writes'])
          sql.prepare(`DELETE FROM ${table} WHERE thread IN (${old})`).run(beforeMs);
        return Number(sql.prepare(`DELETE FROM runs WHERE status <> 'running' AND asked_ms < ?`).run(beforeMs).changes);
      }),
  };
}

const row = z.object({
  run: z.string(),
  thread: z.string(),
  question: z.string(),
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  owner: z.string().nullable(),
  pid: z.number().nullable(),
  touched_ms: z.number(),
  answer: z.string().nullable(),
  error: z.string().nullable(),
});
type Row = z.infer<typeof row>;

function rowsOf(raw: unknown): Row[] {
  return z.array(row).parse(raw);
}

function rowOf(raw: unknown): Row | undefined {
  return row.optional().parse(raw);
}

function storedOf(row: Row): StoredRun {
  const question: Question = JSON.parse(row.question);
  const answer: Answer | undefined = row.answer === null ? undefined : JSON.parse(row.answer);
  return {
    run: row.run,
    thread: row.thread,
    status: row.status,
    question,
    ...(answer === undefined ? {} : { answer }),
    ...(row.error === null ? {} : { error: row.error }),
  };
}

function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives, but belongs to somebody else.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
