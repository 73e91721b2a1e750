import type { EdgeKind, EntityKind } from '../../domain/entity.ts';
import type { Span } from '../../domain/signal.ts';

/** What a span says of the other end of its call. */
export interface SpanPeer {
  name: string;
  kind: EntityKind;
  edge: EdgeKind;
}

const caches = new Set(['redis', 'memcached', 'valkey', 'hazelcast', 'keydb', 'dragonfly']);
const writes = /^\s*(?:insert|update|delete|replace|merge|upsert|create|drop|alter|truncate|set|del|incr|bulk|index)/i;

/**
 * The peer of a client, producer or consumer span, by OpenTelemetry semantic conventions (`messaging.destination.name`, `db.*`,
 * `peer.service`, `server.address` and their older names). `undefined` for other spans and where nothing names a peer.
 */
export function peerOfSpan(span: Pick<Span, 'kind' | 'attributes'>): SpanPeer | undefined {
  if (span.kind === 'server' || span.kind === 'internal') return undefined;
  const text = (...names: string[]): string | undefined => {
    for (const name of names) {
      const value = span.attributes[name];
      if (typeof value === 'string' && value !== '') return value;
    }
    return undefined;
  };
  const destination = text('messaging.destination.name', 'messaging.destination');
  if (destination !== undefined) {
    const receives =
      span.kind === 'consumer' ||
      /^(?:receive|process|poll|settle)/.test(text('messaging.operation.type', 'messaging.operation') ?? '');
    return { name: destination, kind: 'queue', edge: receives ? 'consumes' : 'publishes' };
  }
  const system = text('db.system.name', 'db.system');
  const address = text('peer.service', 'server.address', 'net.peer.name', 'network.peer.address', 'http.host');
  if (system !== undefined) {
    const name = text('peer.service', 'db.namespace', 'db.name', 'server.address', 'net.peer.name') ?? system;
    const operation = text('db.operation.name', 'db.operation', 'db.query.text', 'db.statement') ?? '';
    return { name, kind: caches.has(system) ? 'cache' : 'database', edge: writes.test(operation) ? 'writes' : 'reads' };
  }
  if (span.kind !== 'client' || address === undefined) return undefined;
  return { name: address.replace(/:\d+$/, ''), kind: 'external', edge: 'calls' };
}
