import type { Topology } from '../domain/entity.ts';

/** How far and which way to walk from an entity. */
export interface Walk {
  from: string;
  /** `out` follows dependencies (what it depends on), `in` dependents. */
  direction: 'out' | 'in' | 'both';
  /** Steps, at least 1. */
  depth: number;
  /** Only edges valid at this instant. */
  at?: string;
}

/**
 * Keeps entities and typed edges with who said so, confidence and validity in time. An edge is the same edge when ends, kind, source and start
 * of validity agree; `upsert` replaces it. Entities are replaced by id. Reads see what was written before.
 */
export interface GraphStore {
  name: string;
  upsert(topology: Topology): Promise<void>;
  /** Removes entities with all their edges. */
  delete(ids: readonly string[]): Promise<void>;
  /** Removes every edge that this source said. */
  deleteSource(source: string): Promise<void>;
  /** Everything that holds at an instant (without one: ever held), ordered by id. */
  snapshot(at?: string): Promise<Topology>;
  /** The part that the walk reaches, the start included when it is known. */
  walk(walk: Walk): Promise<Topology>;
  count(): Promise<{ entities: number; edges: number }>;
  close(): Promise<void>;
}
