import { edgeKind, entityKind, entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Edge, EdgeKind, Entity, EntityId, EntityKind } from '../../../domain/entity.ts';
import { msOf } from '../../../infra/runtime/clock.ts';
import type { Database } from '../../../infra/runtime/database.ts';
import type { TopologySource } from '../source.ts';
import { stopIfAborted } from '../stop-if-aborted.ts';
import type { EntityNames } from './entity-names.ts';
import { serviceOfJob } from './log-job.ts';
import type { MetricStore } from './metric-store.ts';
import { textOf } from './sql-row.ts';

/**
 * Who depends on whom, as spans (caller and callee of one call; else what the caller's span says of its peer) and metric labels (`peer`,
 * `db`, `cache`, `queue`) of the window show it. Every edge says which of the two it came from; edges are ordered.
 */
export function createCollectorTopology(parts: {
  database: Database;
  metrics: MetricStore;
  names: EntityNames;
  flush: () => void;
}): TopologySource {
  const { database, metrics, names, flush } = parts;
  const pairs = database.sql.prepare(
    `SELECT p.service AS caller, c.service AS callee, p.peer AS peer, count(*) AS calls FROM spans c JOIN spans p ON p.trace = c.trace AND p.span = c.parent
     WHERE c.start >= ? AND c.start < ? AND p.service <> c.service AND c.kind <> 'consumer' GROUP BY 1, 2, 3`,
  );
  const peers = database.sql.prepare(
    'SELECT service AS caller, peer, peer_kind, edge, count(*) AS calls FROM spans WHERE start >= ? AND start < ? AND peer IS NOT NULL GROUP BY 1, 2, 3, 4',
  );
  return {
    name: 'collector',
    async read(window, signal) {
      stopIfAborted(signal);
      flush();
      const range = [msOf(window.from), msOf(window.to)] as const;
      const edges = createEdgeSet();
      /** What callers call a service by, as its own spans show it. */
      const nameOfPeer = new Map<string, string>();
      for (const row of pairs.all(...range)) {
        const [caller, callee] = [textOf(row, 'caller'), textOf(row, 'callee')];
        if (row['peer'] !== null) nameOfPeer.set(textOf(row, 'peer'), callee);
        edges.add({ from: names.idOf(caller), to: names.idOf(callee), kind: 'calls', source: 'spans', confidence: 1 });
      }
      for (const row of peers.all(...range)) {
        const caller = textOf(row, 'caller');
        const kind = entityKind.catch('external').parse(row['peer_kind']);
        // A queue is not the broker that answers for it.
        const peer = (kind === 'queue' ? undefined : nameOfPeer.get(textOf(row, 'peer'))) ?? textOf(row, 'peer');
        const from = names.idOf(caller);
        const to = names.peerIdOf(peer, kind);
        if (to === from) continue;
        edges.add({
          from,
          to,
          kind: edgeKindTo(to, edgeKind.catch('calls').parse(row['edge'])),
          source: 'spans',
          confidence: 0.95,
        });
      }
      addMetricEdges(edges, metrics, names, range);
      return topologyResult(edges.all(), names, `collector: spans and metric labels, ${window.from} to ${window.to}`);
    },
  };
}

/** A call to what turned out to be a database or queue is a read of it or a message to it. */
function edgeKindTo(to: EntityId, said: EdgeKind): EdgeKind {
  if (said !== 'calls') return said;
  const kind = entityKindOf(to);
  return kind === 'database' || kind === 'cache' ? 'reads' : 'calls';
}

function addMetricEdges(
  edges: EdgeSet,
  metrics: MetricStore,
  names: EntityNames,
  [from, to]: readonly [number, number],
): void {
  for (const [held, memory] of metrics.jobs()) {
    const job = serviceOfJob(held);
    const queues = new Map<string, Set<EdgeKind>>();
    const add = (name: string | undefined, kind: EntityKind, edge: EdgeKind): void => {
      if (name === undefined || name === '') return;
      const from = names.idOf(job);
      const peer = names.peerIdOf(name, kind);
      if (peer === from) return;
      edges.add({
        from,
        to: peer,
        kind: edgeKindTo(peer, edge),
        source: 'metric-labels',
        confidence: 0.8,
      });
    };
    for (const { metric, labels } of memory.seriesWithin(from, to)) {
      add(labels['peer'] ?? labels['peer_service'] ?? labels['server_address'], 'external', 'calls');
      add(upstreamName(labels['upstream']), 'endpoint', 'calls');
      add(labels['db'], 'database', 'reads');
      add(labels['cache'], 'cache', 'reads');
      const queue = labels['queue'];
      const said = queueEdgeOf(metric);
      if (queue !== undefined && said !== undefined) queues.set(queue, (queues.get(queue) ?? new Set()).add(said));
    }
    for (const [queue, said] of queues) {
      const [only] = said;
      if (said.size === 1 && only !== undefined) add(queue, 'queue', only);
      // Who counts both what goes in and what comes out is the broker that holds the queue.
      else if (queue !== job) {
        const held = names.peerIdOf(queue, 'queue');
        edges.add({ from: held, to: names.idOf(job), kind: 'runs-on', source: 'metric-labels', confidence: 0.8 });
      }
    }
  }
}

/** An upstream as entities are called: no scheme, no path. */
function upstreamName(upstream: string | undefined): string | undefined {
  return upstream?.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, '');
}

/** Whether a metric with a queue label counts what its process sends or what it takes; a depth says neither. */
function queueEdgeOf(metric: string): EdgeKind | undefined {
  if (/consum|receiv|deliver|process|handled|ack/.test(metric)) return 'consumes';
  return /publish|sent|produc|enqueue/.test(metric) ? 'publishes' : undefined;
}

interface EdgeSet {
  add(edge: Edge): void;
  all(): Edge[];
}

/** Edges once each by ends and kind, the surest kept. */
function createEdgeSet(): EdgeSet {
  const held = new Map<string, Edge>();
  return {
    add(edge) {
      const key = `${edge.from}\0${edge.to}\0${edge.kind}`;
      const known = held.get(key);
      if (known === undefined || known.confidence < edge.confidence) held.set(key, edge);
    },
    all: () => [...held].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, edge]) => edge),
  };
}

function topologyResult(
  edges: Edge[],
  names: EntityNames,
  lookedAt: string,
): Awaited<ReturnType<TopologySource['read']>> {
  const ids = new Set([
    ...names.watched().map((name) => names.idOf(name)),
    ...edges.flatMap((edge) => [edge.from, edge.to]),
  ]);
  if (ids.size === 0) return { status: 'no-data', lookedAt };
  const entities = [...ids].sort().map((id): Entity => {
    const kind = entityKindOf(id);
    const name = entityNameOf(id);
    const alias =
      names.isWatched(name) && kind !== 'service' && names.idOf(name) === id ? { aliases: [`service:${name}`] } : {};
    return { id, kind, name, ...alias };
  });
  return { status: 'ok', items: [{ entities, edges }], truncated: false, notes: [] };
}
