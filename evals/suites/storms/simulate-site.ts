import type { Edge, EntityId, Topology } from '../../../domain/entity.ts';
import { entityIdOf, entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import { createRandom, type Random } from '../../../infra/runtime/random.ts';
import type { StormAlert } from '../../../detection/diagnosis/storm/storm-alert.ts';

/** A made-up storm with the entity and the kind of fault that brought it. */
export interface SimulatedStorm {
  alerts: StormAlert[];
  entity: EntityId;
  fault: Fault;
}

/** A made-up site: who calls whom and runs where, and the storms of its past and of its trial. */
export interface SimulatedSite {
  topology: Topology;
  history: SimulatedStorm[];
  trial: SimulatedStorm[];
}

const faults = ['cpu', 'memory', 'disk', 'network', 'process', 'application'] as const;
type Fault = (typeof faults)[number];

/** Groups of metrics that instances may have alerts on, by what moves them. */
const metricGroups = {
  cpu: ['cpu_usage', 'cpu_throttled', 'cpu_user'],
  memory: ['memory_usage', 'memory_rss', 'memory_working_set'],
  disk: ['fs_usage', 'disk_read', 'disk_io_time'],
  network: ['network_receive', 'network_transmit', 'tcp_retransmits'],
  process: ['restarts', 'up'],
  in: ['request_latency_p50', 'request_latency_p95', 'requests_qps', 'success_rate'],
  out: ['client_latency_p95', 'client_qps', 'client_success_rate'],
} as const;
type MetricGroup = keyof typeof metricGroups;

/** How likely a group of metrics of the faulty entity itself leaves its band, by fault. */
const shown: Readonly<Record<Fault, Partial<Record<MetricGroup, number>>>> = {
  cpu: { cpu: 0.85, in: 0.5, memory: 0.15, out: 0.2, network: 0.15 },
  memory: { memory: 0.85, process: 0.25, cpu: 0.3, in: 0.4, out: 0.2, disk: 0.1 },
  disk: { disk: 0.85, in: 0.4, cpu: 0.2, memory: 0.1 },
  network: { network: 0.6, in: 0.6, out: 0.6, cpu: 0.15, memory: 0.1 },
  process: { process: 0.6, cpu: 0.5, memory: 0.6, network: 0.6, in: 0.7, out: 0.6, disk: 0.2 },
  application: { in: 0.6, out: 0.3, cpu: 0.2, memory: 0.2 },
};
/** How likely a faulty entity logs lines that are rare at it, and a caller complains in a trace. */
const logsOf: Readonly<Record<Fault, number>> = {
  cpu: 0.15,
  memory: 0.4,
  disk: 0.4,
  network: 0.4,
  process: 0.7,
  application: 0.8,
};
const tracesOf: Readonly<Record<Fault, number>> = {
  cpu: 0.5,
  memory: 0.4,
  disk: 0.3,
  network: 0.6,
  process: 0.5,
  application: 0.6,
};

interface Site {
  random: Random;
  topology: Topology;
  entities: EntityId[];
  metricsOf: (entity: EntityId) => { group: MetricGroup; name: string }[];
  callersOf: Map<EntityId, EntityId[]>;
  calleesOf: Map<EntityId, EntityId[]>;
  siblingsOf: Map<EntityId, EntityId[]>;
  membersOf: Map<EntityId, EntityId[]>;
  noise: (key: string, busy?: number) => number;
  /** How strongly faults show, how far they spread, how alike replicas are, whether there are logs and traces: each site's own. */
  strength: number;
  spread: number;
  /** How far alerts come late, in hops of the fault: sampling and evaluation take longer than a fault needs to spread. */
  jitter: number;
  hasLogs: boolean;
  hasTraces: boolean;
  levels: readonly ('pod' | 'service' | 'node')[];
}

/** A site and its storms from a seed: topology, alert rules, noise of each rule and the habits of its faults are drawn once. */
export function simulateSite(seed: number, storms = { history: 150, trial: 40 }): SimulatedSite {
  const site = drawSite(createRandom(seed));
  const some = (count: number): SimulatedStorm[] => Array.from({ length: count }, () => drawStorm(site));
  return { topology: site.topology, history: some(storms.history), trial: some(storms.trial) };
}

function drawSite(random: Random): Site {
  const services = 5 + random.integer(14);
  const hosts = 3 + random.integer(5);
  const edges: Edge[] = [];
  const edge = (from: EntityId, to: EntityId, kind: Edge['kind']): void => {
    edges.push({ from, to, kind, source: 'made up', confidence: 1 });
  };
  const pods: EntityId[][] = [];
  for (let index = 0; index < services; index += 1) {
    const service = entityIdOf('service', `s${index}`);
    const count = 1 + random.integer(3);
    pods.push(Array.from({ length: count }, (_, replica) => entityIdOf('pod', `s${index}-${replica}`)));
    for (const pod of pods[index]!) {
      edge(service, pod, 'owns');
      edge(pod, entityIdOf('node', `n${random.integer(hosts)}`), 'runs-on');
    }
    // Callers come earlier in the order, so that nobody calls in a circle; most are called by one, some by several.
    for (let tries = index === 0 ? 0 : 1 + random.integer(2); tries > 0; tries -= 1)
      for (const caller of pods[random.integer(index)]!) for (const pod of pods[index]!) edge(caller, pod, 'calls');
  }
  const entities = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  const neighbours = (kind: Edge['kind'], forward: boolean): Map<EntityId, EntityId[]> => {
    const map = new Map<EntityId, EntityId[]>();
    for (const { from, to, kind: one } of edges) {
      if (one !== kind) continue;
      const [key, value] = forward ? [from, to] : [to, from];
      const list = map.get(key) ?? [];
      if (!list.includes(value)) map.set(key, [...list, value]);
    }
    return map;
  };
  const owned = neighbours('owns', true);
  const members = new Map([...owned, ...neighbours('runs-on', false)]);
  const siblings = new Map(
    [...owned.values()].flatMap((all) => all.map((one) => [one, all.filter((other) => other !== one)] as const)),
  );
  const groups = Object.entries(metricGroups).flatMap(([group, names]) =>
    names.filter(() => random.next() < 0.7).map((name) => ({ group: toGroup(group), name })),
  );
  const ofKind = {
    pod: groups,
    service: random.next() < 0.5 ? groups.filter(({ group }) => group === 'in' || group === 'out') : [],
    node: groups.filter(({ group }) => ['cpu', 'memory', 'disk', 'network'].includes(group)),
  };
  const rates = new Map<string, number>();
  const quiet = 0.4 + 0.5 * random.next();
  const calm = 0.02 + 0.28 * random.next();
  return {
    random,
    topology: { entities: entities.map((id) => ({ id, kind: entityKindOf(id), name: entityNameOf(id) })), edges },
    entities,
    metricsOf: (entity) => {
      const kind = entityKindOf(entity);
      return kind === 'service' || kind === 'node' ? ofKind[kind] : ofKind.pod;
    },
    callersOf: neighbours('calls', false),
    calleesOf: neighbours('calls', true),
    siblingsOf: siblings,
    membersOf: members,
    noise: (key, busy = 1) => {
      let rate = rates.get(key);
      if (rate === undefined)
        rates.set(key, (rate = Math.min(0.95, busy * (random.next() < quiet ? calm : 0.7) * random.next())));
      return rate;
    },
    strength: 0.6 + 0.5 * random.next(),
    spread: 0.2 + 0.6 * random.next(),
    jitter: 3 + 40 * random.next(),
    hasLogs: random.next() < 0.7,
    hasTraces: random.next() < 0.7,
    levels: random.pick([
      ['pod'],
      ['pod', 'service'],
      ['pod', 'service', 'node'],
      ['pod', 'node'],
      ['service'],
    ] as const),
  };
}

function toGroup(name: string): MetricGroup {
  return name === 'cpu' ||
    name === 'memory' ||
    name === 'disk' ||
    name === 'network' ||
    name === 'process' ||
    name === 'in'
    ? name
    : 'out';
}

interface Raised {
  alert: StormAlert;
  at: number;
}

/** The alerts of one storm as they are raised; `at` counts in hops of the fault. */
interface Raising {
  site: Site;
  fault: Fault;
  raise: (alert: StormAlert, at: number) => void;
  metric: (entity: EntityId, chance: (group: MetricGroup) => number, at: number) => void;
}

function drawStorm(site: Site): SimulatedStorm {
  const { random } = site;
  const level = random.pick(site.levels);
  const root = random.pick(site.entities.filter((id) => entityKindOf(id) === level));
  const fault = random.pick(level === 'node' ? (['cpu', 'memory', 'disk', 'network'] as const) : faults);
  const raised: Raised[] = [];
  const raise: Raising['raise'] = (alert, at) => {
    raised.push({ alert, at: at + site.jitter * random.next() });
  };
  const metric: Raising['metric'] = (entity, chance, at) => {
    for (const { group, name } of site.metricsOf(entity))
      if (random.next() < chance(group))
        raise({ entity, source: 'metric', name, direction: random.next() < 0.5 ? 'up' : 'down' }, at);
  };
  const raising: Raising = { site, fault, raise, metric };
  raiseUsual(raising);
  const struck = level === 'pod' ? [root] : (site.membersOf.get(root) ?? []);
  const own = (scale: number) => (group: MetricGroup) => scale * site.strength * (shown[fault][group] ?? 0.03);
  metric(root, own(1), 0);
  for (const pod of struck) if (pod !== root) metric(pod, own(level === 'service' ? 1 : 0.6), 0.3);
  for (const pod of struck) log(site, pod, logsOf[fault], raise);
  raiseNear(raising, struck, raiseWaiting(raising, struck));
  if (site.hasTraces)
    for (const { from, to, kind } of site.topology.edges)
      if (kind === 'calls' && random.next() < site.noise(`${from} ${to}`))
        raise({ entity: to, source: 'trace', name: 'call', status: 'slow', peer: from }, 1);
  const inOrder = raised.toSorted((left, right) => left.at - right.at);
  return { alerts: inOrder.map(({ alert }) => alert), entity: root, fault };
}

/** What is always about; replicas are loaded alike, and so are their alerts. */
function raiseUsual({ site, raise }: Raising): void {
  const { random } = site;
  const alike = new Map<string, number>();
  for (const entity of site.entities) {
    const replicas = [entity, ...(site.siblingsOf.get(entity) ?? [])].sort()[0];
    for (const { name } of site.metricsOf(entity)) {
      const key = `${replicas} ${name}`;
      const drawn = alike.get(key) ?? random.next();
      alike.set(key, drawn);
      if ((random.next() < 0.7 ? drawn : random.next()) < site.noise(`${entity} ${name}`))
        raise({ entity, source: 'metric', name, direction: 'up' }, 1);
    }
    if (site.hasLogs && entityKindOf(entity) === 'pod')
      for (let line = 0; line < 6; line += 1)
        if (random.next() < site.noise(`${entity} log${line}`, 1.5))
          raise({ entity, source: 'log', name: `${entity} ${line}` }, 1);
  }
}

/** Waiting goes up to those who call, hop by hop. Returns everything that the fault has reached. */
function raiseWaiting({ site, fault, raise, metric }: Raising, struck: readonly EntityId[]): Set<EntityId> {
  const { random } = site;
  let front = struck;
  const reached = new Set(struck);
  for (let hop = 0, reach = site.spread; hop < 3 && front.length > 0; hop += 1, reach *= site.spread) {
    const next: EntityId[] = [];
    const share = reach;
    const waits = (group: MetricGroup): number => {
      if (group === 'in' || group === 'out') return share;
      return group === 'network' ? 0.5 * share : 0.06;
    };
    for (const entity of front)
      for (const caller of site.callersOf.get(entity) ?? []) {
        if (site.hasTraces && random.next() < reach * 2 * tracesOf[fault])
          raise({ entity, source: 'trace', name: 'call', status: random.pick(['slow', '5xx']), peer: caller }, hop);
        if (reached.has(caller)) continue;
        reached.add(caller);
        next.push(caller);
        metric(caller, waits, 0.5 + hop);
        log(site, caller, 0.3 * reach, raise);
      }
    front = next;
  }
  return reached;
}

/** Load goes to replicas; calls fail to come at those below. */
function raiseNear({ site, metric }: Raising, struck: readonly EntityId[], reached: ReadonlySet<EntityId>): void {
  const loaded = (group: MetricGroup): number =>
    group === 'in' || group === 'out' || group === 'network' ? 0.5 * site.spread : 0.08;
  const idle = (group: MetricGroup): number => (group === 'in' || group === 'network' ? 0.4 * site.spread : 0.03);
  for (const pod of struck) {
    for (const sibling of site.siblingsOf.get(pod) ?? []) if (!reached.has(sibling)) metric(sibling, loaded, 0.7);
    for (const callee of site.calleesOf.get(pod) ?? []) if (!reached.has(callee)) metric(callee, idle, 0.8);
  }
}

/** Lines that an entity rarely writes, and some that it often does. */
function log(site: Site, entity: EntityId, chance: number, raise: (alert: StormAlert, at: number) => void): void {
  if (!site.hasLogs) return;
  for (let line = 0; line < 4; line += 1)
    if (site.random.next() < 0.6 * chance) raise({ entity, source: 'log', name: `${entity} rare${line}` }, 0.5);
}
