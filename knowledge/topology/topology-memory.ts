import { z } from 'zod';
import { type Edge, edge as edgeSchema, entityNameOf, type Topology } from '../../domain/entity.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import type { GraphStore } from '../graph-store.ts';
import { diffTopology, type TopologyDifference } from './analyse-topology.ts';

/** An entity near another one, and how one gets there: ids and edge kinds in turn, from the start on. */
export interface Neighbour {
  id: string;
  hops: number;
  path: string;
}

/** The topology that documents and sources stated, with who said what, from when and until when. */
export interface TopologyMemory {
  /**
   * Takes over all that one source says at an instant: edges that it says for the first time begin then, those that it says no longer end
   * then. An entity lives while any source names it. The same statement again changes nothing.
   */
  state(saidBy: string, said: Topology, at: string): Promise<void>;
  /** What held at an instant; `from` leaves out what is said by sources whose name does not begin so. */
  read(at: string, from?: string): Promise<Topology>;
  compare(before: string, after: string): Promise<TopologyDifference>;
  /** Entities within some hops of these, whichever way, nearest first; an entity is met by id or by name. At most `limit`. */
  around(entities: readonly string[], options: { at: string; hops: number; limit: number }): Promise<Neighbour[]>;
}

const statement = z.array(edgeSchema);
const forever = '~';
const cachedMs = 60_000;

/** A memory over a graph store; what each source said last, and when entities lived, stand in the knowledge file. */
export function createTopologyMemory(deps: { database: Database; graph: GraphStore }): TopologyMemory {
  const { database, graph } = deps;
  const { sql } = database;
  const readStatement = sql.prepare('SELECT body FROM topology_statements WHERE said_by = ?');
  const writeStatement = sql.prepare('INSERT OR REPLACE INTO topology_statements (said_by, body) VALUES (?, ?)');
  const dropStatement = sql.prepare('DELETE FROM topology_statements WHERE said_by = ?');
  const namedBy = sql.prepare('SELECT id FROM topology_named WHERE said_by = ?');
  const forgetNames = sql.prepare('DELETE FROM topology_named WHERE said_by = ?');
  const addName = sql.prepare('INSERT OR IGNORE INTO topology_named (id, said_by) VALUES (?, ?)');
  const keepName = sql.prepare('INSERT OR IGNORE INTO topology_names (name, id) VALUES (?, ?)');
  const naming = sql.prepare('SELECT 1 FROM topology_named WHERE id = ? LIMIT 1');
  const begin = sql.prepare(
    `INSERT OR IGNORE INTO topology_entities (id, valid_from, valid_to)
     SELECT ?, ?, '${forever}' WHERE NOT EXISTS (SELECT 1 FROM topology_entities WHERE id = ? AND valid_to = '${forever}')`,
  );
  const end = sql.prepare(`UPDATE topology_entities SET valid_to = ? WHERE id = ? AND valid_to = '${forever}'`);
  const living = sql.prepare('SELECT DISTINCT id FROM topology_entities WHERE valid_from <= ? AND valid_to > ?');
  const edgesBefore = (saidBy: string): Edge[] => {
    const body = readStatement.get(saidBy)?.['body'];
    return typeof body === 'string' ? statement.parse(JSON.parse(body)) : [];
  };
  const read = async (at: string, from = ''): Promise<Topology> => {
    const { entities, edges } = await graph.snapshot(at);
    const alive = new Set(living.all(at, at).map((row) => String(row['id'])));
    const kept = edges.filter(({ source }) => source.startsWith(from));
    const named = from === '' ? undefined : new Set(kept.flatMap((edge) => [edge.from, edge.to]));
    return { entities: entities.filter(({ id }) => alive.has(id) && (named?.has(id) ?? true)), edges: kept };
  };
  // Every search asks for neighbours; between statements the same picture answers for a minute.
  let cached: { until: number; view: Promise<{ topology: Topology; links: Links }> } | undefined;
  const currentLinks = (at: string): Promise<{ topology: Topology; links: Links }> => {
    const now = msOf(at);
    if (cached === undefined || now >= cached.until || now < cached.until - cachedMs)
      cached = { until: now + cachedMs, view: read(at).then((topology) => ({ topology, links: linksOf(topology) })) };
    return cached.view;
  };
  return {
    state: async (saidBy, said, at) => {
      const before = edgesBefore(saidBy);
      const known = new Map(before.map((edge) => [keyOf(edge), edge]));
      cached = undefined;
      const edges = [...new Map(said.edges.map((edge) => [keyOf(edge), edge])).values()].map(
        (edge): Edge => known.get(keyOf(edge)) ?? { ...edge, source: saidBy, validFrom: edge.validFrom ?? at },
      );
      const still = new Set(edges.map(keyOf));
      const ended = before.filter((edge) => !still.has(keyOf(edge)));
      const entities = [
        ...new Set([...said.entities.map(({ id }) => id), ...edges.flatMap(({ from, to }) => [from, to])]),
      ];
      // The graph first: what a kill leaves out of the statement is said again by the next call, and an upsert twice is one.
      await graph.upsert({
        entities: said.entities,
        edges: [...edges.filter((edge) => !known.has(keyOf(edge))), ...ended.map((edge) => ({ ...edge, validTo: at }))],
      });
      database.transaction(() => {
        const named = namedBy.all(saidBy).map((row) => String(row['id']));
        forgetNames.run(saidBy);
        for (const id of entities) {
          addName.run(id, saidBy);
          keepName.run(entityNameOf(id).toLowerCase(), id);
          begin.run(id, at, id);
        }
        for (const id of named) if (naming.get(id) === undefined) end.run(at, id);
        if (edges.length === 0) dropStatement.run(saidBy);
        else writeStatement.run(saidBy, JSON.stringify(edges));
      });
    },
    read,
    compare: async (before, after) => diffTopology(await read(before), await read(after)),
    around: async (entities, { at, hops, limit }) => {
      const { topology, links } = await currentLinks(at);
      const wanted = new Set(entities.map((name) => name.toLowerCase()));
      const starts = topology.entities.filter(({ id, aliases = [] }) =>
        [id, entityNameOf(id), ...aliases].some((name) => wanted.has(name.toLowerCase())),
      );
      const reached = new Map<string, Neighbour>(starts.map(({ id }) => [id, { id, hops: 0, path: id }]));
      const queue = [...reached.values()];
      for (const near of queue) {
        if (near.hops >= hops || reached.size - starts.length >= limit) continue;
        for (const { to, step } of (links.get(near.id) ?? []).toSorted((left, right) =>
          left.to < right.to ? -1 : 1,
        )) {
          if (reached.has(to)) continue;
          const next = { id: to, hops: near.hops + 1, path: `${near.path}${near.hops === 0 ? '' : ','}${step}` };
          reached.set(to, next);
          queue.push(next);
        }
      }
      return queue.filter((near) => near.hops > 0).slice(0, limit);
    },
  };
}

type Links = Map<string, { to: string; step: string }[]>;

function linksOf({ edges }: Topology): Links {
  const links: Links = new Map();
  const link = (from: string, to: string, step: string): void => {
    const list = links.get(from);
    if (list === undefined) links.set(from, [{ to, step }]);
    else list.push({ to, step });
  };
  for (const { from, to, kind } of edges) {
    link(from, to, ` ${kind} ${to}`);
    link(to, from, ` is what ${from} ${kind}`);
  }
  return links;
}

function keyOf({ from, to, kind }: Edge): string {
  return `${from} ${kind} ${to}`;
}
