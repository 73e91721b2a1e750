import type { EntityId, Topology } from '../../domain/entity.ts';
import type { Random } from '../../infra/runtime/random.ts';

/** Faults that the simulator can play. */
export const simulatedFaults = [
  'none',
  'cpu-saturation',
  'event-loop-block',
  'memory-leak',
  'database-lock',
  'missing-index',
  'n-plus-one',
  'pool-exhaustion',
  'network-latency',
  'dependency-down',
  'bad-deploy-errors',
  'retry-storm',
  'cache-loss',
  'handle-leak',
  'disk-full',
  'traffic-surge',
  'provider-outage',
] as const;
export type SimulatedFault = (typeof simulatedFaults)[number];

/** One service of the made-up shop. */
export interface Service {
  name: string;
  calls: { to: string; perRequest: number }[];
  database?: string;
  ownMs: number;
}

/** The made-up shop; `bystander` has nothing to do with the rest. */
export const shop: readonly Service[] = [
  {
    name: 'door',
    calls: [
      { to: 'wares', perRequest: 0.6 },
      { to: 'order', perRequest: 0.3 },
    ],
    ownMs: 4,
  },
  { name: 'wares', calls: [{ to: 'depot', perRequest: 0.5 }], database: 'wares-db', ownMs: 6 },
  {
    name: 'order',
    calls: [
      { to: 'wares', perRequest: 1 },
      { to: 'till', perRequest: 1 },
    ],
    database: 'order-db',
    ownMs: 8,
  },
  { name: 'depot', calls: [], database: 'wares-db', ownMs: 5 },
  { name: 'till', calls: [{ to: 'api.bank.example', perRequest: 1 }], ownMs: 7 },
  { name: 'bystander', calls: [], ownMs: 5 },
];

/** What one second of one service is like. */
export interface Moment {
  latencyMs: number;
  errorShare: number;
  cpu: number;
  lagMs: number;
}

/** What is played: the fault, on whom, from which step. */
export interface Scene {
  fault: SimulatedFault;
  random: Random;
  onset: number;
  stepS: number;
  target: EntityId | undefined;
  level: number;
}

/** Whether a fault of this kind strikes this entity at this time. */
export function strikes(scene: Scene, on: boolean, entity: EntityId, kind: SimulatedFault): boolean {
  return on && scene.fault === kind && scene.target === entity;
}

/** How often a service calls another per request. */
export function fanOut(scene: Scene, on: boolean, from: string, call: { to: string; perRequest: number }): number {
  // oxlint-disable-line max-params
  if (strikes(scene, on, `service:${from}`, 'n-plus-one') && call.to === 'wares') return call.perRequest * 6;
  if (strikes(scene, on, `service:${from}`, 'retry-storm') && call.to === 'wares') return call.perRequest * 5;
  return call.perRequest;
}

/** Requests per second of every service at a step. */
export function ratesAt(scene: Scene, on: boolean, step: number): Map<string, number> {
  const wave = 1 + 0.08 * Math.sin(step / 9);
  const surge = on && scene.fault === 'traffic-surge' ? 2.6 : 1;
  const rates = new Map([
    ['door', 40 * wave * surge],
    ['bystander', 12 * wave],
  ]);
  for (const service of shop) {
    const rate = rates.get(service.name) ?? 0;
    for (const call of service.calls)
      rates.set(call.to, (rates.get(call.to) ?? 0) + rate * fanOut(scene, on, service.name, call));
  }
  return rates;
}

/** Time of one statement and statements per request. */
export function databaseMoment(
  scene: Scene,
  service: Service,
  on: boolean,
  rate: number,
): { latencyMs: number; queries: number } {
  const id: EntityId = `database:${service.database ?? ''}`;
  const faulty = on && scene.target === id && (scene.fault === 'database-lock' || scene.fault === 'missing-index');
  const missing = on && scene.fault === 'cache-loss' && service.name === 'wares';
  return {
    latencyMs: (5 + (faulty ? 120 * scene.level : 0)) * (1 + rate / 900),
    queries: service.name === 'wares' ? (missing ? 1.9 : 0.4) : 1.5,
  };
}

/** The third party. */
export function providerMoment(scene: Scene, on: boolean): Moment {
  const out = on && scene.fault === 'provider-outage';
  return { latencyMs: out ? 260 : 45, errorShare: out ? 0.85 : 0, cpu: 0.1, lagMs: 0 };
}

/** Time on the way to a service. */
export function edgeMs(scene: Scene, on: boolean, to: string): number {
  return on && scene.fault === 'network-latency' && scene.target === `service:${to}` ? 180 * scene.level : 0;
}

/** The whole topology of the shop. */
export function shopTopology(): Topology {
  const edges: Topology['edges'] = [];
  const ids = new Set<EntityId>();
  for (const service of shop) {
    const from: EntityId = `service:${service.name}`;
    ids.add(from);
    for (const { to } of service.calls)
      edges.push({
        from,
        to: to.includes('.') ? `external:${to}` : `service:${to}`,
        kind: 'calls',
        source: 'traces',
        confidence: 1,
      });
    if (service.database !== undefined)
      edges.push({ from, to: `database:${service.database}`, kind: 'reads', source: 'traces', confidence: 1 });
  }
  for (const { to } of edges) ids.add(to);
  return {
    entities: [...ids].map((id) => ({
      id,
      kind: id.startsWith('database') ? 'database' : id.startsWith('external') ? 'external' : 'service',
      name: id.slice(id.indexOf(':') + 1),
    })),
    edges,
  };
}
