import type { Answer } from '../domain/answer.ts';
import { answer as answerSchema } from '../domain/answer.ts';
import type { Alert } from '../domain/question.ts';
import { alert as alertSchema } from '../domain/question.ts';
import type { Feedback, Investigation } from '../domain/run.ts';
import { feedback as feedbackSchema } from '../domain/run.ts';
import type { Clock } from '../infra/runtime/clock.ts';
import { openDatabase } from '../infra/runtime/database.ts';
import { CerebroError } from '../infra/runtime/errors.ts';

/** What an investigation is opened with. `id` is the thread of the conversation or incident. */
export interface NewInvestigation {
  id: string;
  title: string;
  openedBy: string;
  alerts?: readonly Alert[];
}

/**
 * The durable records of incidents and conversations. All synchronous; what was added is on disk when the call returns. Writing to an id
 * that was never opened throws NOT_FOUND.
 */
export interface Investigations {
  /** Last touched first. */
  list(limit: number): Investigation[];
  get(id: string): Investigation | undefined;
  /** Opens one, or returns the one of this id unchanged. */
  open(about: NewInvestigation): Investigation;
  addRun(id: string, run: string): void;
  /** Keeps the answer of a run (added when new). The newest answer is the investigation's. */
  addAnswer(id: string, answer: Answer): void;
  /** Adds an alert, or replaces the same one (fingerprint and start). A firing alert reopens. */
  addAlert(id: string, alert: Alert): void;
  resolve(id: string): void;
  /** Keeps what was said of a run's answer; one word per person and run, the last one counts. */
  addFeedback(id: string, feedback: Feedback): void;
  answerOf(run: string): Answer | undefined;
  /** The investigation that a run belongs to. */
  ofRun(run: string): Investigation | undefined;
  close(): void;
}

const migrations = [
  `CREATE TABLE investigations (id TEXT PRIMARY KEY, title TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('open', 'resolved')),
     opened_at TEXT NOT NULL, updated_at TEXT NOT NULL, touched INTEGER NOT NULL, opened_by TEXT NOT NULL) WITHOUT ROWID;
   CREATE INDEX investigations_touched ON investigations (touched);
   CREATE TABLE runs (run TEXT PRIMARY KEY, investigation TEXT NOT NULL REFERENCES investigations (id), position INTEGER NOT NULL, answer TEXT) WITHOUT ROWID;
   CREATE INDEX runs_of ON runs (investigation, position);
   CREATE TABLE alerts (investigation TEXT NOT NULL REFERENCES investigations (id), fingerprint TEXT NOT NULL, starts_at TEXT NOT NULL, alert TEXT NOT NULL,
     PRIMARY KEY (investigation, fingerprint, starts_at)) WITHOUT ROWID;
   CREATE TABLE feedback (investigation TEXT NOT NULL REFERENCES investigations (id), run TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL, feedback TEXT NOT NULL,
     PRIMARY KEY (investigation, run, by)) WITHOUT ROWID;`,
];

