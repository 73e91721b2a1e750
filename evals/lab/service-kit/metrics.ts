import { getHeapStatistics } from 'node:v8';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The metrics of one process, each declared once. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Makes the registry of one process, with the default process metrics. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const heapLimit = new Gauge({ name: 'nodejs_heap_size_limit_bytes', help: 'Heap size limit of V8.', registers });
  heapLimit.set(getHeapStatistics().heap_size_limit);
  const counter = <T extends string>(name: string, help: string, labelNames: T[]): Counter<T> =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: T[]): Gauge<T> =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = <T extends string>(name: string, help: string, labelNames: T[]): Histogram<T> =>
    new Histogram({ name, help, labelNames, buckets, registers });
  return {
    registry,
    buildInfo: gauge('build_info', 'Version that is running.', ['version']),
    requests: counter('http_requests_total', 'Requests served.', ['method', 'route', 'status']),
    duration: histogram('http_request_duration_seconds', 'Time to serve a request.', ['method', 'route']),
    inFlight: gauge('http_requests_in_flight', 'Requests being served.', []),
    clientRequests: counter('http_client_requests_total', 'Attempts sent to a peer.', ['peer', 'route', 'status']),
    clientDuration: histogram('http_client_request_duration_seconds', 'Time of one attempt.', ['peer']),
    clientRetries: counter('http_client_retries_total', 'Attempts beyond the first.', ['peer']),
    lazily: { counter, gauge, histogram },
  };
}
