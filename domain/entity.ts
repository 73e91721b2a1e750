import { z } from 'zod';
import { instant } from './time.ts';

/** What an entity can be. `external` is a party outside our care (a provider); `edge` is the path between two entities. */
export const entityKinds = [
  'service',
  'workload',
  'pod',
  'container',
  'node',
  'namespace',
  'database',
  'cache',
  'queue',
  'volume',
  'endpoint',
  'host',
  'gateway',
  'config',
  'external',
  'function',
  'other',
] as const;
export const entityKind = z.enum(entityKinds);
export type EntityKind = z.infer<typeof entityKind>;

/** A stable id: `kind:name` or `kind:namespace/name`, lower case where the source allows. */
export const entityId = z.string().min(1);
export type EntityId = z.infer<typeof entityId>;

/** A thing that can be healthy or not. */
export const entity = z.object({
  id: entityId,
  kind: entityKind,
  name: z.string(),
  namespace: z.string().optional(),
  aliases: z.array(z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type Entity = z.infer<typeof entity>;

/**
 * What an edge means. Direction: `from` depends on `to` (calls, runs on, reads, writes, mounts, is configured by); a fault of `to` can
 * show at `from`. `owns` runs from owner to owned; `publishes`/`consumes` from the service to the queue.
 */
export const edgeKind = z.enum([
  'calls',
  'runs-on',
  'reads',
  'writes',
  'publishes',
  'consumes',
  'owns',
  'mounts',
  'configured-by',
  'routes-to',
]);
export type EdgeKind = z.infer<typeof edgeKind>;

/** A typed edge with the source that said so, a confidence in [0, 1], and validity in time where known. */
export const edge = z.object({
  from: entityId,
  to: entityId,
  kind: edgeKind,
  source: z.string(),
  confidence: z.number().min(0).max(1),
  validFrom: instant.optional(),
  validTo: instant.optional(),
});
export type Edge = z.infer<typeof edge>;

/** Entities and the edges between them, as known over some window. */
export const topology = z.object({ entities: z.array(entity), edges: z.array(edge) });
export type Topology = z.infer<typeof topology>;

/** Builds an entity id from its parts. */
export function entityIdOf(kind: EntityKind, name: string, namespace?: string): EntityId {
  return namespace === undefined ? `${kind}:${name}` : `${kind}:${namespace}/${name}`;
}

/** The name part of an entity id, without kind and namespace. */
export function entityNameOf(id: EntityId): string {
  const afterKind = id.slice(id.indexOf(':') + 1);
  return afterKind.slice(afterKind.lastIndexOf('/') + 1);
}

/** The kind part of an entity id; `other` when the id does not name a known kind. */
export function entityKindOf(id: EntityId): EntityKind {
  return entityKind.safeParse(id.slice(0, Math.max(0, id.indexOf(':')))).data ?? 'other';
}
