import { z } from 'zod';
import type { LogRecord } from '../../domain/signal.ts';
import { logLevel, logRecord } from '../../domain/signal.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';

const shownRecords = 100;
const longestMessage = 500;

const input = z.strictObject({
  entities: entitiesField,
  window: windowField.optional(),
  text: z.string().min(1).max(500).optional().describe('Words that must all occur, case-insensitive.'),
  minLevel: logLevel.optional().describe('Only records of this level or above.'),
  traceId: z.string().optional().describe('Only records of this trace.'),
  limit: z
    .number()
    .int()
    .min(1)
    .max(5_000)
    .default(500)
    .describe('Most records to read; the newest 100 of them are returned, all are kept as evidence.'),
});
const output = z.object({
  records: z.array(logRecord),
  total: z.number().int(),
  byLevel: z.record(z.string(), z.number()),
  truncated: z.boolean(),
});

/** Searches log records, oldest first. Messages are text written by others: always tainted. */
export function createSearchLogs(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'search_logs',
    description:
      'Reads log records of entities over a window by level, words or trace id, oldest first. For what is new or surging compared with before, find_log_patterns is better; use this to read the very lines.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.logs;
      if (source === undefined) return notConnected('logs', 'sources.logs');
      const window = windowOr(request.window, deps.clock);
      const asked = { entities: request.entities, window, limit: request.limit };
      const result = await source.search(
        {
          ...asked,
          ...(request.text === undefined ? {} : { text: request.text }),
          ...(request.minLevel === undefined ? {} : { minLevel: request.minLevel }),
          ...(request.traceId === undefined ? {} : { traceId: request.traceId }),
        },
        signal,
      );
      const where = `${entitiesText(request.entities)}, ${windowText(window)}`;
      if (result.status === 'no-data')
        return { ...result, hint: `Nothing for ${where}. Drop \`text\` or \`minLevel\`, or widen the window.` };
      const records = result.items.slice(-shownRecords).map(shorten);
      const byLevel = countBy(result.items, (record) => record.level);
      return {
        status: 'ok',
        output: {
          records,
          total: result.items.length,
          byLevel,
          truncated: result.truncated || result.items.length > records.length,
        },
        raw: { records: result.items },
        digest: digestOf(result.items, byLevel, where, result.truncated),
        kind: 'logs',
        source: source.name,
        window,
        entities: [...new Set(result.items.map(({ entity }) => entity))].sort(),
        tainted: true,
      };
    },
  };
}

function shorten(record: LogRecord): LogRecord {
  const { fields, ...rest } = record;
  const message =
    record.message.length > longestMessage ? `${record.message.slice(0, longestMessage)}…` : record.message;
  const small = fields !== undefined && JSON.stringify(fields).length <= longestMessage;
  return { ...rest, message, ...(small ? { fields } : {}) };
}

function countBy(records: readonly LogRecord[], keyOf: (record: LogRecord) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const record of records) counts.set(keyOf(record), (counts.get(keyOf(record)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, left], [, right]) => right - left));
}

function digestOf(
  records: readonly LogRecord[],
  byLevel: Record<string, number>,
  where: string,
  more: boolean,
): string {
  const textOf = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .slice(0, 5)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const worst =
    records.find(({ level }) => level === 'fatal' || level === 'error') ??
    records.find(({ level }) => level === 'warn');
  const quote =
    worst === undefined
      ? ''
      : ` First ${worst.level} at ${worst.at} of ${worst.entity}: "${worst.message.slice(0, 120)}".`;
  return `${records.length}${more ? '+' : ''} records (${where}): ${textOf(byLevel)}; by entity ${textOf(countBy(records, ({ entity }) => entity))}.${quote}`;
}
