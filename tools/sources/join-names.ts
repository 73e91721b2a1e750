import type { EntityId, Topology } from '../../domain/entity.ts';
import { entityIdOf, entityKindOf, entityNameOf } from '../../domain/entity.ts';
import type { Series, Span } from '../../domain/signal.ts';
import {
  addressOf,
  exporterTargetOf,
  isOfExposer,
  nameWithoutExporter,
} from '../../detection/evidence/entities/exporter-target.ts';
import { createNameBook, type NameBook, type NameFact } from '../../detection/evidence/entities/name-book.ts';
import { serverCalled } from '../../detection/evidence/entities/known-servers.ts';
import { type Clock, isoOf } from '../../infra/runtime/clock.ts';
import { mergeTopologies } from './merge-sources.ts';
import type { MetricSource, SourceResult, Sources } from './source.ts';

/** What people say of names: an entity (`postgres` or `database:postgres`) and what else it is called, addresses among it. */
export type Aliases = Readonly<Record<string, readonly string[]>>;

const refreshMs = 60_000;
const lookMs = 5 * 60_000;
/** Series that tell who listens where; labels are all that is needed of them. */
const telling = [
  'up',
  '*_up',
  'probe_success',
  'pg_settings_max_connections',
  'pg_static',
  'node_uname_info',
  'kube_pod_info',
  'kube_service_info',
];
const mostSeries = 5_000;
const mostSpans = 500;

/**
 * The sources with one id for each thing, however its data names it: what an exporter gives is its target's, an address is who listens there, names of
 * one software are one. Reads are asked for all names that an entity has. The book of names is made anew each minute from the sources themselves;
 * the topology tells each join as an alias.
 */
export function withJoinedNames(
  sources: Sources,
  aliases: Aliases,
  clock: Clock,
  hints: readonly NameFact[] = [],
): Sources {
  const { metrics, logs, traces, topology, changes } = sources;
  const declared = Object.entries(aliases).flatMap(([name, others]): NameFact[] => {
    const id = name.includes(':') ? name : entityIdOf('service', name);
    return others.map((also) => ({ id, also, reason: 'the configuration says so', declared: true }));
  });
  let made: { at: number; book: Promise<JoinedNames> } | undefined;
  const book = (): Promise<JoinedNames> => {
    const now = clock.now();
    if (made === undefined || now - made.at > refreshMs)
      made = { at: now, book: readBook(sources, [...declared, ...hints], now) };
    return made.book;
  };
  const widen = (names: JoinedNames, entities: readonly EntityId[]): EntityId[] => [
    ...new Set(
      entities.flatMap((id) =>
        names.namesOf(id).flatMap((one) => [one, ...exportersOf(one), ...(names.origins.get(one) ?? [])]),
      ),
    ),
  ];
  const wanted = (names: NameBook, entities: readonly EntityId[]): ((id: EntityId) => boolean) => {
    if (entities.length === 0) return () => true;
    const ids = new Set(entities.map((id) => names.idOf(id)));
    return (id) => ids.has(id);
  };
  const joined: Sources = { ...sources };
  if (metrics !== undefined)
    joined.metrics = {
      ...metrics,
      list: async (window, signal) => {
        const names = await book();
        return mapItems(await metrics.list(window, signal), (one) => [
          { ...one, entities: [...new Set(one.entities.map((id) => ownerOf(names, one.metric, {}, id)))].sort() },
        ]);
      },
      query: async (request, signal) => {
        const names = await book();
        const fits = wanted(names, request.entities);
        const result = await metrics.query({ ...request, entities: widen(names, request.entities) }, signal);
        return mapItems(result, (one) => renamed(names, one, fits));
      },
      ...(metrics.expression === undefined
        ? {}
        : {
            expression: async (...input: Parameters<NonNullable<MetricSource['expression']>>) => {
              const names = await book();
              return mapItems(await metrics.expression!(...input), (one) => renamed(names, one, () => true));
            },
          }),
    };
  if (logs !== undefined)
    joined.logs = {
      ...logs,
      search: async (request, signal) => {
        const names = await book();
        const result = await logs.search({ ...request, entities: widen(names, request.entities) }, signal);
        return mapItems(result, (one) => [{ ...one, entity: names.idOf(one.entity) }]);
      },
    };
  if (traces !== undefined)
    joined.traces = {
      ...traces,
      search: async (request, signal) => {
        const names = await book();
        const result = await traces.search({ ...request, entities: widen(names, request.entities) }, signal);
        return mapItems(result, (one) => [{ ...one, entity: names.idOf(one.entity) }]);
      },
    };
  if (changes !== undefined)
    joined.changes = {
      ...changes,
      list: async (request, signal) => {
        const names = await book();
        const result = await changes.list({ ...request, entities: widen(names, request.entities) }, signal);
        return mapItems(result, (one) => [one.entity === undefined ? one : { ...one, entity: names.idOf(one.entity) }]);
      },
    };
  if (topology !== undefined)
    joined.topology = {
      ...topology,
      read: async (window, signal) => {
        const names = await book();
        return mapItems(await topology.read(window, signal), (one) => [joinTopology(names, one)]);
      },
    };
  return joined;
}

