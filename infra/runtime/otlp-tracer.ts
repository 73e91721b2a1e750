import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { CerebroError } from './errors.ts';
import type { Secret } from './secret.ts';
import type { Tracer } from './tracing.ts';

/** A tracer that sends spans over OTLP/HTTP to `url` (the full traces endpoint), in batches; parents follow the asynchronous call chain. */
export function createOtlpTracer(options: {
  url: string;
  token?: Secret;
  version: string;
  exporter?: SpanExporter;
}): Tracer {
  const headers = options.token === undefined ? {} : { authorization: `Bearer ${options.token.reveal()}` };
  const exporter = options.exporter ?? new OTLPTraceExporter({ url: options.url, headers });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'cerebro', 'service.version': options.version }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('cerebro', options.version);
  const current = new AsyncLocalStorage<Context>();
  return {
    async span(name, attributes, work) {
      const parent = current.getStore() ?? ROOT_CONTEXT;
      const span = tracer.startSpan(name, { attributes }, parent);
      try {
        return await current.run(trace.setSpan(parent, span), work);
      } catch (thrown) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: CerebroError.from(thrown).code });
        throw thrown;
      } finally {
        span.end();
      }
    },
    close: () => provider.shutdown(),
  };
}
