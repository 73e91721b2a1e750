import { z } from 'zod';
import { bytesHash, canonicalJson } from '../../infra/runtime/canonical-json.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { openDatabase } from '../../infra/runtime/database.ts';
import type { Logger } from '../../infra/runtime/logger.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Redactor } from '../../infra/runtime/redact.ts';
import type { Guard, GuardedCall } from './guard.ts';

/** One line of the audit: what was called by whom, or how it ended. `hash` covers the line and the hash before it. */
export interface AuditRecord {
  seq: number;
  at: number;
  kind: 'start' | 'end';
  call: string;
  body: Record<string, unknown>;
  previous: string;
  hash: string;
}

export interface AuditLog {
  guard: Guard;
  /** Newest first. */
  list(limit: number): AuditRecord[];
  /** Walks the whole chain; `ok` is false with the first line that was altered, removed or added by hand. A cut tail shows only against a kept `head`. */
  verify(expectedHead?: {
    seq: number;
    hash: string;
  }): { ok: true; records: number } | { ok: false; seq: number; reason: string };
  /** The last line's number and hash, to be kept elsewhere as an anchor. */
  head(): { seq: number; hash: string };
  close(): void;
}

const migrations = [
  `CREATE TABLE audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, call TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
   CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
   CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;`,
];

const bodySchema = z.record(z.string(), z.unknown());

const genesis = '0'.repeat(64);

const unwritable = {
  status: 'failed',
  code: 'INTERNAL',
  message: 'The audit cannot be written.',
  hint: 'Nothing was done. Nothing may act until the audit works again; tell the operator.',
} as const;

/**
 * Opens the audit: append-only rows, each chained to the one before by SHA-256, secrets redacted, inputs cut at 2,000 characters. An act
 * whose start cannot be recorded does not run; a read does, and the failure is counted and logged.
 */
export function openAudit(
  deps: { clock: Clock; redactor: Redactor; metrics: Metrics; logger: Logger },
  path: string,
): AuditLog {
  const database = openDatabase(path, migrations);
  const { sql } = database;
  const last = sql.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
  const insert = sql.prepare('INSERT INTO audit (at, kind, call, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?)');

  type Line = { at: number; kind: AuditRecord['kind']; call: string; text: string };
  const lineOf = (kind: AuditRecord['kind'], call: string, body: Record<string, unknown>): Line => ({
    at: deps.clock.now(),
    kind,
    call,
    text: canonicalJson(body),
  });
  const append = (lines: readonly Line[]): void => {
    // The last hash is read inside the write lock: another process may share the file.
    database.transaction(() => {
      let previous = String(last.get()?.['hash'] ?? genesis);
      for (const line of lines) {
        const hash = lineHash({ ...line, previous });
        insert.run(line.at, line.kind, line.call, line.text, previous, hash);
        previous = hash;
      }
    });
  };
  const guardedly = (call: GuardedCall, work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (thrown) {
      deps.metrics.count('cerebro_audit_failures_total');
      deps.logger.error('audit-failed', { call: call.id, tool: call.tool, reason: String(thrown) });
      return false;
    }
  };

  // The start of a call that only reads is written together with its end; an act's start is on disk before it runs.
  const started = new Map<string, Line | 'written'>();
  const described = (call: GuardedCall): Record<string, unknown> => ({
    run: call.session.run,
    principal: call.session.principal.id,
    caller: call.session.caller,
    tool: call.tool,
    effect: call.effect,
    input: cut(canonicalJson(deps.redactor.redactValue(call.input)) ?? 'null'),
  });

  return {
    guard: {
      name: 'audit',
      before(call) {
        const recorded = guardedly(call, () => {
          const line = lineOf('start', call.id, described(call));
          if (call.effect === 'act') append([line]);
          started.set(call.id, call.effect === 'act' ? 'written' : line);
        });
        return recorded || call.effect !== 'act' ? undefined : unwritable;
      },
      after(call, outcome, durationMs) {
        guardedly(call, () => {
          const start = started.get(call.id);
          started.delete(call.id);
          // A call that was stopped before its start was recorded is described in its end.
          const about =
            start === undefined
              ? described(call)
              : { tool: call.tool, run: call.session.run, principal: call.session.principal.id };
          const end = lineOf('end', call.id, {
            ...about,
            status: outcome.status,
            ...(outcome.status === 'failed' ? { code: outcome.code } : {}),
            ...(outcome.status === 'ok' && outcome.evidence !== undefined ? { evidence: outcome.evidence.id } : {}),
            durationMs: Math.round(durationMs * 1000) / 1000,
          });
          append(start === undefined || start === 'written' ? [end] : [start, end]);
        });
      },
    },
    list: (limit) => sql.prepare('SELECT * FROM audit ORDER BY seq DESC LIMIT ?').all(limit).map(recordOf),
    verify(expectedHead) {
      let previous = genesis;
      let records = 0;
      for (const row of sql.prepare('SELECT * FROM audit ORDER BY seq').iterate()) {
        records += 1;
        const seq = Number(row['seq']);
        if (seq !== records) return { ok: false, seq: records, reason: 'a line is missing' };
        if (row['previous'] !== previous) return { ok: false, seq, reason: 'the chain is broken before this line' };
        const expected = lineHash({
          at: Number(row['at']),
          kind: String(row['kind']),
          call: String(row['call']),
          text: String(row['body']),
          previous,
        });
        if (row['hash'] !== expected) return { ok: false, seq, reason: 'the line was altered' };
        if (expectedHead?.seq === seq && expectedHead.hash !== expected)
          return { ok: false, seq, reason: 'the line differs from the anchor' };
        previous = expected;
      }
      if (expectedHead !== undefined && expectedHead.seq > records)
        return { ok: false, seq: records + 1, reason: 'the tail was cut off' };
      return { ok: true, records };
    },
    head() {
      const row = last.get();
      return { seq: Number(row?.['seq'] ?? 0), hash: String(row?.['hash'] ?? genesis) };
    },
    close: () => database.close(),
  };
}

function lineHash(line: { at: number; kind: string; call: string; text: string; previous: string }): string {
  return bytesHash([line.previous, String(line.at), line.kind, line.call, line.text].join('\n'));
}

function cut(text: string): string {
  return text.length <= 2_000 ? text : `${text.slice(0, 2_000)}… (${text.length} characters)`;
}

function recordOf(row: Record<string, unknown>): AuditRecord {
  return {
    seq: Number(row['seq']),
    at: Number(row['at']),
    kind: row['kind'] === 'start' ? 'start' : 'end',
    call: String(row['call']),
    body: bodySchema.parse(JSON.parse(String(row['body']))),
    previous: String(row['previous']),
    hash: String(row['hash']),
  };
}
