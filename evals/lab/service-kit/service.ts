import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataDomain, Role } from '../names.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import type { Cache } from './cache.ts';
import { createCache } from './cache.ts';
import type { Client } from './http-client.ts';
import { createClient } from './http-client.ts';
import type { HttpReply } from './http-message.ts';
import type { Route } from './http-server.ts';
import { createHttpServer } from './http-server.ts';
import type { Log } from './log.ts';
import { openLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { createMetrics } from './metrics.ts';
import type { Pool } from './pool.ts';
import { createPool, poolMetrics } from './pool.ts';
import type { ProcessConfig } from './process-config.ts';
import type { Order, RetrySetting, Settings } from './settings.ts';
import { createStrainRunner } from './strain.ts';
import type { Tracer } from './tracing.ts';
import { createTracer } from './tracing.ts';
import type { Volume } from './volume.ts';
import { openVolume } from './volume.ts';

/** What a service is built from. */
export interface Service {
  readonly name: string;
  readonly settings: Settings;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly volume: Volume | undefined;
  /** The client of a peer, or nothing where this world has no such edge. */
  peer(role: Role): Client | undefined;
  /** The client of a peer that must be there. */
  need(role: Role): Client;
  pool(domain: DataDomain): Pool;
  has(domain: DataDomain): boolean;
  /** The one cache of the service; ask for it once. */
  cache<T>(): Cache<T>;
  /** Reads the service's template from disk, as a renderer without a cache does. */
  readTemplate(): string;
}

/** The routes of a service and what it does besides. */
export interface ServiceShape {
  readonly routes: readonly Route[];
  readonly admit?: () => HttpReply | undefined;
  readonly start?: () => void;
}

/** Runs one service: builds the parts, listens, reports readiness and obeys orders until the parent goes away. */
export function runService(config: ProcessConfig, shape: (service: Service) => ServiceShape): void {
  const settings: Settings = { ...config.settings };
  const random = createRandom(config.seed).fork(config.name);
  const log = openLog({
    service: config.name,
    path: config.logPath,
    skewMs: config.skewMs,
    shuffled: config.shuffledLogs,
    random: random.fork('log'),
  });
  const metrics = createMetrics();
  metrics.buildInfo.set({ version: settings.version }, 1);
  const tracer = createTracer({
    service: config.name,
    version: () => settings.version,
    otlp: config.otlp,
    sampleRatio: config.sampleRatio,
    random: random.fork('trace'),
  });
  const templatePath = join(config.folder, `${config.name}.template`);
  if (!existsSync(templatePath)) writeFileSync(templatePath, '<li>{{title}}</li>\n'.repeat(40));
  const volume =
    config.volumeBytes === undefined
      ? undefined
      : openVolume(
          { folder: join(config.folder, `${config.name}-data`), capacityBytes: config.volumeBytes, keep: 400 },
          metrics,
        );
  const parts = createParts(config, { settings, metrics, log });
  const service: Service = {
    name: config.name,
    settings,
    random,
    log,
    metrics,
    tracer,
    volume,
    ...parts,
    readTemplate: () => readFileSync(templatePath, 'utf8'),
  };
  const { routes, admit, start } = shape(service);
  const strain = createStrainRunner({ name: config.name, log, assetPath: templatePath, volume });
  const server = createHttpServer(
    {
      name: config.name,
      log,
      metrics,
      tracer,
      settings,
      random: random.fork('http'),
      onRequest: strain.onRequest,
      ...(admit && { admit }),
    },
    routes,
  );
  const obey = (order: Order): void => {
    if (order.settings !== undefined) {
      Object.assign(settings, order.settings);
      metrics.buildInfo.reset();
      metrics.buildInfo.set({ version: settings.version }, 1);
      log.write('info', 'configuration reloaded', { version: settings.version });
    }
    if (order.forgetCache === true) parts.clearCache();
    if (order.strain !== undefined) strain.apply(order.strain);
  };
  followParent(log, obey);
  strain.apply(config.strain);
  server.listen(config.port, '127.0.0.1', () => {
    log.write('info', 'listening', { version: settings.version });
    start?.();
    process.send?.({ ready: true });
  });
}

/** Ends this process when its parent is gone, and hands on the parent's orders. */
export function followParent(log: Log | undefined, obey: (order: Order) => void): void {
  const stop = (): void => {
    log?.flush();
    process.exit(0);
  };
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => undefined);
  process.on('message', (message: Order) => obey(message));
}

type Parts = Pick<Service, 'peer' | 'need' | 'pool' | 'has' | 'cache'> & { clearCache(): void };

function createParts(config: ProcessConfig, deps: { settings: Settings; metrics: Metrics; log: Log }): Parts {
  const { settings, metrics, log } = deps;
  const retryOf = (role: string): RetrySetting =>
    settings.retry[role] ?? settings.retry['default'] ?? { attempts: 1, timeoutMs: 1500, backoffMs: 0 };
  const clients = new Map<string, Client>();
  for (const [role, address] of Object.entries(config.peers)) {
    clients.set(role, createClient({ address, metrics, log, retry: () => retryOf(role) }));
  }
  const pools = new Map<string, Pool>();
  const byDatabase = new Map<string, Pool>();
  const addresses = Object.entries(config.databases);
  const measured = addresses.length > 0 ? poolMetrics(metrics) : undefined;
  for (const [domain, address] of addresses) {
    if (measured === undefined) continue;
    const pool = byDatabase.get(address.name) ?? createPool({ address, metrics, log, settings }, measured);
    byDatabase.set(address.name, pool);
    pools.set(domain, pool);
  }
  let clearCache = (): void => undefined;
  const found = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new Error(`${config.name} has no ${what}`);
    return value;
  };
  return {
    peer: (role) => clients.get(role),
    need: (role) => found(clients.get(role), role),
    pool: (domain) => found(pools.get(domain), domain),
    has: (domain) => pools.has(domain),
    cache: <T>() => {
      const cache = createCache<T>(config.name, metrics, settings);
      clearCache = cache.clear;
      return cache;
    },
    clearCache: () => clearCache(),
  };
}
