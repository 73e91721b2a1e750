import type { EntityId } from '../../../domain/entity.ts';
import { entityIdOf } from '../../../domain/entity.ts';
import type { Span } from '../../../domain/signal.ts';
import { peerFromName, resolverOf } from '../signals/peer-of.ts';

/** A span with its place in the trace: children, the time that no child accounts for, and the other end of a call. */
export interface PlacedSpan {
  span: Span;
  parent?: PlacedSpan;
  children: PlacedSpan[];
  /** When it began by the clock of its caller: the spans of another machine may be told by a clock that is off. */
  startMs: number;
  /** Milliseconds within the span that no child covers. */
  selfMs: number;
  /** For client and producer spans: whom it calls, from the child server span, else from attributes. */
  peer?: EntityId;
}

/**
 * Links spans of many traces. Orphans become roots; self time is the span's length minus the union of its children's, cut to the span. A
 * child of another party that would begin before its caller or after it had ended is told by a clock that is off: it is put where it fits.
 */
export function placeSpans(spans: readonly Span[]): PlacedSpan[] {
  const placed = spans.map((span): PlacedSpan => ({
    span,
    children: [],
    startMs: span.startMs,
    selfMs: span.durationMs,
  }));
  const traces = new Map<string, Map<string, PlacedSpan>>();
  for (const one of placed) {
    const trace = traces.get(one.span.traceId);
    if (trace === undefined) traces.set(one.span.traceId, new Map([[one.span.spanId, one]]));
    else trace.set(one.span.spanId, one);
  }
  const known = resolverOf(new Set(spans.map(({ entity }) => entity)));
  for (const one of placed) {
    const parent = one.span.parentId === undefined ? undefined : traces.get(one.span.traceId)?.get(one.span.parentId);
    if (parent === undefined || parent === one) continue;
    one.parent = parent;
    parent.children.push(one);
  }
  for (const one of placed) if (one.parent === undefined) alignClocks(one);
  for (const one of placed) {
    one.selfMs = Math.max(0, one.span.durationMs - covered(one));
    const peer = peerOfSpan(one, known);
    if (peer !== undefined && peer !== one.span.entity) one.peer = peer;
  }
  return placed;
}

/** Spans within a millisecond of their caller are on its clock. */
const roundingMs = 1;

/** Moves the spans of other parties, with all that is below them, into their callers; the middle of the time left is as good a guess as any. */
function alignClocks(root: PlacedSpan): void {
  const open: { one: PlacedSpan; shift: number }[] = [{ one: root, shift: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { one, shift } = next;
    const start = one.span.startMs + shift;
    const parent = one.parent;
    one.startMs = start;
    let moved = shift;
    if (parent !== undefined && parent.span.entity !== one.span.entity && one.span.kind !== 'consumer') {
      const end = parent.startMs + parent.span.durationMs;
      if (start < parent.startMs - roundingMs || start > end + roundingMs) {
        one.startMs = parent.startMs + Math.max(0, (parent.span.durationMs - one.span.durationMs) / 2);
        moved = one.startMs - one.span.startMs;
      }
    }
    for (const child of one.children) open.push({ one: child, shift: moved });
  }
}

function covered({ span, startMs, children }: PlacedSpan): number {
  const end = startMs + span.durationMs;
  const pieces = children
    .map((child) => [Math.max(startMs, child.startMs), Math.min(end, child.startMs + child.span.durationMs)] as const)
    .filter(([from, to]) => to > from)
    .sort((left, right) => left[0] - right[0]);
  let total = 0;
  let reached = startMs;
  for (const [from, to] of pieces) {
    if (to <= reached) continue;
    total += to - Math.max(from, reached);
    reached = to;
  }
  return total;
}

function peerOfSpan(one: PlacedSpan, known: (name: string) => EntityId | undefined): EntityId | undefined {
  const { span } = one;
  if (span.kind !== 'client' && span.kind !== 'producer' && span.kind !== 'consumer') return undefined;
  const remote = one.children.find((child) => child.span.entity !== span.entity);
  if (remote !== undefined) return remote.span.entity;
  const text = (key: string): string | undefined => {
    const value = span.attributes[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const system = text('db.system.name') ?? text('db.system');
  const address = text('server.address') ?? text('net.peer.name') ?? text('network.peer.address');
  if (system !== undefined) {
    const name = text('db.namespace') ?? text('db.name') ?? text('peer.service') ?? address ?? system;
    return entityIdOf('database', name);
  }
  const queue = text('messaging.destination.name') ?? text('messaging.destination');
  if (queue !== undefined) return entityIdOf('queue', queue);
  const name = text('peer.service') ?? withPort(address, span) ?? hostOfUrl(text('url.full') ?? text('http.url'));
  return name === undefined ? undefined : peerFromName(name, 'service', known);
}

/** A numbered address tells more with its port. */
function withPort(address: string | undefined, { attributes }: Span): string | undefined {
  const port = attributes['server.port'] ?? attributes['net.peer.port'] ?? attributes['network.peer.port'];
  return address === undefined || port === undefined || address.includes(':') ? address : `${address}:${port}`;
}

function hostOfUrl(url: string | undefined): string | undefined {
  const start = url?.indexOf('://') ?? -1;
  const host = start < 0 ? undefined : url?.slice(start + 3).split(/[/?#]/, 1)[0];
  return host === undefined || host === '' ? undefined : host;
}
