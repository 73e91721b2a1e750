import { mkdirSync } from 'node:fs';
import type { EntityId } from '../../../domain/entity.ts';
import type { Clock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Logger } from '../../../infra/runtime/logger.ts';
import type { Metrics } from '../../../infra/runtime/metrics.ts';
import type { LogSource, MetricSource, TopologySource, TraceSource } from '../source.ts';
import { type AccessSeries, createAccessSeries } from './access-series.ts';
import { openCollectorDatabase } from './collector-database.ts';
import { createCollectorTopology } from './collector-topology.ts';
import { openEntityNames } from './entity-names.ts';
import { type LogPath, logFilesOf } from './log-files.ts';
import { openLogStore } from './log-store.ts';
import { logJobOf } from './log-job.ts';
import { createLogTailer, type LogTailer } from './log-tailer.ts';
import { createCollectorMetrics } from './metric-source.ts';
import { openMetricStore } from './metric-store.ts';
import { openOtlpReceiver } from './otlp-receiver.ts';
import { createScraper } from './scraper.ts';
import type { ScrapeTarget } from './scraper.ts';
import { openSpanStore } from './span-store.ts';

export interface CollectorOptions {
  /** Folder of `collector.sqlite`; made when absent. One collector a folder. */
  dir: string;
  scrape: ScrapeTarget[];
  /** Default 1,000. 0: only `poll` scrapes and reads. */
  scrapeIntervalMs?: number;
  logs: LogPath[];
  /** Port of the OTLP receiver on the loopback interface; 0 is any. */
  otlpPort?: number;
  /** Older data is dropped; default one hour. */
  retentionMs?: number;
  /** About the largest size of the file on disk; default 1 GiB. The oldest data is dropped beyond it. */
  maxBytes?: number;
}

/** The built-in collector: scraped metrics, tailed logs and received spans as sources. */
export interface Collector extends AsyncDisposable {
  metrics: MetricSource;
  logs: LogSource;
  traces: TraceSource;
  topology: TopologySource;
  /** Base of the OTLP receiver; spans go to `<otlpUrl>/v1/traces`. */
  otlpUrl: string;
  /** The entity that a scraped, logging or traced name is, for other sources that speak of it by name. */
  idOf(name: string): EntityId;
  /** Scrapes every target and reads every log once, now, and stores all that is pending. */
  poll(): Promise<void>;
  close(): Promise<void>;
}

const flushMs = 1_000;
const tailMs = 250;
const sweepMs = 10_000;

/**
 * Opens the collector and starts collecting. What was collected before in `dir` is served again; a kill loses at most the last second of
 * metrics and spans, and no log line. Throws CONFLICT when the receiver's port is taken, STORE_DAMAGED for an unreadable store.
 */
