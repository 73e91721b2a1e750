import { z } from 'zod';
import type { Alert } from '../../domain/question.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import { contentHash } from '../../infra/runtime/canonical-json.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';

/** Alerts that some system grouped and sent together. */
export interface AlertBatch {
  groupKey: string;
  alerts: Alert[];
}

const labels = z.record(z.string(), z.string()).default({});
/** Year 1 (Go's zero time) to year 9999. */
const amTime = z.string().refine((text) => Date.parse(text) < 253_402_300_800_000, 'not a time');

/** Alertmanager's webhook, version 4. Fields that we do not know are left out: newer versions add some. */
const alertmanagerBody = z.object({
  version: z.literal('4'),
  groupKey: z.string().min(1),
  receiver: z.string().default('alertmanager'),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels,
        annotations: labels,
        startsAt: amTime,
        endsAt: amTime.optional(),
        fingerprint: z.string().min(1).optional(),
        generatorURL: z.string().max(20_000).optional().catch(undefined),
      }),
    )
    .max(5_000),
});

/** Reads an Alertmanager notification. Times are cut to milliseconds; Go's zero time means "not told". Throws INPUT_INVALID saying what is wrong. */
export function readAlertmanager(body: unknown, nowMs: number): AlertBatch {
  const parsed = parse(alertmanagerBody, body, 'This is no Alertmanager webhook (version 4)');
  const alerts = parsed.alerts.map((one): Alert => {
    const endsAt = time(one.endsAt);
    return {
      fingerprint: one.fingerprint ?? contentHash(one.labels).slice(0, 16),
      name: one.labels['alertname'] ?? 'alert',
      status: one.status,
      startsAt: time(one.startsAt) ?? minuteOf(nowMs),
      ...(one.status === 'resolved' && endsAt !== undefined ? { endsAt } : {}),
      labels: one.labels,
      annotations: one.annotations,
      source: 'alertmanager',
      ...expressionIn(one.generatorURL),
    };
  });
  return { groupKey: parsed.groupKey, alerts };
}

/** The expression that the address of a rule carries (`g0.expr`, as Prometheus writes it). */
function expressionIn(address: string | undefined): Pick<Alert, 'expression'> {
  if (address === undefined || !URL.canParse(address)) return {};
  const expression = new URL(address).searchParams.get('g0.expr') ?? '';
  return expression === '' || expression.length > 8_000 ? {} : { expression };
}

const genericAlert = z.object({
  name: z.string().min(1).max(300),
  status: z.enum(['firing', 'resolved']).default('firing'),
  service: z.string().min(1).optional(),
  summary: z.string().optional(),
  labels,
  annotations: labels,
  startsAt: amTime.optional(),
  endsAt: amTime.optional(),
  fingerprint: z.string().min(1).max(200).optional(),
  groupKey: z.string().min(1).max(2_000).optional(),
  expression: z.string().min(1).max(8_000).optional(),
  source: z.string().min(1).max(100).default('webhook'),
});

/**
 * Reads one alert of the generic form: only `name` is required; `service` and `summary` are short for a label and an annotation. Without
 * `startsAt` it starts now, cut to the minute, so that a repeated delivery is known as such. Throws INPUT_INVALID saying what is wrong.
 */
export function readGenericAlert(body: unknown, nowMs: number): AlertBatch {
  const one = parse(genericAlert, body, 'This alert does not fit');
  const allLabels = { ...one.labels, ...(one.service === undefined ? {} : { service: one.service }) };
  const fingerprint = one.fingerprint ?? contentHash([one.source, one.name, allLabels]).slice(0, 16);
  const alert: Alert = {
    fingerprint,
    name: one.name,
    status: one.status,
    startsAt: time(one.startsAt) ?? minuteOf(nowMs),
    ...(one.status === 'resolved' ? { endsAt: time(one.endsAt) ?? isoOf(nowMs) } : {}),
    labels: allLabels,
    annotations: { ...one.annotations, ...(one.summary === undefined ? {} : { summary: one.summary }) },
    source: one.source,
    ...(one.expression === undefined ? {} : { expression: one.expression }),
  };
  return { groupKey: one.groupKey ?? `${one.source}:${fingerprint}`, alerts: [alert] };
}

function parse<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CerebroError('INPUT_INVALID', `${what}: ${z.prettifyError(parsed.error).slice(0, 1_000)}`);
}

function time(text: string | undefined): string | undefined {
  return text === undefined || Date.parse(text) <= 0 ? undefined : isoOf(Date.parse(text));
}

function minuteOf(nowMs: number): string {
  return isoOf(Math.floor(nowMs / 60_000) * 60_000);
}
