import type { Edge, Entity, Topology } from '../../domain/entity.ts';
import { canonicalJson } from '../../infra/runtime/canonical-json.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { seriesKeyOf, sortSeries } from './series-order.ts';
import type { MetricDescription, SourceResult, Sources } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';
import { groupTraces, takeWholeTraces } from './whole-traces.ts';

/**
 * Several sets of sources behind one. All of a kind are asked side by side; where two return the same thing, the first in the list counts.
 * A source that fails is named in the notes and hides none of the others; only when all fail is the first failure thrown.
 */
export function mergeSources(all: readonly Sources[]): Sources {
  const merged: Sources = {};
  const membersOf = <Kind extends keyof Sources>(kind: Kind): NonNullable<Sources[Kind]>[] =>
    all.flatMap((sources) => sources[kind] ?? []);

  const metrics = membersOf('metrics');
  const able = metrics.filter((one) => one.expression !== undefined);
  const watching = metrics.filter((one) => one.alerts !== undefined);
  if (metrics.length > 0) {
    merged.metrics = {
      name: nameOf(metrics),
      list: async (window, signal) => {
        const read = await readAll(metrics, signal, (one) => one.list(window, signal));
        return finish(read, mergeDescriptions(read.items), Infinity);
      },
      query: async (request, signal) => {
        const read = await readAll(metrics, signal, (one) => one.query(request, signal));
        return finish(read, sortSeries(firstBy(read.items, seriesKeyOf)), request.maxSeries);
      },
      ...(able.length === 0
        ? {}
        : {
            expression: async (text, window, stepMs, signal) => {
              const read = await readAll(able, signal, (one) => one.expression!(text, window, stepMs, signal));
              return finish(read, firstBy(read.items, seriesKeyOf), Infinity);
            },
          }),
      ...(watching.length === 0
        ? {}
        : {
            alerts: async (signal) => {
              const read = await readAll(watching, signal, (one) => one.alerts!(signal));
              return finish(
                read,
                firstBy(read.items, (one) => canonicalJson([one.name, one.labels])),
                Infinity,
              );
            },
          }),
    };
  }
  const logs = membersOf('logs');
  if (logs.length > 0) {
    merged.logs = {
      name: nameOf(logs),
      search: async (request, signal) => {
        const read = await readAll(logs, signal, (one) => one.search(request, signal));
        const items = read.items.toSorted((left, right) => msOf(left.at) - msOf(right.at));
        return finish(read, items, request.limit);
      },
    };
  }
  const traces = membersOf('traces');
  if (traces.length > 0) {
    merged.traces = {
      name: nameOf(traces),
      search: async (request, signal) => {
        const read = await readAll(traces, signal, (one) => one.search(request, signal));
        const { found, more } = takeWholeTraces(groupTraces(read.items), request.limit);
        return finish({ ...read, truncated: read.truncated || more }, found, request.limit);
      },
    };
  }
  const changes = membersOf('changes');
  if (changes.length > 0) {
    merged.changes = {
      name: nameOf(changes),
      list: async (request, signal) => {
        const read = await readAll(changes, signal, (one) => one.list(request, signal));
        const items = firstBy(read.items, (one) => one.id).sort((left, right) => msOf(left.at) - msOf(right.at));
        return finish(read, items, request.limit, 'newest');
      },
      show: async (id, signal) => {
        const read = await readAll(changes, signal, (one) => one.show(id, signal));
        return finish({ ...read, truncated: false }, read.items.slice(0, 1), 1);
      },
    };
  }
  const clusters = membersOf('cluster');
  if (clusters.length > 0) {
    merged.cluster = {
      name: nameOf(clusters),
      list: async (request, signal) => {
        const read = await readAll(clusters, signal, (one) => one.list(request, signal));
        const items = firstBy(read.items, (one) => canonicalJson([one.kind, one.namespace, one.name]));
        return finish(read, items, request.limit);
      },
    };
  }
  const topologies = membersOf('topology');
  if (topologies.length > 0) {
    merged.topology = {
      name: nameOf(topologies),
      read: async (window, signal) => {
        const read = await readAll(topologies, signal, (one) => one.read(window, signal));
        return finish(read, read.items.length === 0 ? [] : [mergeTopologies(read.items)], 1);
      },
    };
  }
  const advisories = membersOf('advisories');
  if (advisories.length > 0) {
    merged.advisories = {
      name: nameOf(advisories),
      list: async (entities, signal) => {
        const read = await readAll(advisories, signal, (one) => one.list(entities, signal));
        return finish(
          read,
          firstBy(read.items, (one) => `${one.id} ${one.package}`),
          Infinity,
        );
      },
    };
  }
  const alerts = membersOf('alerts');
  if (alerts.length > 0) {
    merged.alerts = {
      name: nameOf(alerts),
      list: async (window, signal) => {
        const read = await readAll(alerts, signal, (one) => one.list(window, signal));
        return finish(read, firstBy(read.items, canonicalJson), Infinity);
      },
    };
  }
  return merged;
}

