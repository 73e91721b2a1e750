import type { Clock } from '../../../infra/runtime/clock.ts';
import type { Database } from '../../../infra/runtime/database.ts';
import type { Metrics } from '../../../infra/runtime/metrics.ts';
import { createClockOffset } from './clock-offset.ts';
import { createFileTail } from './file-tail.ts';
import type { TailBatch } from './file-tail.ts';
import { createLineJoiner } from '../../../detection/evidence/logs/formats/join-lines.ts';
import { readLogText } from '../../../detection/evidence/logs/formats/read-log-text.ts';
import type { ReadText } from '../../../detection/evidence/logs/formats/read-log-text.ts';
import { readLogLine } from './log-line.ts';
import type { LogStore } from './log-store.ts';

/** Follows the log file of one service into the store. */
export interface LogTailer {
  /** Takes in what was appended since; records and the file's position are stored together, so a kill loses and doubles nothing. */
  poll(): Promise<void>;
  close(): Promise<void>;
}

export interface LogTailerDeps {
  clock: Clock;
  metrics: Metrics;
  database: Database;
  store: LogStore;
  /** Told of every request in an access log, with its time. */
  onRequest?: (atMs: number, fields: Readonly<Record<string, unknown>>) => void;
}

/** The record that the next lines may go on with. */
interface OpenRecord {
  text: string;
  read: ReadText;
  arrival: number;
  /** Its row once it was stored. */
  row?: number | bigint;
  isChanged: boolean;
}

const longestRecord = 16_000;

/** Continues where the store left off. Lines that belong together are one record. What cannot be read is counted, never fatal. */
export function createLogTailer(
  deps: LogTailerDeps,
  log: { service: string; path: string },
  pollMs: number,
): LogTailer {
  const { clock, metrics, database, store, onRequest } = deps;
  const json = store.fileOf(log.path, 'json', log.service);
  const text = store.fileOf(log.path, 'text', log.service);
  const tail = createFileTail(log.path, json.position);
  const offset = createClockOffset(json.skewMs, pollMs / 2);

  const joiner = createLineJoiner();
  let open: OpenRecord | undefined;

  const keepRecord = (one: OpenRecord): void => {
    if (!one.isChanged) return;
    const read = one.text.includes('\n') ? readLogText(one.text, one.arrival) : one.read;
    if (one.row !== undefined) store.replace(one.row, read);
    else one.row = read.at === undefined ? store.add(text.id, one.arrival, read) : store.add(json.id, read.at, read);
    one.isChanged = false;
  };

  const takeIn = (batch: TailBatch): void => {
    const arrival = clock.now();
    let taken = 0;
    const dropped = new Map<string, number>();
    const drop = (reason: string): void => void dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
    for (const bytes of batch.lines) {
      const line = readLogLine(bytes, arrival);
      if (line.reason !== undefined && line.reason !== 'empty') drop(line.reason);
      if (line.record === undefined) continue;
      if (joiner.continues(line.text, line.record) && open !== undefined) {
        if (open.text.length + line.text.length > longestRecord) continue;
        open.text += `\n${line.text}`;
        open.isChanged = true;
        continue;
      }
      if (open !== undefined) keepRecord(open);
      taken += 1;
      open = { text: line.text, read: line.record, arrival, isChanged: true };
      if (line.record.at !== undefined && batch.fresh) offset.note(line.record.at, arrival);
      if (line.record.isAccess === true) onRequest?.((line.record.at ?? arrival) + offset.skewMs(), line.record.fields);
    }
    if (open !== undefined) keepRecord(open);
    for (const { start, bytes } of batch.oversized) {
      drop('oversized');
      const line = readLogLine(start, arrival);
      if (line.record === undefined) continue;
      store.add(text.id, arrival, {
        ...line.record,
        message: `${line.record.message.slice(0, 1_000)} [cut: a line of ${bytes} bytes]`,
      });
    }
    json.position = batch.position;
    json.skewMs = offset.skewMs();
    store.savePosition(json);
    if (taken > 0) metrics.count('cerebro_collector_samples_total', { signal: 'logs' }, taken);
    for (const [reason, count] of dropped)
      metrics.count('cerebro_collector_dropped_total', { signal: 'logs', reason }, count);
  };

  return {
    async poll() {
      const batch = await tail.poll();
      const moved = batch.position.position !== json.position.position || batch.position.inode !== json.position.inode;
      if (moved) database.transaction(() => takeIn(batch));
    },
    close: () => tail.close(),
  };
}
