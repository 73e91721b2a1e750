import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { entityIdOf } from '../../../domain/entity.ts';
import type { Span } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { AskedData } from '../../asked-data.ts';
import { caseQuestion } from '../case-files.ts';
import type { SystemCase } from '../system-cases.ts';

const recorded = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  service: z.string(),
  operation: z.string(),
  startUs: z.number(),
  durationUs: z.number(),
  error: z.unknown().optional(),
});
type Recorded = z.infer<typeof recorded>;

/** How far apart normal and slow traces are put. */
const apartMs = 1_000;

/**
 * Normal and slow traces as the product gets them. They were recorded at different times or side by side; the normal ones are put right
 * before the slow ones, and the question is about the latter. The slow ones keep their own clock.
 */
export function readTracesCase({ name, path }: SystemCase): AskedData {
  const normal = readSpans(join(path, 'normal.jsonl.gz'));
  const slow = readSpans(join(path, 'abnormal.jsonl.gz'));
  const from = Math.min(...slow.map(({ startMs }) => startMs));
  const to = Math.max(...slow.map(({ startMs, durationMs }) => startMs + durationMs));
  const shift = from - apartMs - Math.max(...normal.map(({ startMs, durationMs }) => startMs + durationMs));
  const before = normal.map((span) => ({ ...span, traceId: `before-${span.traceId}`, startMs: span.startMs + shift }));
  const window = { from: isoOf(from), to: isoOf(to + 1) };
  return {
    name,
    data: { spans: [...before, ...slow] },
    question: caseQuestion({ suite: 'traces-incidents', name, text: 'Why are requests slow?', window }),
  };
}

/** Kinds are not recorded: a span that another service called is served, one that calls another service waits for it, the rest is internal. */
function readSpans(path: string): Span[] {
  const rows = gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => recorded.parse(JSON.parse(line)));
  const byId = new Map(rows.map((row) => [idOf(row.traceId, row.spanId), row]));
  const callers = new Set<string>();
  const parentOf = (row: Recorded): Recorded | undefined =>
    row.parentSpanId === undefined ? undefined : byId.get(idOf(row.traceId, row.parentSpanId));
  for (const row of rows) {
    const parent = parentOf(row);
    if (parent !== undefined && parent.service !== row.service) callers.add(idOf(parent.traceId, parent.spanId));
  }
  return rows.map((row): Span => {
    const parent = parentOf(row);
    const served = parent === undefined || parent.service !== row.service;
    const calls = callers.has(idOf(row.traceId, row.spanId));
    return {
      traceId: row.traceId,
      spanId: row.spanId,
      ...(row.parentSpanId === undefined ? {} : { parentId: row.parentSpanId }),
      entity: entityIdOf('service', row.service),
      name: row.operation,
      kind: served ? 'server' : calls ? 'client' : 'internal',
      startMs: row.startUs / 1_000,
      durationMs: Math.max(0, row.durationUs / 1_000),
      status: row.error === undefined || row.error === false || row.error === null ? 'unset' : 'error',
      attributes: {},
    };
  });
}

function idOf(trace: string, span: string): string {
  return `${trace} ${span}`;
}
