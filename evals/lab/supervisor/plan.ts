import { join } from 'node:path';
import type { DataDomain, Role } from '../names.ts';
import type { Address, ProcessConfig } from '../service-kit/process-config.ts';
import { calm, defaultSettings } from '../service-kit/settings.ts';
import type { DatabaseSpec, ServiceSpec, World } from '../world.ts';

/** Where one process listens, and the relay that its callers go through. */
export interface Place {
  readonly name: string;
  readonly port: number;
  readonly relayPort: number | undefined;
  readonly metricsPort: number;
}

/** All processes of a world with their places. */
export interface Plan {
  readonly places: ReadonlyMap<string, Place>;
  readonly processes: readonly ProcessConfig[];
}

export interface PlanOptions {
  readonly world: World;
  readonly folder: string;
  readonly otlp?: string | undefined;
  readonly freePorts: (count: number) => Promise<number>;
}

const relayed: readonly Role[] = ['payment', 'inventory', 'cart', 'search', 'recommendation', 'checkout'];
const volumeBytes = 24 * 1024 * 1024;

/** Gives every process of the world its ports and its configuration. */
export async function planOf(options: PlanOptions): Promise<Plan> {
  const { world } = options;
  const places = new Map<string, Place>();
  for (const database of world.databases) {
    const port = await options.freePorts(3);
    places.set(database.name, { name: database.name, port, metricsPort: port + 1, relayPort: port + 2 });
  }
  for (const service of world.services) {
    const port = await options.freePorts(2);
    const relayPort = relayed.includes(service.role) ? port + 1 : undefined;
    places.set(service.name, { name: service.name, port, metricsPort: port, relayPort });
  }
  const providerPort = await options.freePorts(1);
  places.set(world.provider, { name: world.provider, port: providerPort, metricsPort: 0, relayPort: undefined });
  const plan = { world, options, places };
  return {
    places,
    processes: [
      ...world.databases.map((database) => databaseProcess(plan, database)),
      ...world.services.map((service) => serviceProcess(plan, service)),
      { ...base(plan, world.provider), role: 'provider' },
      loadProcess(plan),
    ],
  };
}

interface Planning {
  readonly world: World;
  readonly options: PlanOptions;
  readonly places: ReadonlyMap<string, Place>;
}

function base(plan: Planning, name: string): Omit<ProcessConfig, 'role'> {
  return {
    name,
    port: plan.places.get(name)?.port ?? 0,
    seed: plan.world.seed,
    folder: plan.options.folder,
    logPath: logPathOf(plan.options.folder, name),
    skewMs: 0,
    shuffledLogs: false,
    sampleRatio: plan.world.sampleRatio,
    otlp: plan.options.otlp,
    peers: {},
    databases: {},
    settings: defaultSettings('1.0.0'),
    strain: calm,
  };
}

/** Where a process writes its log lines. */
export function logPathOf(folder: string, name: string): string {
  return join(folder, `${name}.ndjson`);
}

function databaseProcess(plan: Planning, spec: DatabaseSpec): ProcessConfig {
  const file = join(plan.options.folder, `${spec.name}.sqlite`);
  return {
    ...base(plan, spec.name),
    role: 'database',
    settings: defaultSettings('3.50.4'),
    database: { file, domains: spec.domains, latencyMs: spec.latencyMs },
  };
}

function serviceProcess(plan: Planning, spec: ServiceSpec): ProcessConfig {
  const peers: Partial<Record<Role, Address>> = {};
  for (const role of spec.calls) {
    if (role === 'provider') {
      peers.provider = { ...addressOf(plan, plan.world.provider), external: true };
      continue;
    }
    const called = plan.world.services.find((service) => service.role === role);
    if (called !== undefined) peers[role] = addressOf(plan, called.name);
  }
  const databases: Partial<Record<DataDomain, Address>> = {};
  for (const database of plan.world.databases) {
    for (const domain of database.domains) {
      if (spec.data.includes(domain)) databases[domain] = addressOf(plan, database.name);
    }
  }
  return {
    ...base(plan, spec.name),
    role: spec.role,
    skewMs: spec.skewMs,
    shuffledLogs: spec.shuffledLogs,
    peers,
    databases,
    settings: { ...defaultSettings(spec.version), requestsPerSecondMax: Math.round(plan.world.load.rate * 2.4) },
    volumeBytes: spec.volume ? volumeBytes : undefined,
  };
}

function addressOf(plan: Planning, name: string): Address {
  const place = plan.places.get(name);
  if (place === undefined) throw new Error(`no place for ${name}`);
  return { name, port: place.relayPort ?? place.port };
}

function loadProcess(plan: Planning): ProcessConfig {
  const gateway = plan.world.services.find((service) => service.role === 'gateway');
  if (gateway === undefined) throw new Error('this world has no gateway');
  return {
    ...base(plan, 'visitors'),
    role: 'load',
    peers: { gateway: addressOf(plan, gateway.name) },
    load: plan.world.load,
  };
}
