import type { EntityId, EntityKind } from '../../../domain/entity.ts';
import { entityIdOf, entityKindOf, entityNameOf } from '../../../domain/entity.ts';

/** Label names (dots as underscores) that name the other end of a call, by what they say its kind is; earlier groups win. */
const peerLabels: readonly (readonly [EntityKind, readonly string[]])[] = [
  ['database', ['db', 'database', 'db_name', 'db_namespace', 'db_instance', 'datname', 'datasource']],
  ['queue', ['queue', 'topic', 'messaging_destination_name', 'destination_name', 'subject']],
  ['volume', ['volume', 'mountpoint', 'persistentvolumeclaim', 'mount']],
  [
    'service',
    [
      'peer',
      'peer_service',
      'upstream',
      'upstream_service',
      'target_service',
      'destination',
      'destination_service',
      'destination_workload',
      'remote',
      'remote_service',
      'callee',
      'server_address',
      'net_peer_name',
      'dependency',
    ],
  ],
];
const rankOf = new Map(peerLabels.flatMap(([, names], rank) => names.map((name) => [name, rank] as const)));

/** The peer that the labels of a series name, as an entity id, or undefined. `known` resolves a bare name to an entity that exists. */
export function peerOf(
  labels: Readonly<Record<string, string>>,
  known: (name: string) => EntityId | undefined,
): EntityId | undefined {
  let best: { rank: number; value: string } | undefined;
  for (const label in labels) {
    const rank = rankOf.get(label) ?? rankOf.get(label.toLowerCase().replaceAll('.', '_'));
    const value = labels[label];
    if (rank === undefined || value === undefined || value === '') continue;
    if (best === undefined || rank < best.rank) best = { rank, value };
  }
  const kind = best === undefined ? undefined : peerLabels[best.rank]?.[0];
  return best === undefined || kind === undefined ? undefined : peerFromName(best.value, kind, known);
}

/** An entity for a bare name: a known one, else by its look (a dotted public host is external), else of the kind its label says. */
export function peerFromName(value: string, kind: EntityKind, known: (name: string) => EntityId | undefined): EntityId {
  const address = value.replace(/^[a-z][a-z0-9+]*:\/\//, '').replace(/\/.*$/, '');
  const bare = address.replace(/:.*$/, '');
  if (isPrivateAddress(bare)) return known(address) ?? known(bare) ?? entityIdOf('endpoint', address);
  const labels = bare.split('.');
  const ours = /\.(svc|local|internal|cluster|lan)(\.|$)/.test(bare);
  // `payments.shop` may be a service and its namespace; `payments.provider.example` is somebody else's, whatever we call ours.
  const short = ours || labels.length === 2 ? known(labels[0] ?? bare) : undefined;
  const found = kind === 'service' ? (known(bare) ?? short) : undefined;
  if (found !== undefined) return found;
  if (kind === 'service' && bare.includes('.') && !ours) return entityIdOf('external', bare);
  return entityIdOf(kind, kind === 'volume' ? value : bare);
}

/** An address within our own networks, of which nothing is known but the number. */
function isPrivateAddress(host: string): boolean {
  const parts = host.split('.').map(Number);
  const [first = -1, second = -1] = parts;
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256)) return false;
  return (
    first === 10 || first === 127 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168)
  );
}

/** Makes the resolver of bare names from the entities that are known. Services win over other kinds. */
export function resolverOf(ids: Iterable<EntityId>): (name: string) => EntityId | undefined {
  const byName = new Map<string, EntityId>();
  for (const id of ids) {
    const name = entityNameOf(id);
    const before = byName.get(name);
    if (before === undefined || (entityKindOf(before) !== 'service' && entityKindOf(id) === 'service'))
      byName.set(name, id);
  }
  return (name) => byName.get(name);
}
