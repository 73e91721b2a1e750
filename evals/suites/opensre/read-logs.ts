import { z } from 'zod';
import { entityIdOf } from '../../../domain/entity.ts';
import type { LogLevel, LogRecord } from '../../../domain/signal.ts';

const applicationLogs = z.looseObject({
  logs: z.array(
    z.looseObject({
      timestamp: z.string(),
      message: z.string(),
      status: z.string().default('info'),
      service: z.string(),
    }),
  ),
});
const podLogs = z.looseObject({ pod_name: z.string(), logs: z.string() });
const databaseEvents = z.looseObject({
  events: z.array(
    z.looseObject({
      date: z.string(),
      message: z.string(),
      source_identifier: z.string(),
      event_categories: z.array(z.string()).default([]),
    }),
  ),
});

/** Application logs, logs of single pods and events of databases as log records. */
export function readLogs(contents: ReadonlyMap<string, unknown>): LogRecord[] {
  const logs = applicationLogs.safeParse(contents.get('datadog_logs')).data?.logs ?? [];
  const pods = podLogs.safeParse(contents.get('eks_pod_logs')).data;
  const events = databaseEvents.safeParse(contents.get('aws_rds_events')).data?.events ?? [];
  return [
    ...logs.map(({ timestamp, message, status, service }): LogRecord => ({
      at: timestamp,
      entity: entityIdOf('service', service),
      level: levelOf(status),
      message,
    })),
    ...(pods === undefined ? [] : podLines(pods)),
    ...events.map(({ date, message, source_identifier: name, event_categories: categories }): LogRecord => ({
      at: date,
      entity: entityIdOf('database', name),
      level: categories.some((one) => /failure|failover|availability/.test(one)) ? 'error' : 'info',
      message,
    })),
  ];
}

function podLines({ pod_name: pod, logs }: z.infer<typeof podLogs>): LogRecord[] {
  const service = pod.replace(/-[a-z0-9]{8,10}-[a-z0-9]{4,6}$/, '');
  return logs.split('\n').flatMap((line): LogRecord[] => {
    const [, at, level, message] = /^(\S+Z)\s+([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (at === undefined || level === undefined || message === undefined) return [];
    return [{ at, entity: entityIdOf('service', service), level: levelOf(level), message }];
  });
}

function levelOf(word: string): LogLevel {
  const lower = word.toLowerCase();
  const known = (['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const).find((level) =>
    lower.startsWith(level),
  );
  return known ?? (lower === 'critical' ? 'fatal' : 'unknown');
}
