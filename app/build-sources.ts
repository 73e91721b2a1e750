import { join } from 'node:path';
import type { Config } from '../config.ts';
import { isoOf } from '../infra/runtime/clock.ts';
import { openCollector } from '../tools/sources/collector/collector.ts';
import { topologyOfMetrics } from '../tools/read/read-topology.ts';
import { createConfiguredTopology } from '../tools/sources/configured/configured-topology.ts';
import { withJoinedNames } from '../tools/sources/join-names.ts';
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
  for (const { sources, close, ...about } of await connectBackEnds(config, deps, entityOf)) {
    all.push(sources);
    list.push(about);
    if (close !== undefined) closers.push(() => Promise.resolve(close()));
  }
  const backEnds = mergeSources(all.slice(config.collector === undefined ? 0 : 1));
  all.push(...toldTopologies(config, backEnds, deps));
  const merged = withJoinedNames(mergeSources(all), config.aliases, deps.clock);
  if (config.changeFeeds.length > 0) closers.push(keepChangesWarm(merged, deps));
  return {
    sources: merged,
    list,
    ...(otlpUrl === undefined ? {} : { otlpUrl }),
    close: async () => {
      for (const close of closers) await close();
    },
  };
}

/** Who depends on whom by configurations that are at hand and by labels of metrics; the collector tells of its own. */
function toldTopologies(config: Config['sources'], { metrics }: Sources, { clock }: AppDeps): Sources[] {
  const told: Sources[] = [];
  const paths = [...config.configs, ...config.git];
  if (paths.length > 0) told.push({ topology: createConfiguredTopology(paths, clock) });
  if (metrics === undefined) return told;
  told.push({
    topology: {
      name: 'metric labels',
      async read(window, signal) {
        const found = await topologyOfMetrics(metrics, window, signal ?? AbortSignal.timeout(60_000));
        const lookedAt = `labels of ${metrics.name}, up to ${window.to}`;
        return found === undefined
          ? { status: 'no-data', lookedAt }
          : { status: 'ok', items: [found], truncated: false, notes: [] };
      },
    },
  });
  return told;
}

/** Reads the feeds every five seconds, so that a question does not have to wait for one that is slow just then. Returns what stops it. */
function keepChangesWarm(sources: Sources, { clock }: AppDeps): () => Promise<void> {
  const read = (): void => {
    const now = clock.now();
    const window = { from: isoOf(now - warmMs), to: isoOf(now) };
    // A feed that fails now is asked again in five seconds, and a question that needs it says so.
    sources.changes?.list({ entities: [], window, limit: 1 }).catch(() => undefined);
  };
  read();
  const timer = setInterval(read, 5_000);
  return () => {
    clearInterval(timer);
    return Promise.resolve();
  };
}

/** Changes are looked up some hours before a symptom. */
const warmMs = 6 * 3_600_000;
