import { span as spanSchema } from '../../../domain/signal.ts';
import type { Span } from '../../../domain/signal.ts';
import { msOf } from '../../../infra/runtime/clock.ts';
import type { Database } from '../../../infra/runtime/database.ts';
import type { NamedSpan } from '../otlp-spans.ts';
import { peerOfSpan } from '../span-peer.ts';
import type { SourceResult, TraceRequest, TraceSource } from '../source.ts';
import { sourceResultOf } from '../source-result.ts';
import { stopIfAborted } from '../stop-if-aborted.ts';
import { optionalTextOf, textOf } from './sql-row.ts';
import type { SqlRow } from './sql-row.ts';
import type { EntityNames } from './entity-names.ts';

export interface SpanStore {
  /** Takes spans for the next `write`; gives how many were too many to keep. */
  add(spans: readonly NamedSpan[]): number;
  /** Writes pending spans; call inside a transaction. */
  write(): void;
  source(flush: () => void): TraceSource;
}

const pendingMax = 50_000;
const callsOthers: ReadonlySet<Span['kind']> = new Set(['client', 'producer', 'consumer']);

/** Spans in the collector's database. A span that comes twice is kept once. */
export function openSpanStore(database: Database, names: EntityNames): SpanStore {
  let pending: NamedSpan[] = [];
  const insert = database.sql.prepare(
    'INSERT OR REPLACE INTO spans (trace, span, parent, service, name, kind, start, duration, status, attributes, peer, peer_kind, edge) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  return {
    add(spans) {
      const room = Math.max(0, pendingMax - pending.length);
      pending.push(...(spans.length > room ? spans.slice(0, room) : spans));
      return Math.max(0, spans.length - room);
    },
    write() {
      const writing = pending;
      pending = [];
      for (const { service, span } of writing) if (callsOthers.has(span.kind)) names.learnProgram(service);
      for (const { service, span } of writing) {
        names.watch(service);
        const peer = peerOfSpan(span);
        // Whoever is called as a database or used as a queue is one, also where it is scraped or logs under that name.
        if (peer?.kind === 'database' || peer?.kind === 'queue') names.learn(peer.name, peer.kind);
        insert.run(
          span.traceId,
          span.spanId,
          span.parentId ?? null,
          service,
          span.name,
          span.kind,
          span.startMs,
          span.durationMs,
          span.status,
          JSON.stringify(span.attributes),
          peer?.name ?? null,
          peer?.kind ?? null,
          peer?.edge ?? null,
        );
      }
    },
    source: (flush) => ({
      name: 'collector',
      async search(request, signal) {
        stopIfAborted(signal);
        flush();
        return search(database, names, request);
      },
    }),
  };
}

function search(database: Database, names: EntityNames, request: TraceRequest): SourceResult<Span> {
  const { window, limit } = request;
  const conditions = ['start >= ?', 'start < ?'];
  const values: (string | number)[] = [msOf(window.from), msOf(window.to)];
  const add = (condition: string, ...more: (string | number)[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  const wanted = names.namesIn(request.entities);
  if (wanted !== undefined) add(`service IN (${[...wanted].map(() => '?').join(', ')})`, ...wanted);
  if (request.traceId !== undefined) add('trace = ?', request.traceId);
  if (request.onlyErrors === true) add("status = 'error'");
  if (request.minDurationMs !== undefined) add('duration >= ?', request.minDurationMs);
  const where = conditions.join(' AND ');
  const traces = database.sql.prepare(
    `SELECT trace, min(start) AS first FROM spans WHERE ${where} GROUP BY trace ORDER BY first, trace`,
  );
  const members = database.sql.prepare(
    'SELECT * FROM spans WHERE trace = ? AND start >= ? AND start < ? ORDER BY start, span',
  );
  const found: Span[] = [];
  let more = false;
  for (const row of traces.iterate(...values)) {
    const spans = members
      .all(textOf(row, 'trace'), msOf(window.from), msOf(window.to))
      .map((one) => spanFrom(one, names));
    // Whole traces only: the trace that would cross the limit ends the answer, unless it would be the only one.
    if (found.length > 0 && found.length + spans.length > limit) {
      more = true;
      break;
    }
    found.push(...spans);
  }
  const looked = names.watched().join(', ') || 'no service yet';
  return sourceResultOf(found, {
    limit,
    more,
    lookedAt: `collector: spans of ${looked}; asked for ${request.entities.join(', ') || 'all entities'}, ${window.from} to ${window.to}`,
  });
}

function spanFrom(row: SqlRow, names: EntityNames): Span {
  const parentId = optionalTextOf(row, 'parent');
  return {
    traceId: textOf(row, 'trace'),
    spanId: textOf(row, 'span'),
    ...(parentId === undefined ? {} : { parentId }),
    entity: names.idOf(textOf(row, 'service')),
    name: textOf(row, 'name'),
    kind: spanSchema.shape.kind.catch('internal').parse(row['kind']),
    startMs: Number(row['start']),
    durationMs: Number(row['duration']),
    status: spanSchema.shape.status.catch('unset').parse(row['status']),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `write`
    attributes: JSON.parse(textOf(row, 'attributes')) as Span['attributes'],
  };
}
