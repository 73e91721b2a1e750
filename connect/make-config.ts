import type { Found, FoundLog, FoundServer, ServerKind } from './found.ts';

/** A config as it is written to a file: plain JSON, no secret in it. */
export type ConfigFile = Record<string, unknown>;

/** What to write, and what to tell of it: choices made, what was left out, what must still be given. */
export interface MadeConfig {
  sources: ConfigFile;
  notes: string[];
}

/** Where OTLP over HTTP is usually sent to. */
export const otlpPort = 4_318;

/** From so many endpoints on, a collector of our own is no help: somebody has a Prometheus. */
const mostEndpoints = 60;

/**
 * The `sources` of a config for what was found. Of several of one kind the first counts (named ones come first, then this machine's, then
 * Grafana's), the others are told. Endpoints are scraped by our own collector only where no Prometheus was found. Pure.
 */
export function makeConfig(found: Found): MadeConfig {
  const notes: string[] = [];
  const sources: ConfigFile = {};
  const one = (kind: ServerKind): FoundServer | undefined => {
    const [first, ...others] = found.servers.filter((server) => server.kind === kind);
    for (const other of others) notes.push(`${other.url} (${other.about}) is left out: there is one ${kind} already`);
    if (first?.needs !== undefined) notes.push(`${first.url} asks for a log-in: give ${first.needs}`);
    return first;
  };
  const prometheus = one('prometheus');
  if (prometheus !== undefined) sources['prometheus'] = { url: prometheus.url };
  const collector = collectorOf(found, prometheus !== undefined, notes);
  for (const kind of ['loki', 'tempo', 'jaeger'] as const) {
    const server = one(kind);
    if (server !== undefined) sources[kind] = { url: server.url };
  }
  const hasTraces = sources['tempo'] !== undefined || sources['jaeger'] !== undefined;
  // Somewhere to send spans costs nothing, and what a call waits for is seen nowhere else.
  const takes = hasTraces || found.servers.length === 0 ? {} : { otlpPort };
  if (collector !== undefined || 'otlpPort' in takes) sources['collector'] = { ...collector, ...takes };
  const search = one('opensearch');
  if (search !== undefined) sources['opensearch'] = { url: search.url, index: 'logs-*' };
  const [cluster, ...others] = found.clusters;
  if (cluster !== undefined) {
    sources['kubernetes'] = { context: cluster.context };
    if (others.length > 0)
      notes.push(`other Kubernetes contexts are left out: ${others.map(({ context }) => context).join(', ')}`);
  }
  if (found.cloudwatch !== undefined)
    notes.push(
      `AWS region ${found.cloudwatch.region} is set: add "cloudwatch": { "namespaces": [...] } to read it (each metric that is read is billed)`,
    );
  if (found.checkouts.length > 0) sources['git'] = found.checkouts.map(({ path }) => ({ path }));
  return { sources, notes };
}

function collectorOf(found: Found, hasPrometheus: boolean, notes: string[]): ConfigFile | undefined {
  const endpoints = hasPrometheus ? [] : found.servers.filter(({ kind }) => kind === 'exposition');
  if (endpoints.length > mostEndpoints) notes.push(`only the first ${mostEndpoints} endpoints are scraped`);
  const logs = withoutTwins(found.logs);
  if (endpoints.length === 0 && logs.length === 0) return undefined;
  return {
    ...(endpoints.length === 0
      ? {}
      : {
          scrape: endpoints.slice(0, mostEndpoints).map(({ url, program }, index, all) => ({
            job: jobOf(program, new URL(url).port, all.slice(0, index)),
            url: `${url}/metrics`,
          })),
          scrapeIntervalMs: 5_000,
        }),
    ...(logs.length === 0 ? {} : { logs: logs.map(({ path, service }) => ({ service, path })) }),
  };
}

/** A name that people know, with the port where two programs share it. */
function jobOf(program: string | undefined, port: string, before: readonly FoundServer[]): string {
  if (program === undefined) return `port-${port || '80'}`;
  return before.some((one) => one.program === program) ? `${program}-${port}` : program;
}

function withoutTwins(logs: readonly FoundLog[]): FoundLog[] {
  return [...new Map(logs.map((log) => [log.path, log])).values()];
}
