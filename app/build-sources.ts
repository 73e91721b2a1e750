import { join } from 'node:path';
import type { Config } from '../config.ts';
import { openCollector } from '../tools/sources/collector/collector.ts';
import { mergeSources } from '../tools/sources/merge-sources.ts';
import type { Sources } from '../tools/sources/source.ts';
import type { AppDeps } from './app-deps.ts';
import { connectBackEnds } from './connect-back-ends.ts';

/** What is connected, merged, and what it takes to let go of it. */
export interface ConnectedSources {
  sources: Sources;
  /** One entry a connected system, for people to see. */
  list: { name: string; kind: string; address: string }[];
  /** Where services may send spans, when the collector runs. */
  otlpUrl?: string;
  close(): Promise<void>;
}

/** Opens every source that the config names. Nothing is asked of a back end yet: a dead one shows when it is read. */
export async function buildSources(
  config: Config['sources'],
  deps: AppDeps,
  folder: string,
): Promise<ConnectedSources> {
  const all: Sources[] = [];
  const list: ConnectedSources['list'] = [];
  const closers: (() => Promise<void>)[] = [];
  let otlpUrl: string | undefined;
  let entityOf: ((service: string) => string) | undefined;
  if (config.collector !== undefined) {
    const { scrape, logs, scrapeIntervalMs, otlpPort, retentionHours, maxMegabytes } = config.collector;
    const collector = await openCollector(deps, {
      dir: join(folder, 'collector'),
      scrape: scrape.map((target) => ({ ...target })),
      scrapeIntervalMs,
      logs: logs.map((file) => ({ ...file })),
      otlpPort,
      retentionMs: retentionHours * 3_600_000,
      maxBytes: maxMegabytes * 1024 ** 2,
    });
    otlpUrl = collector.otlpUrl;
    entityOf = (service) => collector.idOf(service);
    closers.push(() => collector.close());
    all.push({
      metrics: collector.metrics,
      logs: collector.logs,
      traces: collector.traces,
      topology: collector.topology,
    });
    list.push({
      name: 'collector',
      kind: 'metrics, logs, traces, topology',
      address: `${scrape.length} scrape targets, ${logs.length} log files, spans at ${collector.otlpUrl}`,
    });
  }
  for (const { sources, ...about } of await connectBackEnds(config, deps, entityOf)) {
    all.push(sources);
    list.push(about);
  }
  return {
    sources: mergeSources(all),
    list,
    ...(otlpUrl === undefined ? {} : { otlpUrl }),
    close: async () => {
      for (const close of closers) await close();
    },
  };
}