/** The book, and by which entities of their labels the series of an entity come. */
interface JoinedNames extends NameBook {
  origins: ReadonlyMap<EntityId, ReadonlySet<EntityId>>;
}

function mapItems<T, R>(result: SourceResult<T>, of: (item: T) => R[]): SourceResult<R> {
  if (result.status === 'no-data') return result;
  return { ...result, items: result.items.flatMap(of) };
}

function renamed(names: NameBook, one: Series, fits: (id: EntityId) => boolean): Series[] {
  const entity = ownerOf(names, one.metric, one.labels, one.entity);
  return fits(entity) ? [{ ...one, entity }] : [];
}

/** Whose a series is: the exporter's target; of a series that names nobody, who listens at its instance. */
function ownerOf(
  names: NameBook,
  metric: string,
  labels: Readonly<Record<string, string>>,
  entity: EntityId,
): EntityId {
  const name = entity.slice(entity.indexOf(':') + 1);
  const target = exporterTargetOf(metric, { job: name, ...labels });
  if (target !== undefined) {
    const there = target.address === undefined ? undefined : names.at(target.address);
    return names.idOf(there ?? entityIdOf(target.kind ?? 'service', target.name));
  }
  if (entity === 'other:unknown' && labels['instance'] !== undefined) return names.at(labels['instance']) ?? entity;
  // The memory of an exporter is not that of what it measures.
  return isOfExposer(metric) && nameWithoutExporter(name) !== undefined ? entity : names.idOf(entity);
}

/** What the exporters of a service are usually called. */
function exportersOf(id: EntityId): EntityId[] {
  if (!id.startsWith('service:')) return [];
  const name = id.slice(8);
  return [`${name}-exporter`, `${name}_exporter`, `prometheus-${name}-exporter`].map((one) =>
    entityIdOf('service', one),
  );
}

function joinTopology(names: NameBook, topology: Topology): Topology {
  const aliases = new Map<EntityId, string[]>();
  for (const { from, to } of names.joins()) aliases.set(to, [...(aliases.get(to) ?? []), from]);
  const entities = topology.entities.map((one) => {
    const id = names.idOf(one.id);
    const also = [...(one.aliases ?? []), ...(aliases.get(id) ?? []), ...(id === one.id ? [] : [one.id])];
    const named = id === one.id ? one : { ...one, id, kind: entityKindOf(id), name: entityNameOf(id) };
    return also.length === 0 ? named : { ...named, aliases: [...new Set(also)] };
  });
  const edges = topology.edges
    .map((edge) => ({ ...edge, from: names.idOf(edge.from), to: names.idOf(edge.to) }))
    .filter(({ from, to }) => from !== to);
  return mergeTopologies([{ entities, edges }]);
}

