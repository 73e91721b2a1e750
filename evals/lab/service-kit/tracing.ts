import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Random } from '../random.ts';

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';
type Attributes = Record<string, string | number | boolean>;

/** A span in progress; an unsampled span costs nothing but its ids. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
  readonly traceparent: string;
  child(kind: SpanKind, name: string, attributes?: Attributes): Span;
  set(attributes: Attributes): void;
  end(error?: string): void;
}

export interface Tracer {
  /** Continues the caller's trace, or starts one and decides whether it is sampled. */
  start(options: { kind: SpanKind; name: string; traceparent?: string | undefined }): Span;
  flush(): void;
}

const kinds: Readonly<Record<SpanKind, number>> = { server: 2, client: 3, producer: 4, consumer: 5 };

export interface TracerOptions {
  readonly service: string;
  readonly version: () => string;
  readonly otlp: string | undefined;
  readonly sampleRatio: number;
  readonly random: Random;
}

/** Spans go out once a second as OTLP/HTTP JSON; they are dropped when nobody answers. */
export function createTracer(options: TracerOptions): Tracer {
  let finished: object[] = [];
  const flush = (): void => {
    if (finished.length === 0 || options.otlp === undefined) return;
    const spans = finished;
    finished = [];
    send(options.otlp, exportRequest(options, spans));
  };
  setInterval(flush, 1000).unref();

  const open = (
    parent: { traceId: string; parentId: string; sampled: boolean },
    kind: SpanKind,
    label: { name: string; attributes?: Attributes | undefined },
  ): Span => {
    const spanId = randomBytes(8).toString('hex');
    const { traceId, sampled } = parent;
    const started = sampled ? nanoseconds() : 0n;
    const attributes: Attributes = { ...label.attributes };
    return {
      traceId,
      spanId,
      sampled,
      traceparent: `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`,
      child: (childKind, name, childAttributes) =>
        open({ traceId, parentId: spanId, sampled }, childKind, { name, attributes: childAttributes }),
      set: (added) => {
        Object.assign(attributes, added);
      },
      end: (error) => {
        if (!sampled || finished.length >= 2000) return;
        finished.push({
          traceId,
          spanId,
          ...(parent.parentId === '' ? {} : { parentSpanId: parent.parentId }),
          name: label.name,
          kind: kinds[kind],
          startTimeUnixNano: String(started),
          endTimeUnixNano: String(nanoseconds()),
          attributes: attributeList(attributes),
          status: error === undefined ? {} : { code: 2, message: error },
        });
      },
    };
  };

  return {
    start: ({ kind, name, traceparent }) => {
      const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '');
      const parent =
        match === null
          ? {
              traceId: randomBytes(16).toString('hex'),
              parentId: '',
              sampled: options.otlp !== undefined && options.random.chance(options.sampleRatio),
            }
          : { traceId: match[1] ?? '', parentId: match[2] ?? '', sampled: match[3] === '01' };
      return open(parent, kind, { name });
    },
    flush,
  };
}

function nanoseconds(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}

function attributeList(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => {
    if (typeof value === 'string') return { key, value: { stringValue: value } };
    if (typeof value === 'boolean') return { key, value: { boolValue: value } };
    return { key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } };
  });
}

function exportRequest(options: TracerOptions, spans: object[]): object {
  const resource = { 'service.name': options.service, 'service.version': options.version() };
  return {
    resourceSpans: [
      { resource: { attributes: attributeList(resource) }, scopeSpans: [{ scope: { name: 'http' }, spans }] },
    ],
  };
}

function send(url: string, body: object): void {
  const text = Buffer.from(JSON.stringify(body));
  const headers = { 'content-type': 'application/json', 'content-length': text.length };
  const outgoing = request(url, { method: 'POST', headers, timeout: 2000 }, (response) => response.resume());
  outgoing.on('timeout', () => outgoing.destroy());
  outgoing.on('error', () => {
    // Telemetry is best effort.
  });
  outgoing.end(text);
}
