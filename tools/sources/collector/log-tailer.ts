import type { Clock } from '../../../infra/runtime/clock.ts';
import type { Database } from '../../../infra/runtime/database.ts';
import type { Metrics } from '../../../infra/runtime/metrics.ts';
import { createClockOffset } from './clock-offset.ts';
import { createFileTail } from './file-tail.ts';
import type { TailBatch } from './file-tail.ts';
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
}

/** Continues where the store left off. What cannot be read is counted, never fatal. */
export function createLogTailer(
  deps: LogTailerDeps,
  log: { service: string; path: string },
  pollMs: number,
): LogTailer {
  const { clock, metrics, database, store } = deps;
  const json = store.fileOf(log.path, 'json', log.service);
  const text = store.fileOf(log.path, 'text', log.service);
  const tail = createFileTail(log.path, json.position);
  const offset = createClockOffset(json.skewMs, pollMs / 2);

  const takeIn = (batch: TailBatch): void => {
    const arrival = clock.now();
    let taken = 0;
    const dropped = new Map<string, number>();
    const drop = (reason: string): void => void dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
    for (const bytes of batch.lines) {
      const line = readLogLine(bytes);
      if (line.reason !== undefined && line.reason !== 'empty') drop(line.reason);
      if (line.record === undefined) continue;
      taken += 1;
      if (line.record.at === undefined) {
        store.add(text.id, arrival, line.record);
        continue;
      }
      if (batch.fresh) offset.note(line.record.at, arrival);
      store.add(json.id, line.record.at, line.record);
    }
    for (const { start, bytes } of batch.oversized) {
      drop('oversized');
      const line = readLogLine(start);
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
