import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { createChangeFeed } from '../changes/feed.ts';
import { startChangeStream } from '../changes/change-stream.ts';
import { createFaultDesk } from '../faults/fault-desk.ts';
import { createRandom } from '../random.ts';
import { openLog } from '../service-kit/log.ts';
import { serviceOf, worldOf } from '../world.ts';
import { createControlServer } from './control-server.ts';
import { createHostMetrics } from './host-metrics.ts';
import { createLevers } from './levers.ts';
import type { Plan } from './plan.ts';
import { logPathOf, planOf } from './plan.ts';
import { createPortFinder } from './ports.ts';
import { createProcessMetrics } from './process-metrics.ts';
import { createProcessTable } from './process-table.ts';
import type { Proxy } from './proxy.ts';
import { openProxy } from './proxy.ts';
import type { Observability } from './public-server.ts';
import { createPublicServer } from './public-server.ts';

export interface LabOptions {
  readonly folder: string;
  readonly seed: number;
  readonly port: number;
  readonly controlPort: number;
  readonly token: string;
  readonly otlp?: string | undefined;
}

/** A running shop. */
export interface Lab {
  readonly port: number;
  readonly controlPort: number;
  stop(): Promise<void>;
}

/** Starts every process of the seed's world and resolves when all are ready. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const world = worldOf(options.seed);
  const random = createRandom(options.seed);
  const plan = await planOf({ world, folder, otlp: options.otlp, freePorts: createPortFinder(process.pid * 40) });
  const log = openLog({
    service: 'supervisor',
    path: logPathOf(folder, 'supervisor'),
    skewMs: 0,
    shuffled: false,
    random: random.fork('supervisor'),
  });
  const table = createProcessTable(log);
  const proxies = await openProxies(plan);
  const feed = createChangeFeed(random.fork('feed'));
  const levers = createLevers({ world, table, proxies, feed, fileOf: (name) => join(folder, `${name}.sqlite`) });
  const stream = startChangeStream({ levers, feed, random: random.fork('changes') });
  const desk = createFaultDesk(levers, random.fork('faults'));
  const processes = createProcessMetrics(table.states);
  const ourPids = (): number[] => [
    process.pid,
    ...table.states().flatMap(({ pid, ours }) => (ours && pid !== undefined ? [pid] : [])),
  ];
  let port = 0;
  const publicServer = createPublicServer({
    observability: () => observabilityOf({ plan, folder, port, gateway: serviceOf(world, 'gateway').name }),
    changesSince: feed.since,
    host: createHostMetrics(ourPids),
    processes,
  });
  const controlServer = createControlServer({
    token: options.token,
    load: levers.load,
    desk: {
      ...desk,
      inject: async (kind, target) => {
        const truth = await desk.inject(kind, target);
        stream.stir(truth.entity);
        return truth;
      },
    },
  });
  const stop = async (): Promise<void> => {
    stream.stop();
    publicServer.close();
    controlServer.close();
    await table.stopAll();
    log.close();
  };
  try {
    // Visitors come when everything else is ready.
    await Promise.all(plan.processes.filter(({ role }) => role !== 'load').map((config) => table.start(config)));
    await Promise.all(plan.processes.filter(({ role }) => role === 'load').map((config) => table.start(config)));
    port = await listen(publicServer, options.port);
    return { port, controlPort: await listen(controlServer, options.controlPort), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openProxies(plan: Plan): Promise<Map<string, Proxy>> {
  const proxies = new Map<string, Proxy>();
  for (const { name, port, relayPort } of plan.places.values()) {
    if (relayPort !== undefined) proxies.set(name, await openProxy({ port: relayPort, target: port }));
  }
  return proxies;
}

function observabilityOf(from: { plan: Plan; folder: string; port: number; gateway: string }): Observability {
  const { plan, folder, port, gateway } = from;
  const own = [...plan.places.values()].filter(({ metricsPort }) => metricsPort > 0);
  const base = `http://127.0.0.1:${port}`;
  return {
    scrape: [
      ...own.map(({ name, metricsPort }) => ({ job: name, url: `http://127.0.0.1:${metricsPort}/metrics` })),
      { job: 'node-exporter', url: `${base}/host/metrics` },
      { job: 'supervisor', url: `${base}/supervisor/metrics` },
    ],
    logs: [...own.map(({ name }) => name), 'supervisor'].map((service) => ({
      service,
      path: logPathOf(folder, service),
    })),
    changes: `${base}/changes`,
    gateway: `http://127.0.0.1:${plan.places.get(gateway)?.port ?? 0}`,
  };
}

function listen(server: Server, port: number): Promise<number> {
  // Longer than readers pause, so that a connection is not closed under a request.
  server.keepAliveTimeout = 60_000;
  return new Promise((resolvePort, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolvePort(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
