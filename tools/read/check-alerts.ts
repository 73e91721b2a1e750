import { z } from 'zod';
import { explainRule } from '../../detection/evidence/rules/explain-rule.ts';
import type { ExplainedRule } from '../../detection/evidence/rules/explain-rule.ts';
import { judgeAlert } from '../../detection/evidence/rules/judge-alert.ts';
import type { Finding } from '../../domain/finding.ts';
import { finding } from '../../domain/finding.ts';
import type { Sample, Series } from '../../domain/signal.ts';
import type { Window } from '../../domain/time.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { FiringAlert, MetricSource } from '../sources/source.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { windowField, windowOr, windowText } from './request-fields.ts';

/** So many alerts are looked into; the rest is counted. */
const mostAlerts = 12;
/** Before the window and before an alert was active, to see it cross its line. */
const leadMs = 600_000;

const texts = z.record(z.string(), z.string());
const input = z.strictObject({
  window: windowField.optional(),
  alert: z
    .object({
      name: z.string().max(300),
      labels: texts,
      startsAt: z.string(),
      expression: z.string().max(8_000).optional(),
    })
    .optional()
    .describe('An alert that was sent, looked into first.'),
});
type Request = z.infer<typeof input>;
const output = z.object({
  findings: z.array(finding),
  firing: z.number().int(),
  /** Alerts whose expression is none that can be read, or whose series gave nothing. */
  unread: z.array(z.string()),
  truncated: z.boolean(),
});

/**
 * Takes firing alerts as evidence: the expression of each rule is read, its own series queried over the window, and told against its line: when
 * it crossed, whether it still does. Names and labels of alerts are others' text: tainted.
 */
export function createCheckAlerts(deps: Pick<ReadDeps, 'sources' | 'clock'>): Tool<Request, z.infer<typeof output>> {
  return {
    name: 'check_alerts',
    description:
      "Reads what alerting rules fire now and takes each rule's own expression as evidence: its series and its threshold, since when it is crossed and whether it still is. Call it first when an alert asks, and beside find_anomalies.",
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      const window = windowOr(request.window, deps.clock);
      const listed = await source.alerts?.(signal);
      const firing = wanted(request, listed?.status === 'ok' ? listed.items : [], window);
      if (firing.length === 0 || source.expression === undefined) {
        return {
          status: 'no-data',
          lookedAt: listed?.status === 'no-data' ? listed.lookedAt : `${source.name}, which tells of no alerting rules`,
          hint: 'No alert fires, or this source cannot tell; find_anomalies looks at everything.',
        };
      }
      const looked = firing.slice(0, mostAlerts);
      const judged = await Promise.all(looked.map((alert) => lookInto(source, alert, window, signal)));
      const findings = judged
        .flatMap(({ findings: found }) => found)
        .toSorted((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1));
      const told = findings.slice(0, 3).map(({ statement, onset }) => `${statement} (since ${onset})`);
      const where = `${source.name}, ${windowText(window)}`;
      return {
        status: 'ok',
        output: {
          findings,
          firing: firing.length,
          unread: looked.filter((_, index) => judged[index]!.findings.length === 0).map(({ name }) => name),
          truncated: firing.length > looked.length,
        },
        raw: { findings, series: judged.flatMap(({ series }) => series) },
        digest: `${firing.length} alerts fire (${where})${told.length === 0 ? '.' : `: ${told.join('; ')}.`}`.slice(
          0,
          590,
        ),
        kind: 'findings',
        source: source.name,
        window,
        entities: [...new Set(findings.map(({ entity }) => entity))].sort(),
        tainted: true,
      };
    },
  };
}

