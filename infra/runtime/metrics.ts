import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

/** Every metric of the product, declared once. Labels come from closed sets only. */
export const metricTable = {
  cerebro_tool_calls_total: { type: 'counter', help: 'Tool calls by outcome.', labels: ['tool', 'status'] },
  cerebro_tool_call_duration_seconds: {
    type: 'histogram',
    help: 'Time of a tool call, guards included.',
    labels: ['tool'],
  },
  cerebro_agent_runs_total: { type: 'counter', help: 'Agent runs by outcome.', labels: ['agent', 'status'] },
  cerebro_decisions_total: {
    type: 'counter',
    help: 'Queries answered, by whom (model or rule).',
    labels: ['query', 'by'],
  },
  cerebro_model_tokens_total: {
    type: 'counter',
    help: 'Tokens sent to and received from models.',
    labels: ['direction'],
  },
  cerebro_runs_total: { type: 'counter', help: 'Runs of the graph by status.', labels: ['status'] },
  cerebro_run_duration_seconds: { type: 'histogram', help: 'Question to answer.', labels: [] },
  cerebro_alerts_received_total: {
    type: 'counter',
    help: 'Alerts taken in, by what became of them.',
    labels: ['result'],
  },
  cerebro_source_requests_total: {
    type: 'counter',
    help: 'Requests to back ends by outcome.',
    labels: ['source', 'status'],
  },
  cerebro_collector_samples_total: {
    type: 'counter',
    help: 'Samples, log records and spans taken in by the collector.',
    labels: ['signal'],
  },
  cerebro_collector_dropped_total: {
    type: 'counter',
    help: 'Malformed or overflowing input that the collector set aside.',
    labels: ['signal', 'reason'],
  },
  cerebro_detector_score_duration_seconds: {
    type: 'histogram',
    help: 'Time to score one call of a detector.',
    labels: ['detector'],
  },
  cerebro_watch_openings_total: {
    type: 'counter',
    help: 'Investigations that the watch opened by itself, by what made it; withheld: budget or cool-down.',
    labels: ['trigger'],
  },
  cerebro_watch_series: {
    type: 'gauge',
    help: 'Series whose streams are watched, and those with history enough to be judged.',
    labels: ['state'],
  },
  cerebro_audit_failures_total: { type: 'counter', help: 'Audit records that could not be written.', labels: [] },
  cerebro_approvals_pending: { type: 'gauge', help: 'Actions that wait for a person.', labels: [] },
  cerebro_build_info: { type: 'gauge', help: 'Always 1; the version is a label.', labels: ['version'] },
} as const satisfies Record<
  string,
  { type: 'counter' | 'gauge' | 'histogram'; help: string; labels: readonly string[] }
>;

export type MetricName = keyof typeof metricTable;

/** Records measurements of the product itself. Unknown label names are a type error at the table, unknown metrics at the call. */
export interface Metrics {
  count(name: MetricName, labels?: Record<string, string>, by?: number): void;
  set(name: MetricName, value: number, labels?: Record<string, string>): void;
  observe(name: MetricName, value: number, labels?: Record<string, string>): void;
  /** The Prometheus text exposition of all metrics. */
  text(): Promise<string>;
  contentType: string;
}

/** Metrics on a registry of their own, so that two apps in one process do not collide. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, row] of Object.entries(metricTable)) {
    const options = { name, help: row.help, labelNames: [...row.labels], registers: [registry] };
    if (row.type === 'counter') counters.set(name, new Counter(options));
    else if (row.type === 'gauge') gauges.set(name, new Gauge(options));
    else histograms.set(name, new Histogram({ ...options, buckets: seconds }));
  }
  return {
    count: (name, labels = {}, by = 1) => counters.get(name)?.inc(labels, by),
    set: (name, value, labels = {}) => gauges.get(name)?.set(labels, value),
    observe: (name, value, labels = {}) => histograms.get(name)?.observe(labels, value),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