/** Opens the store at `path` (`:memory:` for none on disk). */
export function openInvestigations(deps: { clock: Clock }, path: string): Investigations {
  const database = openDatabase(path, migrations);
  const { sql } = database;
  const select = sql.prepare('SELECT * FROM investigations WHERE id = ?');
  const newest = sql.prepare('SELECT * FROM investigations ORDER BY touched DESC, id LIMIT ?');
  const touch = sql.prepare('UPDATE investigations SET updated_at = ?, touched = ? WHERE id = ?');
  const runsOf = sql.prepare('SELECT run FROM runs WHERE investigation = ? ORDER BY position');
  const lastAnswer = sql.prepare(
    'SELECT answer FROM runs WHERE investigation = ? AND answer IS NOT NULL ORDER BY position DESC LIMIT 1',
  );
  const alertsOf = sql.prepare('SELECT alert FROM alerts WHERE investigation = ? ORDER BY starts_at, fingerprint');
  const feedbackOf = sql.prepare('SELECT feedback FROM feedback WHERE investigation = ? ORDER BY at, by');
  const insertRun = sql.prepare(
    'INSERT OR IGNORE INTO runs (run, investigation, position) SELECT ?, ?, COALESCE(MAX(position), 0) + 1 FROM runs WHERE investigation = ?',
  );
  const setAnswer = sql.prepare('UPDATE runs SET answer = ? WHERE run = ? AND investigation = ?');
  const upsertAlert = sql.prepare(
    'INSERT OR REPLACE INTO alerts (investigation, fingerprint, starts_at, alert) VALUES (?, ?, ?, ?)',
  );
  const upsertFeedback = sql.prepare(
    'INSERT OR REPLACE INTO feedback (investigation, run, by, at, feedback) VALUES (?, ?, ?, ?, ?)',
  );
  const setStatus = sql.prepare('UPDATE investigations SET status = ? WHERE id = ?');
  const answerOfRun = sql.prepare('SELECT answer FROM runs WHERE run = ?');
  const investigationOfRun = sql.prepare('SELECT investigation FROM runs WHERE run = ?');

  const whole = (row: Record<string, unknown>): Investigation => {
    const id = String(row['id']);
    const answer = parsed(lastAnswer.get(id)?.['answer']);
    return {
      id,
      title: String(row['title']),
      status: row['status'] === 'resolved' ? 'resolved' : 'open',
      openedAt: String(row['opened_at']),
      updatedAt: String(row['updated_at']),
      openedBy: String(row['opened_by']),
      alerts: alertsOf.all(id).map((found) => alertSchema.parse(parsed(found['alert']))),
      runs: runsOf.all(id).map(({ run }) => String(run)),
      ...(answer === undefined ? {} : { answer: answerSchema.parse(answer) }),
      feedback: feedbackOf.all(id).map((found) => feedbackSchema.parse(parsed(found['feedback']))),
    };
  };
  const get = (id: string): Investigation | undefined => {
    const row = select.get(id);
    return row === undefined ? undefined : whole(row);
  };
  const write = (id: string, work: () => void): void =>
    database.transaction(() => {
      if (touch.run(deps.clock.iso(), deps.clock.now(), id).changes === 0) {
        throw new CerebroError('NOT_FOUND', `No investigation has the id ${id}; open it first.`);
      }
      work();
    });
  const addAlert = (id: string, alert: Alert): void =>
    write(id, () => {
      upsertAlert.run(id, alert.fingerprint, alert.startsAt, JSON.stringify(alertSchema.parse(alert)));
      if (alert.status === 'firing') setStatus.run('open', id);
    });

  return {
    list: (limit) => newest.all(limit).map(whole),
    get,
    open(about) {
      return database.transaction(() => {
        const now = deps.clock.iso();
        const made = sql
          .prepare(`INSERT OR IGNORE INTO investigations VALUES (?, ?, 'open', ?, ?, ?, ?)`)
          .run(about.id, about.title, now, now, deps.clock.now(), about.openedBy);
        if (made.changes === 1) for (const alert of about.alerts ?? []) addAlert(about.id, alert);
        const found = get(about.id);
        if (found === undefined) throw new CerebroError('INTERNAL', `Investigation ${about.id} was not kept.`);
        return found;
      });
    },
    addRun: (id, run) => write(id, () => void insertRun.run(run, id, id)),
    addAnswer: (id, answer) =>
      write(id, () => {
        insertRun.run(answer.run, id, id);
        if (setAnswer.run(JSON.stringify(answerSchema.parse(answer)), answer.run, id).changes === 0) {
          throw new CerebroError('CONFLICT', `Run ${answer.run} belongs to another investigation than ${id}.`);
        }
      }),
    addAlert,
    resolve: (id) => write(id, () => void setStatus.run('resolved', id)),
    addFeedback: (id, feedback) =>
      write(
        id,
        () =>
          void upsertFeedback.run(
            id,
            feedback.run,
            feedback.by,
            feedback.at,
            JSON.stringify(feedbackSchema.parse(feedback)),
          ),
      ),
    answerOf(run) {
      const found = parsed(answerOfRun.get(run)?.['answer']);
      return found === undefined ? undefined : answerSchema.parse(found);
    },
    ofRun(run) {
      const id = investigationOfRun.get(run)?.['investigation'];
      return typeof id === 'string' ? get(id) : undefined;
    },
    close: () => database.close(),
  };
}

function parsed(text: unknown): unknown {
  return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
}