/** The alerts to look into, the one that was sent first. Those that began after the window are of another time. */
function wanted({ alert }: Request, listed: readonly FiringAlert[], window: Window): FiringAlert[] {
  const within = listed.filter(({ activeAt }) => msOf(activeAt) <= msOf(window.to));
  if (alert === undefined) return within;
  const isSent = (one: FiringAlert): boolean =>
    one.name === alert.name &&
    Object.entries(one.labels).every(([label, value]) => (alert.labels[label] ?? value) === value);
  const known = within.find(isSent) ?? listed.find(({ name }) => name === alert.name);
  const expression = known?.expression ?? alert.expression;
  if (expression === undefined) return within;
  const sent: FiringAlert = {
    name: alert.name,
    expression,
    forMs: known?.forMs ?? 0,
    entity: known?.entity ?? 'other:unknown',
    labels: alert.labels,
    annotations: {},
    activeAt: known?.activeAt ?? alert.startsAt,
  };
  return [sent, ...within.filter((one) => !isSent(one))];
}

async function lookInto(
  source: MetricSource,
  alert: FiringAlert,
  window: Window,
  signal: AbortSignal,
): Promise<{ findings: Finding[]; series: Series[] }> {
  const rule = explainRule(alert.expression, { for: alert.forMs / 1_000 });
  if (rule === undefined || rule.metrics.length === 0) return { findings: [], series: [] };
  const to = msOf(window.to);
  // A day at most: what fires longer is a state.
  const from = Math.max(to - 86_400_000, Math.min(msOf(window.from), msOf(alert.activeAt)) - leadMs);
  const span = { from: isoOf(from), to: window.to };
  const stepMs = Math.max(1_000, Math.ceil((to - from) / 240 / 1_000) * 1_000);
  const read = async (expression: string): Promise<Series | undefined> => {
    const found = await source.expression!(expression, span, stepMs, signal);
    return found.status === 'ok' ? closest(found.items, alert.labels) : undefined;
  };
  for (const evidence of rule.evidence) {
    try {
      const series = await read(evidence.series);
      const line = evidence.thresholdSeries === undefined ? undefined : await read(evidence.thresholdSeries);
      const threshold = evidence.threshold ?? line?.samples.at(-1)?.[1];
      if (series === undefined || threshold === undefined) continue;
      const found = judgeAlert({
        name: alert.name,
        entity: entityFor(alert, series, rule),
        line: rule.line,
        evidence,
        labels: alert.labels,
        activeAt: alert.activeAt,
        samples: line === undefined ? series.samples : against(series.samples, line.samples, threshold),
        threshold,
        nowMs: to,
      });
      if (found !== undefined) return { findings: [found], series: [series, ...(line === undefined ? [] : [line])] };
    } catch (thrown) {
      if (signal.aborted) throw thrown;
    }
  }
  return { findings: [], series: [] };
}

/** The series whose labels agree most with the alert's; none that contradicts one. */
function closest(found: readonly Series[], labels: Readonly<Record<string, string>>): Series | undefined {
  const agreement = (one: Series): number => {
    let agreed = 0;
    for (const [label, value] of Object.entries(one.labels)) {
      if (labels[label] !== undefined && labels[label] !== value) return -1;
      if (labels[label] === value) agreed += 1;
    }
    return agreed;
  };
  return found.filter((one) => agreement(one) >= 0).toSorted((left, right) => agreement(right) - agreement(left))[0];
}

/** Samples moved so that a line that moves stands still at its newest value. */
function against(samples: readonly Sample[], line: readonly Sample[], threshold: number): Sample[] {
  let index = 0;
  return samples.map(([at, value]): Sample => {
    while (index + 1 < line.length && line[index + 1]![0] <= at) index += 1;
    return [at, value - (line[index]?.[1] ?? threshold) + threshold];
  });
}

/** Whom the alert is about: as its labels say, else its series', else whom its selectors name. */
function entityFor({ entity, labels }: FiringAlert, series: Series, rule: ExplainedRule): string {
  if (entity !== 'other:unknown') return entity;
  if (series.entity !== 'other:unknown') return series.entity;
  const name = labels['service'] ?? labels['app'] ?? labels['job'] ?? rule.named['service'] ?? rule.named['job'];
  return name === undefined ? entity : `service:${name}`;
}
