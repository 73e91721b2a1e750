import type { CloudWatchApi, CloudWatchEvent } from '../../detection/lifecycle/ingest/cloudwatch/cloudwatch-api.ts';
import { findLogGroups } from '../../detection/lifecycle/ingest/cloudwatch/find-log-groups.ts';
import { type EntityId, entityIdOf, entityNameOf } from '../../domain/entity.ts';
import type { LogRecord } from '../../domain/signal.ts';
import { type Clock, msOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { fitsLogRequest, readStoredLine, wordsOf } from './log-page.ts';
import type { LogRequest, LogSource } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';

export interface CloudWatchLogsOptions {
  name?: string;
  /** Log groups by name or with `*`, and the service that writes there; unless told, that is the last part of the group's name. */
  groups: readonly { name: string; service?: string | undefined }[];
}

const knownForMs = 300_000;
/** Logs Insights gives so many rows at most. */
const rowsMost = 10_000;

/**
 * CloudWatch Logs as a source of logs. Without words the groups are read from the window's start (FilterLogEvents); words and trace ids are
 * looked for by Logs Insights, which reads no faster than some seconds and is billed by the bytes that it scans. What comes is checked here
 * again. A group that cannot be read is named in the notes and hides none of the others.
 */
export function createCloudWatchLogs(
  deps: { clock: Clock; cloudwatch: CloudWatchApi },
  options: CloudWatchLogsOptions,
): LogSource {
  const { name = 'cloudwatch logs', groups } = options;
  let known: { at: number; entities: Map<string, EntityId> } | undefined;

  /** The groups that there are, each with its entity. */
  const findGroups = async (signal?: AbortSignal): Promise<Map<string, EntityId>> => {
    if (known !== undefined && deps.clock.now() - known.at < knownForMs) return known.entities;
    const entities = new Map<string, EntityId>();
    for (const group of groups) {
      for (const one of await findLogGroups(deps.cloudwatch, group.name, signal))
        if (!entities.has(one)) entities.set(one, entityIdOf('service', group.service ?? lastPartOf(one)));
    }
    known = { at: deps.clock.now(), entities };
    return entities;
  };

  /** Events from each group, with what could not be read. */
  const read = async (
    names: readonly string[],
    request: LogRequest,
    signal?: AbortSignal,
  ): Promise<{ events: CloudWatchEvent[]; more: boolean; notes: string[] }> => {
    const [from, to] = [msOf(request.window.from), msOf(request.window.to)];
    const most = request.minLevel === undefined ? Math.min(rowsMost, request.limit + 1) : rowsMost;
    const query = insightsQueryOf(request, most);
    if (query !== undefined) {
      const events = await deps.cloudwatch.queryEvents(names, { from, to, query }, signal);
      return { events, more: events.length >= rowsMost, notes: [] };
    }
    const events: CloudWatchEvent[] = [];
    const failures: CerebroError[] = [];
    let more = false;
    let end = to;
    for (const group of names) {
      try {
        const found = await deps.cloudwatch.readEvents(group, { from, to: end, most }, signal);
        events.push(...found.events);
        more ||= found.cut;
        // What lies after the place where a group was cut is not wanted of the others: the oldest count.
        if (found.cut && request.minLevel === undefined) end = Math.min(end, found.events.at(-1)!.at + 1);
      } catch (thrown) {
        const error = CerebroError.from(thrown);
        if (error.code === 'CANCELLED') throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0 && failures.length === names.length) throw failures[0]!;
    return { events, more, notes: failures.map(({ message }) => `not read: ${message}`) };
  };

  return {
    name,
    async search(request, signal) {
      stopIfAborted(signal);
      const entities = await findGroups(signal);
      const wanted = new Set(request.entities.map((id) => entityNameOf(id)));
      const names = [...entities.keys()].filter(
        (group) => wanted.size === 0 || wanted.has(entityNameOf(entities.get(group)!)),
      );
      const { events, more, notes } =
        names.length === 0 ? { events: [], more: false, notes: [] } : await read(names, request, signal);
      const words = wordsOf(request.text).map((word) => word.toLowerCase());
      const records = events
        .map((event) => ({ event, text: event.message.toLowerCase() }))
        .filter(({ text }) => words.every((word) => text.includes(word)))
        .filter(({ event }) => request.traceId === undefined || event.message.includes(request.traceId))
        .map(({ event }) => recordOf(event, entities))
        .filter((record) => fitsLogRequest(record, request));
      records.sort((left, right) => msOf(left.at) - msOf(right.at));
      return sourceResultOf(records, {
        limit: request.limit,
        more,
        notes,
        lookedAt: `${name}: ${names.join(', ') || `no log group of ${request.entities.join(', ') || groups.map((one) => one.name).join(', ')}`}${request.text === undefined ? '' : `, words ${request.text}`}, ${request.window.from} to ${request.window.to}`,
      });
    },
  };
}

function recordOf({ message, at, group }: CloudWatchEvent, entities: ReadonlyMap<string, EntityId>): LogRecord {
  return readStoredLine(message.trimEnd(), at, entities.get(group) ?? entityIdOf('service', lastPartOf(group)));
}

/** A query that keeps lines with all the words, whatever their case; undefined when none are asked for. */
function insightsQueryOf({ text, traceId }: LogRequest, most: number): string | undefined {
  const words = wordsOf(text).map((word) => `@message like /(?i)${word.replaceAll(/[.+*?^${}()|[\]\\/]/g, '\\$&')}/`);
  const filters = [...words, ...(traceId === undefined ? [] : [`@message like ${JSON.stringify(traceId)}`])];
  if (filters.length === 0) return undefined;
  return `fields @timestamp, @message, @log | filter ${filters.join(' and ')} | sort @timestamp asc | limit ${most}`;
}

/** `checkout` of `/aws/lambda/checkout` and of `/ecs/shop/checkout`. */
function lastPartOf(group: string): string {
  return group.split('/').findLast((part) => part !== '') ?? group;
}
