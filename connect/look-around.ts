import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { findGrafanaSources } from './find-grafana-sources.ts';
import { recogniseServers } from './find-servers.ts';
import type { Found, FoundCheckout, FoundLog, FoundServer, Listener } from './found.ts';
import { knownServers, otherProtocols } from './known-servers.ts';
import { serviceOfLog } from './service-of-log.ts';

/** Where to look, and with what. */
export interface Surroundings {
  /** Addresses that a person named. */
  addresses: readonly string[];
  /** Folders that a person named: work trees of git. */
  checkouts: readonly string[];
  listeners: readonly Listener[];
  environment: Readonly<Record<string, string | undefined>>;
  /** The folder that the command runs in. */
  folder: string;
  /** Ports that are Cerebro's own. */
  ownPorts: ReadonlySet<number>;
  ask?: typeof fetch;
}

/** Addresses that people commonly keep in the environment. */
const addressVariables = [
  'PROMETHEUS_URL',
  'PROMETHEUS_SERVER_URL',
  'GRAFANA_URL',
  'LOKI_ADDR',
  'LOKI_URL',
  'TEMPO_URL',
  'JAEGER_URL',
  'JAEGER_QUERY_URL',
  'ALERTMANAGER_URL',
  'OPENSEARCH_URL',
  'ELASTICSEARCH_URL',
] as const;

const kubeconfig = z.object({
  'current-context': z.string().optional(),
  contexts: z.array(z.object({ name: z.string() })).default([]),
});

/**
 * Looks around: addresses that were named or lie in the environment, usual ports of this machine, whatever listens on its loopback and may
 * speak HTTP, the logs that those programs write, the work trees that they run from, the kubeconfig, AWS's settings, and Grafana's data
 * sources. Only reads, and asks nobody off this machine who was not named. Never throws; about two seconds.
 */
export async function lookAround(around: Surroundings): Promise<Found> {
  const notes: string[] = [];
  const named = [...around.addresses, ...addressVariables.flatMap((name) => around.environment[name] ?? [])].map(
    (address) => (/^https?:\/\//.test(address) ? address : `http://${address}`),
  );
  const local = localPorts(around).map((port) => `http://127.0.0.1:${port}`);
  const urls = [...new Set([...named, ...local])];
  const servers = await recogniseServers(urls, around.ask);
  for (const url of around.addresses)
    if (!servers.some((one) => sameAddress(one.url, url))) notes.push(`${url}: nothing that is known answers there`);
  const behind: FoundServer[] = [];
  for (const grafana of servers.filter(({ kind }) => kind === 'grafana')) {
    const told = await findGrafanaSources(grafana.url, around.environment['CEREBRO_GRAFANA_TOKEN'], around.ask);
    behind.push(...told.servers);
    notes.push(...told.notes);
  }
  const region = around.environment['AWS_REGION'] ?? around.environment['AWS_DEFAULT_REGION'];
  return {
    servers: [...servers.map((server) => withProgram(server, around.listeners)), ...behind],
    logs: logsOf(around.listeners),
    checkouts: checkoutsOf(around),
    clusters: clustersOf(around, notes),
    ...(region === undefined ? {} : { cloudwatch: { region } }),
    notes,
  };
}

/** Programs that run others' code: the folder or the log says more than their own name. */
const interpreters =
  /^(node|python[\d.]*|java|ruby|php[\w.-]*|perl|dotnet|beam\.smp|gunicorn|uwsgi|bun|deno|MainThread)$/;

function withProgram(server: FoundServer, listeners: readonly Listener[]): FoundServer {
  const { hostname, port } = new URL(server.url);
  const listener = listeners.find(({ ports }) => ports.includes(Number(port)));
  if (listener === undefined || hostname !== '127.0.0.1') return server;
  const [log] = listener.logs;
  const own = interpreters.test(listener.program) ? undefined : listener.program;
  const program = own ?? (log === undefined ? basename(listener.folder ?? '') : serviceOfLog(log));
  return program === '' ? server : { ...server, program };
}

/** Usual ports, and those on which something listens that may speak HTTP. */
function localPorts({ listeners, ownPorts }: Surroundings): number[] {
  const usual = knownServers.flatMap(({ ports }) => ports);
  const open = listeners.filter(({ program }) => !otherProtocols.has(program)).flatMap(({ ports }) => ports);
  return [...new Set([...usual, ...open])].filter((port) => !ownPorts.has(port));
}

function sameAddress(left: string, right: string): boolean {
  const bare = (text: string): string => text.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return bare(left) === bare(right);
}

function logsOf(listeners: readonly Listener[]): FoundLog[] {
  const paths = [...new Set(listeners.flatMap(({ logs }) => logs))].sort();
  return paths.map((path) => ({ path, service: serviceOfLog(path) }));
}

/** Work trees that were named, that the command runs in, or that programs run from. */
function checkoutsOf({ checkouts, folder, listeners }: Surroundings): FoundCheckout[] {
  const folders = [
    ...checkouts.map((path) => resolve(folder, path)),
    folder,
    ...listeners.flatMap((one) => one.folder ?? []),
  ];
  const roots = new Set(folders.flatMap((path) => workTreeOf(path) ?? []));
  return [...roots].sort().map((path) => ({ path, name: basename(path) }));
}

function workTreeOf(start: string): string | undefined {
  for (let path = start; ; path = dirname(path)) {
    if (existsSync(join(path, '.git'))) return path;
    if (path === dirname(path)) return undefined;
  }
}

function clustersOf({ environment }: Surroundings, notes: string[]): Found['clusters'] {
  const path = environment['KUBECONFIG']?.split(':')[0] ?? join(homedir(), '.kube', 'config');
  try {
    if (!statSync(path).isFile()) return [];
    const read = kubeconfig.parse(parse(readFileSync(path, 'utf8')));
    const current = read['current-context'];
    const names = read.contexts.map(({ name }) => name);
    return [...names.filter((name) => name === current), ...names.filter((name) => name !== current)].map(
      (context) => ({
        context,
        kubeconfig: path,
      }),
    );
  } catch (thrown) {
    if (environment['KUBECONFIG'] !== undefined)
      notes.push(
        `${path}: cannot be read as a kubeconfig (${thrown instanceof Error ? thrown.message.slice(0, 120) : 'unknown reason'})`,
      );
    return [];
  }
}