interface ReadAll<T> {
  items: T[];
  truncated: boolean;
  notes: string[];
  lookedAt: string[];
}

async function readAll<Source extends { name: string }, T>(
  members: readonly Source[],
  signal: AbortSignal | undefined,
  read: (source: Source) => Promise<SourceResult<T>>,
): Promise<ReadAll<T>> {
  const settled = await Promise.allSettled(members.map((member) => read(member)));
  stopIfAborted(signal);
  const result: ReadAll<T> = { items: [], truncated: false, notes: [], lookedAt: [] };
  let failure: CerebroError | undefined;
  for (const [index, one] of settled.entries()) {
    const { name } = members[index]!;
    if (one.status === 'rejected') {
      const error = CerebroError.from(one.reason);
      failure ??= error;
      result.notes.push(`${name} failed: ${error.message}`);
    } else if (one.value.status === 'no-data') result.lookedAt.push(one.value.lookedAt);
    else {
      for (const item of one.value.items) result.items.push(item);
      result.truncated ||= one.value.truncated;
      result.notes.push(...one.value.notes);
    }
  }
  if (failure !== undefined && settled.every((one) => one.status === 'rejected')) throw failure;
  return result;
}

function finish<T>(read: ReadAll<unknown>, items: T[], limit: number, keep?: 'newest'): SourceResult<T> {
  return sourceResultOf(items, {
    limit,
    lookedAt: read.lookedAt.join('; '),
    notes: read.notes,
    more: read.truncated,
    ...(keep === undefined ? {} : { keep }),
  });
}

function nameOf(members: readonly { name: string }[]): string {
  return [...new Set(members.map((member) => member.name))].join('+');
}

function firstBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const first = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!first.has(key)) first.set(key, item);
  }
  return [...first.values()];
}

function mergeDescriptions(items: readonly MetricDescription[]): MetricDescription[] {
  const merged = new Map<string, MetricDescription>();
  for (const item of items) {
    const known = merged.get(item.metric);
    const entities = [...new Set([...(known?.entities ?? []), ...item.entities])].sort();
    merged.set(item.metric, { ...item, ...known, entities });
  }
  return [...merged.values()].sort((left, right) => (left.metric < right.metric ? -1 : 1));
}

/** The union of topologies: the surest say of each edge, aliases of an entity together. */
export function mergeTopologies(all: readonly Topology[]): Topology {
  const entities = new Map<string, Entity>();
  for (const one of all.flatMap((topology) => topology.entities)) {
    const known = entities.get(one.id);
    const aliases = [...new Set([...(known?.aliases ?? []), ...(one.aliases ?? [])])];
    entities.set(one.id, { ...one, ...known, ...(aliases.length === 0 ? {} : { aliases }) });
  }
  const edges = new Map<string, Edge>();
  for (const one of all.flatMap((topology) => topology.edges)) {
    const key = canonicalJson([one.from, one.to, one.kind]);
    const known = edges.get(key);
    if (known === undefined || known.confidence < one.confidence) edges.set(key, one);
  }
  return { entities: [...entities.values()], edges: [...edges.values()] };
}
