import type { LogRecord, Series, Span } from '../../domain/signal.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import type { SourceData } from './data-sources.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');

/** A minute in which the example shop's checkout fails; for tests of sources and of what reads them. */
export const exampleWindow = { from: isoOf(start), to: isoOf(start + 60_000) };

/** Two services and a database with metrics, logs, spans, changes, pods and topology within `exampleWindow`. */
export function createExampleData(): SourceData {
  const times = Array.from({ length: 10 }, (_unused, index) => start + index * 5_000);
  const series = (
    entity: string,
    metric: string,
    labels: Record<string, string>,
    valueAt: (index: number) => number,
  ): Series => ({
    metric,
    type: metric.endsWith('_total') ? 'counter' : 'gauge',
    entity,
    labels,
    samples: times.map((time, index) => [time, valueAt(index)]),
  });
  const log = (second: number, entity: string, level: LogRecord['level'], message: string): LogRecord => ({
    at: isoOf(start + second * 1_000),
    entity,
    level,
    message,
  });
  const span = (trace: number, id: number, parent: number, rest: Pick<Span, 'entity' | 'kind' | 'status'>): Span => ({
    traceId: `${trace}`.repeat(32),
    spanId: `${id}`.repeat(16),
    ...(parent === 0 ? {} : { parentId: `${parent}`.repeat(16) }),
    name: 'POST /orders',
    startMs: start + trace * 1_000 + id,
    durationMs: 20 - id,
    attributes: rest.kind === 'client' ? { 'peer.service': 'checkout' } : {},
    ...rest,
  });
  const [gateway, checkout] = ['service:gateway', 'service:checkout'];
  return {
    metrics: [
      series(gateway, 'http_requests_total', { status: '200' }, (index) => index * 50),
      series(checkout, 'http_requests_total', { status: '500' }, (index) => index * 5),
      series(checkout, 'process_resident_memory_bytes', {}, (index) => 1e8 + index),
    ],
    logs: [
      log(1, gateway, 'info', 'request served'),
      log(2, checkout, 'error', 'request failed: database is locked'),
      log(3, checkout, 'warn', 'slow request'),
    ],
    spans: [1, 2].flatMap((trace) => [
      span(trace, 1, 0, { entity: gateway, kind: 'server', status: 'unset' }),
      span(trace, 2, 1, { entity: gateway, kind: 'client', status: 'unset' }),
      span(trace, 3, 2, { entity: checkout, kind: 'server', status: trace === 2 ? 'error' : 'unset' }),
    ]),
    changes: [
      {
        id: 'change-1',
        at: isoOf(start + 500),
        kind: 'deploy',
        entity: checkout,
        title: 'deploy 1.4.2',
        author: 'kim',
        diff: '-a\n+b',
      },
      { id: 'change-2', at: isoOf(start + 9_000), kind: 'flag', title: 'enable banner' },
    ],
    resources: [
      { kind: 'Pod', name: 'checkout-1', namespace: 'shop', object: { status: { phase: 'Running' } } },
      { kind: 'Pod', name: 'gateway-1', namespace: 'shop', object: { status: { phase: 'Pending' } } },
      { kind: 'Event', name: 'gateway-1.1', namespace: 'shop', object: { reason: 'FailedScheduling' } },
    ],
    topology: {
      entities: [
        { id: checkout, kind: 'service', name: 'checkout' },
        { id: gateway, kind: 'service', name: 'gateway' },
      ],
      edges: [{ from: gateway, to: checkout, kind: 'calls', source: 'spans', confidence: 1 }],
    },
    advisories: [],
  };
}
