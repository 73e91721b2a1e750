import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goProgramPath } from '../../../infra/services/go-programs.ts';
import { blame, commonBreaks } from '../common-breaks.ts';
import { mechanisms } from '../mechanisms.ts';
import type { Break, Rig, Stack } from '../rig.ts';
import { losePackets } from '../lose-packets.ts';

const services = ['customer', 'driver', 'route', 'frontend'] as const;
type Service = (typeof services)[number];

/** What each service is started with on an ordinary day: a quick database without its mutex, enough workers. */
const usual: Record<Service, readonly string[]> = {
  customer: ['-D', '10ms', '-M'],
  driver: [],
  route: [],
  frontend: ['-W', '100'],
};

/** HotROD, the example of Jaeger: four traced services in Go that send spans by OTLP, node exporter, Prometheus. */
export function createHotrodStack(): Stack {
  return {
    name: 'hotrod',
    needs: ['prometheus', 'prometheus-node-exporter', 'stress-ng', 'iptables'],
    programs: ['hotrod'],
    start,
    connect: ({ dir }) => ({
      sources: {
        prometheus: { url: 'http://127.0.0.1:9090' },
        collector: {
          otlpPort: 4318,
          logs: services.map((service) => ({ service, path: join(dir, `logs/${service}.out`) })),
        },
      },
    }),
    breaks: hotrodBreaks,
  };
}

function startService({ programs }: Rig, service: Service, flags: readonly string[]): void {
  programs.start(service, [goProgramPath('hotrod') ?? 'hotrod', service, ...flags], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
  });
}

async function start(rig: Rig): Promise<void> {
  const { dir, programs } = rig;
  for (const service of services) startService(rig, service, usual[service]);
  const at = (port: number): string => `--web.listen-address=127.0.0.1:${port}`;
  programs.start('node-exporter', ['prometheus-node-exporter', at(9100)]);
  mkdirSync(join(dir, 'prometheus'), { recursive: true });
  writeFileSync(
    join(dir, 'prometheus.yml'),
    `global: { scrape_interval: 5s, evaluation_interval: 5s }
scrape_configs:
  - { job_name: frontend, static_configs: [ { targets: ["127.0.0.1:8080"] } ] }
  - { job_name: node, static_configs: [ { targets: ["127.0.0.1:9100"] } ] }
`,
  );
  programs.start('prometheus', [
    'prometheus',
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'prometheus')}`,
    at(9090),
  ]);
  await programs.answers('http://127.0.0.1:9090/-/ready');
  await programs.answers('http://127.0.0.1:8080/');
  const customers = ['123', '392', '731', '567'];
  writeFileSync(
    join(dir, 'load.json'),
    JSON.stringify({
      seed: 1,
      mix: customers.map((customer) => ({
        weight: 1,
        method: 'GET',
        url: `http://127.0.0.1:8080/dispatch?customer=${customer}`,
      })),
    }),
  );
  rig.load(3);
  programs.start('load', [
    process.execPath,
    join(import.meta.dirname, '../load-main.ts'),
    join(dir, 'load.json'),
    join(dir, 'rate'),
  ]);
}

const customer = ['customer', 'mysql', '127.0.0.1:8081', '0.0.0.0:8081'];
const mysql = ['mysql', 'customer'];

/** A service started with other flags, as a changed deployment does. */
function flagged(name: string, service: Service, flags: readonly string[]): Pick<Break, 'name' | 'apply' | 'undo'> {
  const swap = async (rig: Rig, next: readonly string[]): Promise<void> => {
    await rig.programs.stop(service);
    startService(rig, service, next);
  };
  return { name, apply: (rig) => swap(rig, flags), undo: (rig) => swap(rig, usual[service]) };
}

/** A service that is killed, or stands still. */
function ended(name: string, service: Service, frozen = false): Pick<Break, 'name' | 'apply' | 'undo'> {
  const send = async ({ programs }: Rig, signal: string): Promise<void> =>
    void (await programs.run(['kill', signal, String(programs.pid(service))]));
  return frozen
    ? { name, apply: (rig) => send(rig, '-STOP'), undo: (rig) => send(rig, '-CONT') }
    : { name, apply: (rig) => rig.programs.stop(service, 'SIGKILL'), undo: (rig) => rig.programs.restart(service) };
}

const slow = ['slow-service', 'slow-query', 'missing-index', 'query-regression'];
const hotrodBreaks: readonly Break[] = [
  {
    told: 'queries of the customers take a second and a half',
    ...blame(mysql, slow, 'store'),
    ...flagged('mysql-slow', 'customer', ['-D', '1500ms', '-M']),
  },
  {
    told: 'queries of the customers wait for one connection',
    ...blame(mysql, [...slow, ...mechanisms.lock, ...mechanisms.connections], 'code'),
    ...flagged('mysql-mutex', 'customer', ['-D', '450ms']),
  },
  {
    told: 'the frontend has one worker for its routes',
    ...blame(['frontend'], mechanisms.threads, 'platform'),
    ...flagged('one-worker', 'frontend', ['-W', '1']),
  },
  {
    told: 'customer was killed',
    ...blame(customer, mechanisms.down, 'platform'),
    ...ended('customer-stop', 'customer'),
  },
  {
    told: 'driver was killed',
    ...blame(['driver', '127.0.0.1:8082', '0.0.0.0:8082'], mechanisms.down, 'platform'),
    ...ended('driver-stop', 'driver'),
  },
  {
    told: 'route was killed',
    ...blame(['route', '127.0.0.1:8083', '0.0.0.0:8083'], mechanisms.down, 'platform'),
    ...ended('route-stop', 'route'),
  },
  {
    told: 'route stands still',
    ...blame(['route', '127.0.0.1:8083', '0.0.0.0:8083'], [...mechanisms.down, ...mechanisms.blocked], 'platform'),
    ...ended('route-frozen', 'route', true),
  },
  {
    name: 'packet-loss',
    told: 'two of five packets to route are lost',
    ...blame(['route', 'network', 'frontend', '127.0.0.1:8083', '0.0.0.0:8083'], mechanisms.network, 'platform'),
    ...losePackets(8083, 0.4),
  },
  {
    told: 'customer is started again as it was',
    culprit: false,
    entities: [],
    faults: [],
    layer: 'none',
    ...flagged('innocent-restart', 'customer', usual.customer),
  },
  ...commonBreaks({ usual: 3, peak: 12 }, ['node', 'host', '127.0.0.1:9100', 'localhost']),
];
