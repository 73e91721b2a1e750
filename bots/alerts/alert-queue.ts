import { z } from 'zod';
import { type Alert, alert as alertSchema, type Question, question as questionSchema } from '../../domain/question.ts';
import { contentHash } from '../../infra/runtime/canonical-json.ts';
import { type Clock, isoOf } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import type { AlertBatch } from './alertmanager-payload.ts';

/** The schema of the alert store, to be given to `openDatabase`. */
export const alertMigrations: readonly string[] = [
  `CREATE TABLE alert_queue (
     id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, group_key TEXT NOT NULL, fingerprint TEXT NOT NULL, starts_at TEXT NOT NULL,
     status TEXT NOT NULL, received_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, alert TEXT NOT NULL, triage TEXT
   ) STRICT;
   CREATE INDEX alert_queue_triage ON alert_queue (triage);
   CREATE INDEX alert_queue_fingerprint ON alert_queue (fingerprint, starts_at);
   CREATE TABLE alert_triage (
     id TEXT PRIMARY KEY, state TEXT NOT NULL, attempts INTEGER NOT NULL, not_before INTEGER NOT NULL, opened_at INTEGER NOT NULL,
     resolved_at INTEGER, question TEXT, told INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX alert_triage_state ON alert_triage (state)`,
];

/** A queued alert with the row that holds it. */
export interface QueuedAlert {
  id: number;
  groupKey: string;
  receivedAt: number;
  alert: Alert;
}

/** One causal group of alerts on its way to an answer. `question` is what was asked, kept so that a restart asks the same again. */
export interface Triage {
  id: string;
  state: 'waiting' | 'done' | 'failed';
  attempts: number;
  openedAt: number;
  resolvedAt?: number;
  question?: Question;
  alerts: QueuedAlert[];
}

/** The durable queue between the webhook and the worker. Every method is one transaction; what was added survives a kill. */
export interface AlertQueue {
  /** Keeps alerts that are new by (group key, fingerprint, start, status). */
  add(batch: AlertBatch): { queued: number; duplicates: number };
  /** Alerts that belong to no triage yet, oldest first, at most `limit`. */
  unassigned(status: Alert['status'], limit: number): QueuedAlert[];
  /** Triages that are not resolved and whose alerts were seen after `seenSince`, oldest first. */
  open(seenSince: number): Triage[];
  /** Puts alerts under a triage, which is made when it is new. */
  assign(triage: string, alerts: readonly QueuedAlert[]): void;
  /** Applies resolved notifications whose firing alert is under a triage; those that nothing is known of are set aside. */
  applyResolved(limit: number): void;
  /** Triages whose alerts or resolution have changed since they were told. */
  untold(): Triage[];
  told(triage: string): void;
  /** Triages that wait to be asked and may be asked now. */
  waiting(): Triage[];
  asking(triage: string, question: Question | undefined): void;
  ended(triage: string, state: 'done' | 'failed'): void;
  again(triage: string, notBefore: number, options: { sameQuestion: boolean }): void;
  /** Forgets alerts that were last seen before, and triages without alerts. */
  prune(seenBefore: number): void;
  backlog(): number;
}

const alertRow = z.object({ id: z.number(), group_key: z.string(), received_at: z.number(), alert: z.string() });
const triageRow = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'done', 'failed']),
  attempts: z.number(),
  opened_at: z.number(),
  resolved_at: z.number().nullable(),
  question: z.string().nullable(),
});