/** What the sources themselves tell of names. A source that fails tells nothing: reads go on under the names that are left. */
async function readBook(
  { metrics, topology, traces }: Pick<Sources, 'metrics' | 'topology' | 'traces'>,
  facts: readonly NameFact[],
  now: number,
): Promise<JoinedNames> {
  const window = { from: isoOf(now - lookMs), to: isoOf(now) };
  const signal = AbortSignal.timeout(15_000);
  const request = { metrics: telling, entities: [], window, stepMs: 60_000, maxSeries: mostSeries };
  const [told, seen, traced] = await Promise.all([
    metrics?.query(request, signal).catch(() => undefined),
    topology?.read(window, signal).catch(() => undefined),
    traces?.search({ entities: [], window, limit: mostSpans }, signal).catch(() => undefined),
  ]);
  const series = told?.status === 'ok' ? told.items : [];
  const ids = seen?.status === 'ok' ? seen.items.flatMap(({ entities }) => entities.map(({ id }) => id)) : [];
  const known = [...ids, ...series.map(({ entity }) => entity)];
  const stated = [...facts, ...factsOf(series)];
  const served = servedDatabases(createNameBook(stated, known), traced?.status === 'ok' ? traced.items : []);
  const names = createNameBook([...stated, ...served], known);
  const origins = new Map<EntityId, Set<EntityId>>();
  for (const { metric, labels, entity } of series) {
    const owner = ownerOf(names, metric, labels, entity);
    if (owner !== entity) origins.set(owner, (origins.get(owner) ?? new Set()).add(entity));
  }
  return { ...names, origins };
}

/** Who listens where, as scrape targets, exporters' targets and Kubernetes' objects tell it. */
export function factsOf(series: readonly Series[]): NameFact[] {
  const probing = new Set(series.filter(({ metric }) => metric.startsWith('probe_')).map(({ entity }) => entity));
  return series.flatMap((one): NameFact[] => {
    const { metric, labels, entity } = one;
    const stated = statedAddress(one);
    if (stated !== undefined) return [stated];
    if (probing.has(entity) || entity === 'other:unknown') return [];
    const target = exporterTargetOf(metric, { job: entity.slice(entity.indexOf(':') + 1), ...labels });
    if (target?.kind !== undefined) return [];
    if (target !== undefined) {
      const reason = target.address === undefined ? 'its exporter is called after it' : "its exporter's target";
      return [{ id: entityIdOf('service', target.name), also: target.address ?? target.name, reason }];
    }
    const instance = metric === 'up' ? addressOf(labels['instance'] ?? '') : undefined;
    if (instance === undefined || nameWithoutExporter(entity) !== undefined) return [];
    return [{ id: entity, also: instance, reason: 'it is scraped there' }];
  });
}

/** What series say whose only purpose is to name things. */
function statedAddress({ metric, labels }: Series): NameFact | undefined {
  const reason = 'its address in the cluster';
  const { service, cluster_ip: clusterIp, pod, pod_ip: podIp, namespace, nodename } = labels;
  if (metric === 'kube_service_info' && service !== undefined && clusterIp !== undefined)
    return { id: entityIdOf('service', service), also: clusterIp, reason };
  // Pods on the network of their host share its address.
  if (metric === 'kube_pod_info' && pod !== undefined && podIp !== undefined && podIp !== labels['host_ip'])
    return { id: entityIdOf('pod', pod, namespace), also: podIp, reason };
  const host = metric === 'node_uname_info' ? addressOf(labels['instance'] ?? '') : undefined;
  if (host === undefined || nodename === undefined || host.startsWith('127.')) return undefined;
  return { id: entityIdOf('host', nodename), also: host.replace(/:\d+$/, ''), reason: 'its name there' };
}

/** Databases that spans name and whose server's address they give: the server is the thing that can fail. One that is at two places is left apart. */
function servedDatabases(names: NameBook, spans: readonly Span[]): NameFact[] {
  const servers = new Map<string, Set<EntityId>>();
  for (const { attributes } of spans) {
    const text = (...keys: string[]): string | undefined => {
      const value = keys.map((key) => attributes[key]).find((one) => one !== undefined && one !== '');
      return value === undefined ? undefined : String(value);
    };
    const system = text('db.system.name', 'db.system');
    const database = text('db.namespace', 'db.name');
    const address = text('server.address', 'net.peer.name', 'network.peer.address');
    if (system === undefined || database === undefined || address === undefined) continue;
    const port = text('server.port', 'net.peer.port') ?? serverCalled(system)?.ports[0];
    const there = names.at(port === undefined ? address : `${address}:${port}`);
    if (there === undefined) continue;
    const id = entityIdOf('database', database);
    servers.set(id, (servers.get(id) ?? new Set()).add(there));
  }
  return [...servers].flatMap(([also, [id, ...more]]) =>
    id === undefined || more.length > 0 ? [] : [{ id, also, reason: 'its server is at the address that calls name' }],
  );
}
