import { z } from 'zod';
import { finding } from '../../domain/finding.ts';
import type { Span } from '../../domain/signal.ts';
import { span } from '../../domain/signal.ts';
import { attributePlaced } from '../../detection/evidence/traces/attribute-spans.ts';
import { placeSpans } from '../../detection/evidence/traces/span-tree.ts';
import { topologyFromPlaced } from '../../detection/evidence/traces/topology-from-spans.ts';
import type { Window } from '../../domain/time.ts';
import type { TraceSource } from '../sources/source.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import { numberText } from './number-text.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';

const shownSpans = 100;
const keptSpans = 400;

const input = z.strictObject({
  entities: entitiesField,
  window: windowField.optional(),
  baseline: windowField
    .optional()
    .describe(
      'A quiet span of time before. With it, findings say which entity became slow or failing in itself, and which edge.',
    ),
  traceId: z.string().optional(),
  onlyErrors: z.boolean().default(false),
  minDurationMs: z.number().min(0).optional(),
  limit: z
    .number()
    .int()
    .min(1)
    .max(20_000)
    .default(12_000)
    .describe('Most spans to read per window; the 100 slowest are returned, some hundreds are kept as evidence.'),
});
type Request = z.infer<typeof input>;
const output = z.object({
  spans: z.array(span),
  total: z.number().int(),
  traces: z.number().int(),
  findings: z.array(finding),
  truncated: z.boolean(),
});

/** Reads spans and, against a baseline, attributes slowness and errors to self time and edges. Names and attributes of spans are tainted. */
export function createSearchTraces(deps: ReadDeps): Tool<Request, z.infer<typeof output>> {
  return {
    name: 'search_traces',
    description:
      'Reads spans of traces through entities over a window, slowest first. With a baseline it also tells which entity or which call between two entities became slower or began to fail (self time, edge latency, errors).',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.traces;
      if (source === undefined) return notConnected('traces', 'sources.traces');
      const window = windowOr(request.window, deps.clock);
      const where = `${entitiesText(request.entities)}, ${windowText(window)}`;
      const [now, before] = await Promise.all([
        read(source, request, window, signal),
        request.baseline === undefined ? undefined : read(source, request, request.baseline, signal),
      ]);
      if (now.status === 'no-data')
        return {
          ...now,
          hint: `No spans for ${where}. Drop \`onlyErrors\`, \`minDurationMs\` or \`traceId\`, or widen the window.`,
        };
      const all = before?.status === 'ok' ? [...before.items, ...now.items] : now.items;
      const placed = placeSpans(all);
      const findings =
        request.baseline === undefined ? [] : attributePlaced(placed, { baseline: request.baseline, observed: window });
      const slowest = now.items
        .toSorted((left, right) => right.durationMs - left.durationMs || (left.spanId < right.spanId ? -1 : 1))
        .slice(0, shownSpans);
      return {
        status: 'ok',
        output: {
          spans: slowest,
          total: now.items.length,
          traces: new Set(now.items.map(({ traceId }) => traceId)).size,
          findings,
          truncated: now.truncated || now.items.length > slowest.length,
        },
        // What was concluded from all spans, and of the spans those that a person would look at.
        raw: { spans: keptOf(now.items, slowest), findings, topology: topologyFromPlaced(placed) },
        digest: digestOf(now.items, findings, where),
        kind: 'traces',
        source: source.name,
        window,
        entities: [...new Set(now.items.map(({ entity }) => entity))].sort(),
        tainted: true,
      };
    },
  };
}

/** The slowest spans, failed ones, and the first whole traces, each once. */
function keptOf(spans: readonly Span[], slowest: readonly Span[]): Span[] {
  const failed = spans.filter(({ status }) => status === 'error').slice(0, keptSpans);
  return [...new Set([...slowest, ...failed, ...spans.slice(0, keptSpans)])];
}

function read(source: TraceSource, request: Request, window: Window, signal: AbortSignal) {
  return source.search(
    {
      entities: request.entities,
      window,
      ...(request.traceId === undefined ? {} : { traceId: request.traceId }),
      ...(request.onlyErrors ? { onlyErrors: true } : {}),
      ...(request.minDurationMs === undefined ? {} : { minDurationMs: request.minDurationMs }),
      limit: request.limit,
    },
    signal,
  );
}

function digestOf(spans: readonly Span[], findings: readonly z.infer<typeof finding>[], where: string): string {
  const errors = spans.filter(({ status }) => status === 'error').length;
  const durations = spans.map(({ durationMs }) => durationMs).sort((left, right) => left - right);
  const at = (share: number): string =>
    numberText(durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0);
  const said = findings
    .slice(0, 3)
    .map(({ statement }) => statement)
    .join('; ');
  return `${spans.length} spans (${where}), ${errors} failed, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms.${said === '' ? '' : ` ${said}.`}`;
}
