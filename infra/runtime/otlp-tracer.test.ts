import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { CerebroError } from './errors.ts';
import { createOtlpTracer } from './otlp-tracer.ts';

describe('otlp tracer', () => {
  it('nests spans along the call chain and marks a failed one with its code', async () => {
    const exporter = new InMemorySpanExporter();
    const tracer = createOtlpTracer({ url: 'http://127.0.0.1:9/v1/traces', version: '0.0.0', exporter });
    const failing = tracer.span('run', { run: 'r1' }, () =>
      tracer.span('tool', {}, () => Promise.reject(new CerebroError('TIMEOUT', 'late'))),
    );
    await expect(failing).rejects.toThrow('late');
    // Shutting down flushes, but the in-memory exporter forgets on shutdown; so read before it.
    const spans = await new Promise<ReturnType<InMemorySpanExporter['getFinishedSpans']>>((resolve) => {
      const shutdown = exporter.shutdown.bind(exporter);
      exporter.shutdown = () => {
        resolve([...exporter.getFinishedSpans()]);
        return shutdown();
      };
      void tracer.close();
    });
    const [tool, run] = spans;
    expect(spans.map((span) => span.name)).toEqual(['tool', 'run']);
    expect(tool?.parentSpanContext?.spanId).toBe(run?.spanContext().spanId);
    expect(tool?.status.message).toBe('TIMEOUT');
  });
});
