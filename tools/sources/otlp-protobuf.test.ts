import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { decodeOtlpTraces, encodeOtlpReply } from './otlp-protobuf.ts';
import { readOtlpSpans } from './otlp-spans.ts';

describe('OTLP in protobuf', () => {
  it('reads what the OpenTelemetry SDK sends', () => {
    const exporter = new InMemorySpanExporter();
    const tracer = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'checkout', 'service.version': '1.2.3' }),
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    }).getTracer('test');
    const span = tracer.startSpan('POST /orders', {
      kind: SpanKind.CLIENT,
      startTime: 1_700_000_000_000,
      attributes: { 'http.response.status_code': 503, 'peer.service': 'payment', ratio: 0.5, retried: true },
    });
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'refused' });
    span.end(1_700_000_000_250);
    const bytes = ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans());
    const { spans, dropped } = readOtlpSpans(decodeOtlpTraces(bytes ?? new Uint8Array()));
    expect(dropped).toBe(0);
    expect(spans).toMatchObject([
      {
        service: 'checkout',
        span: {
          traceId: span.spanContext().traceId,
          spanId: span.spanContext().spanId,
          name: 'POST /orders',
          kind: 'client',
          startMs: 1_700_000_000_000,
          durationMs: 250,
          status: 'error',
          attributes: {
            'http.response.status_code': 503,
            'peer.service': 'payment',
            ratio: 0.5,
            retried: true,
            'service.version': '1.2.3',
            'otel.status_description': 'refused',
          },
        },
      },
    ]);
  });

  it('answers as the SDK reads it', () => {
    const body = { partialSuccess: { rejectedSpans: '2', errorMessage: 'no ids' } };
    expect(ProtobufTraceSerializer.deserializeResponse(encodeOtlpReply(body))).toMatchObject({
      partialSuccess: { errorMessage: 'no ids' },
    });
    expect(encodeOtlpReply({})).toHaveLength(0);
  });

  it('reads any bytes or says that they are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          readOtlpSpans(decodeOtlpTraces(bytes));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(CerebroError);
        }
      }),
    );
  });
});
