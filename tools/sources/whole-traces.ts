import type { Span } from '../../domain/signal.ts';

/** Spans grouped by trace; spans of a trace by start, traces by their first span. A span that occurs twice is kept once. */
export function groupTraces(spans: readonly Span[]): Span[][] {
  const traces = new Map<string, Map<string, Span>>();
  for (const one of spans) {
    const trace = traces.get(one.traceId);
    if (trace === undefined) traces.set(one.traceId, new Map([[one.spanId, one]]));
    else if (!trace.has(one.spanId)) trace.set(one.spanId, one);
  }
  return [...traces.values()]
    .map((trace) => [...trace.values()].sort(compareSpans))
    .sort((left, right) => compareSpans(left[0]!, right[0]!));
}

/** The spans of as many whole traces as fit `limit`, at least of one; `more` says that some were left out. */
export function takeWholeTraces(traces: readonly (readonly Span[])[], limit: number): { found: Span[]; more: boolean } {
  const found: Span[] = [];
  for (const trace of traces) {
    if (found.length > 0 && found.length + trace.length > limit) return { found, more: true };
    found.push(...trace);
  }
  return { found, more: false };
}

function compareSpans(left: Span, right: Span): number {
  return left.startMs - right.startMs || (left.traceId + left.spanId < right.traceId + right.spanId ? -1 : 1);
}
