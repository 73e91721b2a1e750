import type { EntityId, Topology } from '../../domain/entity.ts';
import { entityIdOf, entityKindOf, entityNameOf } from '../../domain/entity.ts';
import type { LogRecord, Series, Span } from '../../domain/signal.ts';
import {
  exporterTargetOf,
  isOfExposer,
  nameWithoutExporter,
} from '../../detection/evidence/entities/exporter-target.ts';
import { createNameBook, type NameBook, type NameFact } from '../../detection/evidence/entities/name-book.ts';
import { levelRank } from '../../detection/evidence/logs/formats/log-level.ts';
import { peerAddressIn } from '../../detection/evidence/logs/peer-address.ts';
import { type Clock, isoOf } from '../../infra/runtime/clock.ts';
import { mergeTopologies } from './merge-sources.ts';
import { factsOf, servedDatabases } from './name-facts.ts';
import type { MetricSource, SourceResult, Sources } from './source.ts';

/** What people say of names: an entity (`postgres` or `database:postgres`) and what else it is called, addresses among it. */
export type Aliases = Readonly<Record<string, readonly string[]>>;

const refreshMs = 2 * 60_000;
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
 * one software are one. Reads are asked for all names that an entity has. The book of names is made anew every two minutes from the sources themselves;
 * the topology tells each join as an alias.
 */
export function withJoinedNames(sources: Sources, aliases: Aliases, clock: Clock): Sources {
  const { metrics, logs, traces, topology, changes } = sources;
  const declared = Object.entries(aliases).flatMap(([name, others]): NameFact[] => {
    const id = name.includes(':') ? name : entityIdOf('service', name);
    return others.map((also) => ({ id, also, reason: 'the configuration says so', declared: true }));
  });
  let held: { at: number; names: JoinedNames } | undefined;
  let making: Promise<JoinedNames> | undefined;
  const make = (): Promise<JoinedNames> => {
    making ??= readBook(sources, declared, clock.now())
      .then((names) => {
        held = { at: clock.now(), names };
        return names;
      })
      .finally(() => {
        making = undefined;
      });
    return making;
  };
  /** The book of before answers while a new one is made: no read waits for it but the first. */
  const book = async (): Promise<JoinedNames> => {
    if (held === undefined) return make();
    if (clock.now() - held.at > refreshMs) make().catch(() => undefined);
    return held.names;
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
        return mapItems(result, (one) => [namedRecord(names, one)]);
      },
    };
  if (traces !== undefined)
    joined.traces = {
      ...traces,
      search: async (request, signal) => {
        const names = await book();
        const result = await traces.search({ ...request, entities: widen(names, request.entities) }, signal);
        return mapItems(result, (one) => [namedSpan(names, one)]);
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
  if (!fits(entity)) return [];
  const peer = peerNamed(names, entity, one.labels);
  return [{ ...one, entity, ...(peer === undefined ? {} : { labels: { peer_service: peer, ...one.labels } }) }];
}

const peerNames = [
  'upstream',
  'peer',
  'server_address',
  'server.address',
  'net_peer_name',
  'net.peer.name',
  'destination',
  'remote',
];

/** Who the other end is that labels or fields give by address only; undefined where a service is named or nobody is known there. */
function peerNamed(names: NameBook, entity: EntityId, held: Readonly<Record<string, unknown>>): string | undefined {
  if (held['peer_service'] !== undefined || held['peer.service'] !== undefined) return undefined;
  const port = held['server.port'] ?? held['net.peer.port'] ?? '';
  for (const name of peerNames) {
    const value = held[name];
    if (typeof value !== 'string' || value === '') continue;
    const isWhole = value.includes(':') || (typeof port !== 'string' && typeof port !== 'number') || port === '';
    const there = names.at(isWhole ? value : `${value}:${port}`);
    if (there !== undefined && there !== entity) return entityNameOf(there);
  }
  return undefined;
}

/** A record under its writer's one name; whom it complains of by address is named in its fields. */
function namedRecord(names: NameBook, record: LogRecord): LogRecord {
  const entity = names.idOf(record.entity);
  const spoken = levelRank[record.level] > levelRank.info ? peerAddressIn(record.message) : undefined;
  const peer = peerNamed(names, entity, { ...(spoken === undefined ? {} : { peer: spoken }), ...record.fields });
  return { ...record, entity, ...(peer === undefined ? {} : { fields: { peer_service: peer, ...record.fields } }) };
}

function namedSpan(names: NameBook, span: Span): Span {
  const entity = names.idOf(span.entity);
  const peer = span.kind === 'client' ? peerNamed(names, entity, span.attributes) : undefined;
  return {
    ...span,
    entity,
    ...(peer === undefined ? {} : { attributes: { ...span.attributes, 'peer.service': peer } }),
  };
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