export async function openCollector(
  deps: { clock: Clock; logger: Logger; metrics: Metrics },
  options: CollectorOptions,
): Promise<Collector> {
  const { clock, logger, metrics } = deps;
  const { scrapeIntervalMs = 1_000, retentionMs = 3_600_000, maxBytes = 1024 ** 3 } = options;
  mkdirSync(options.dir, { recursive: true });
  const database = openCollectorDatabase(options.dir, maxBytes);
  const names = openEntityNames(database);
  for (const { job } of options.scrape) names.watch(job);
  const store = openMetricStore(database, names, clock.now() - retentionMs);
  const logStore = openLogStore(database, names);
  const spanStore = openSpanStore(database, names);
  const flush = (): void => {
    if (!database.sql.isOpen) throw new CerebroError('BACKEND_UNAVAILABLE', 'The collector is closed.');
    countRequests();
    database.transaction(() => {
      store.write();
      spanStore.write();
    });
  };
  const sweep = (): void => store.trim(database.enforceBounds(clock.now() - retentionMs));
  sweep();

  const scrapers = options.scrape.map((target) =>
    createScraper({ clock, metrics, store }, target, Math.max(900, scrapeIntervalMs)),
  );
  const tailers = new Map<string, LogTailer>();
  const requests = new Map<string, AccessSeries>();
  /** Files that a glob names may come later. */
  const findLogs = (): void => {
    for (const log of logFilesOf(options.logs)) {
      if (tailers.has(log.path)) continue;
      names.watch(log.service);
      const series = requests.get(log.service) ?? createAccessSeries();
      requests.set(log.service, series);
      const onRequest = (atMs: number, fields: Readonly<Record<string, unknown>>): void => series.note(atMs, fields);
      tailers.set(log.path, createLogTailer({ clock, metrics, database, store: logStore, onRequest }, log, tailMs));
    }
  };
  findLogs();
  const countRequests = (): void => {
    for (const [service, series] of requests)
      for (const { at, input } of series.take(clock.now())) store.record(logJobOf(service), at, input);
  };
  let receiver: Awaited<ReturnType<typeof openOtlpReceiver>>;
  try {
    receiver = await openOtlpReceiver(
      {
        spans: (spans) => {
          const lost = spanStore.add(spans);
          metrics.count('cerebro_collector_samples_total', { signal: 'spans' }, spans.length - lost);
          if (lost > 0) metrics.count('cerebro_collector_dropped_total', { signal: 'spans', reason: 'overflow' }, lost);
        },
        dropped: (reason, count) =>
          metrics.count('cerebro_collector_dropped_total', { signal: 'spans', reason }, count),
      },
      options.otlpPort === undefined ? {} : { port: options.otlpPort },
    );
  } catch (thrown) {
    database.close();
    throw thrown;
  }

  let closed = false;
  let tailing: Promise<void> | undefined;
  const readLogs = (): Promise<void> => {
    tailing ??= (async () => {
      try {
        for (const tailer of tailers.values())
          if (!closed) await guarded(logger, 'collector-tail-failed', () => tailer.poll());
      } finally {
        tailing = undefined;
      }
    })();
    return tailing;
  };
  const timers: NodeJS.Timeout[] = [];
  const every = (ms: number, event: string, work: () => void | Promise<void>): void => {
    timers.push(setInterval(() => void guarded(logger, event, work), ms));
  };
  if (scrapeIntervalMs > 0) {
    for (const [index, scraper] of scrapers.entries()) {
      // Spread over the interval, so that targets are not all read at the same moment.
      const start = setTimeout(
        () => {
          void guarded(logger, 'collector-scrape-failed', () => scraper.scrape());
          every(scrapeIntervalMs, 'collector-scrape-failed', () => scraper.scrape());
        },
        Math.floor((index * scrapeIntervalMs) / scrapers.length),
      );
      timers.push(start);
    }
    every(tailMs, 'collector-tail-failed', readLogs);
    every(flushMs, 'collector-write-failed', flush);
    every(sweepMs, 'collector-sweep-failed', sweep);
    every(sweepMs, 'collector-logs-not-found', findLogs);
  }

  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    for (const timer of timers) clearInterval(timer);
    for (const scraper of scrapers) scraper.close();
    await receiver.close();
    await tailing;
    for (const tailer of tailers.values()) await tailer.close();
    await guarded(logger, 'collector-write-failed', flush);
    database.close();
  };
  return {
    metrics: createCollectorMetrics(store, names),
    logs: logStore.source(flush),
    traces: spanStore.source(flush),
    topology: createCollectorTopology({ database, metrics: store, names, flush }),
    otlpUrl: receiver.url,
    idOf: (name) => names.idOf(name),
    async poll() {
      await Promise.all([...scrapers.map((scraper) => scraper.scrape()), tailing]);
      findLogs();
      await readLogs();
      flush();
      sweep();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A failure of one round is logged; the next round tries again. */
async function guarded(logger: Logger, event: string, work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    logger.error(event, { error: CerebroError.from(thrown).message });
  }
}
