import type { Span } from '../../../domain/signal.ts';

/**
 * At most about `most` spans in whole traces, as a collector that samples by rarity would keep them: first every call from one entity to another gets up to `each`
 * traces, the rarest call first, evenly spread over time; then what room is left is filled evenly. Keeps the order; deterministic.
 */
export function sampleTraces(traces: readonly (readonly Span[])[], most: number, each = 40): Span[][] {
  const byCall = new Map<string, number[]>();
  for (const [index, trace] of traces.entries())
    for (const call of new Set(callsOf(trace))) {
      const list = byCall.get(call);
      if (list === undefined) byCall.set(call, [index]);
      else list.push(index);
    }
  const kept = new Set<number>();
  let room = most;
  const take = (index: number): void => {
    const size = traces[index]?.length ?? 0;
    if (kept.has(index) || size > room) return;
    kept.add(index);
    room -= size;
  };
  const rarestFirst = [...byCall].sort(
    ([left, few], [right, many]) => few.length - many.length || (left < right ? -1 : 1),
  );
  for (const [, indexes] of rarestFirst) {
    const missing = each - indexes.filter((index) => kept.has(index)).length;
    for (const index of spread(indexes, missing)) take(index);
  }
  const size = traces.reduce((total, trace) => total + trace.length, 0) / Math.max(1, traces.length);
  for (const index of spread([...traces.keys()], Math.floor(room / Math.max(1, size)))) take(index);
  return [...kept].sort((left, right) => left - right).map((index) => [...(traces[index] ?? [])]);
}

function spread(items: readonly number[], count: number): number[] {
  if (count <= 0) return [];
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)] ?? 0);
}

/** Which entity called which, as words. */
function callsOf(trace: readonly Span[]): string[] {
  const byId = new Map(trace.map((span) => [span.spanId, span.entity]));
  return trace.map(({ entity, parentId }) => `${parentId === undefined ? '' : (byId.get(parentId) ?? '')}>${entity}`);
}