export function createAlertQueue(deps: { store: Database; clock: Clock }): AlertQueue {
  const { store, clock } = deps;
  const { sql } = store;
  const alertOf = (row: unknown): QueuedAlert => {
    const read = alertRow.parse(row);
    return {
      id: read.id,
      groupKey: read.group_key,
      receivedAt: read.received_at,
      alert: alertSchema.parse(JSON.parse(read.alert)),
    };
  };
  const triageOf = (row: unknown): Triage => {
    const read = triageRow.parse(row);
    return {
      id: read.id,
      state: read.state,
      attempts: read.attempts,
      openedAt: read.opened_at,
      ...(read.resolved_at === null ? {} : { resolvedAt: read.resolved_at }),
      ...(read.question === null ? {} : { question: questionSchema.parse(JSON.parse(read.question)) }),
      alerts: sql
        .prepare("SELECT * FROM alert_queue WHERE triage = ? AND status <> 'note' ORDER BY id")
        .all(read.id)
        .map(alertOf),
    };
  };

  const addOne = (groupKey: string, alert: Alert): boolean => {
    const key = contentHash([groupKey, alert.fingerprint, alert.startsAt, alert.status]);
    const now = clock.now();
    const { changes } = sql
      .prepare(
        'INSERT INTO alert_queue (key, group_key, fingerprint, starts_at, status, received_at, seen_at, alert) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
      )
      .run(key, groupKey, alert.fingerprint, alert.startsAt, alert.status, now, now, JSON.stringify(alert));
    if (changes === 0) sql.prepare('UPDATE alert_queue SET seen_at = ? WHERE key = ?').run(now, key);
    return changes !== 0;
  };

  const resolveOne = (row: QueuedAlert): void => {
    // A sender that does not repeat the start tells a later one, and an earlier spell of the same alert is over as well.
    const { fingerprint, startsAt } = row.alert;
    const firing = sql
      .prepare(
        "SELECT id, triage, alert FROM alert_queue WHERE fingerprint = ? AND starts_at <= ? AND status = 'firing'",
      )
      .all(fingerprint, startsAt);
    // A firing alert that waits to be grouped is resolved after it was; until then this notification waits too.
    if (firing.some(({ triage }) => triage === null)) return;
    for (const { id, triage, alert } of firing) {
      const before = alertSchema.parse(JSON.parse(String(alert)));
      const ended: Alert = { ...before, status: 'resolved', endsAt: row.alert.endsAt ?? isoOf(clock.now()) };
      sql
        .prepare("UPDATE alert_queue SET status = 'ended', alert = ? WHERE id = ?")
        .run(JSON.stringify(ended), Number(id));
      sql.prepare('UPDATE alert_triage SET told = 0 WHERE id = ?').run(String(triage));
      const left = sql
        .prepare("SELECT count(*) AS n FROM alert_queue WHERE triage = ? AND status = 'firing'")
        .get(String(triage));
      if (left?.['n'] === 0)
        sql.prepare('UPDATE alert_triage SET resolved_at = ? WHERE id = ?').run(clock.now(), String(triage));
    }
    // The notification itself stays as a note, so that its repetition is known as such.
    sql
      .prepare("UPDATE alert_queue SET status = 'note', triage = ? WHERE id = ?")
      .run(String(firing[0]?.['triage'] ?? ''), row.id);
  };
  const unassigned = (status: string, limit: number): QueuedAlert[] =>
    sql
      .prepare('SELECT * FROM alert_queue WHERE triage IS NULL AND status = ? ORDER BY id LIMIT ?')
      .all(status, limit)
      .map(alertOf);

  return {
    add: ({ groupKey, alerts }) =>
      store.transaction(() => {
        const queued = alerts.filter((alert) => addOne(groupKey, alert)).length;
        return { queued, duplicates: alerts.length - queued };
      }),
    unassigned,
    open: (seenSince) =>
      sql
        .prepare(
          'SELECT * FROM alert_triage WHERE resolved_at IS NULL AND id IN (SELECT triage FROM alert_queue WHERE seen_at >= ?) ORDER BY opened_at, id LIMIT 200',
        )
        .all(seenSince)
        .map(triageOf),
    assign: (triage, alerts) =>
      store.transaction(() => {
        sql
          .prepare(
            "INSERT INTO alert_triage (id, state, attempts, not_before, opened_at, told) VALUES (?, 'waiting', 0, 0, ?, 0) ON CONFLICT (id) DO UPDATE SET told = 0",
          )
          .run(triage, clock.now());
        const put = sql.prepare('UPDATE alert_queue SET triage = ? WHERE id = ? AND triage IS NULL');
        for (const { id } of alerts) put.run(triage, id);
      }),
    applyResolved: (limit) => {
      store.transaction(() => {
        for (const row of unassigned('resolved', limit)) resolveOne(row);
      });
    },
    untold: () =>
      sql.prepare('SELECT * FROM alert_triage WHERE told = 0 ORDER BY opened_at, id LIMIT 200').all().map(triageOf),
    told: (triage) => void sql.prepare('UPDATE alert_triage SET told = 1 WHERE id = ?').run(triage),
    waiting: () =>
      sql
        .prepare(
          "SELECT * FROM alert_triage WHERE state = 'waiting' AND not_before <= ? ORDER BY opened_at, id LIMIT 50",
        )
        .all(clock.now())
        .map(triageOf),
    asking: (triage, question) =>
      void sql
        .prepare('UPDATE alert_triage SET question = ? WHERE id = ?')
        .run(question === undefined ? null : JSON.stringify(question), triage),
    ended: (triage, state) => void sql.prepare('UPDATE alert_triage SET state = ? WHERE id = ?').run(state, triage),
    again: (triage, notBefore, { sameQuestion }) =>
      void sql
        .prepare(
          'UPDATE alert_triage SET attempts = attempts + 1, not_before = ?, question = CASE WHEN ? THEN question END WHERE id = ?',
        )
        .run(notBefore, sameQuestion ? 1 : 0, triage),
    prune: (seenBefore) =>
      store.transaction(() => {
        sql.prepare('DELETE FROM alert_queue WHERE seen_at < ? AND triage IS NOT NULL').run(seenBefore);
        sql
          .prepare(
            "DELETE FROM alert_triage WHERE state <> 'waiting' AND id NOT IN (SELECT triage FROM alert_queue WHERE triage IS NOT NULL)",
          )
          .run();
      }),
    backlog: () => Number(sql.prepare('SELECT count(*) AS n FROM alert_queue WHERE triage IS NULL').get()?.['n'] ?? 0),
  };
}
