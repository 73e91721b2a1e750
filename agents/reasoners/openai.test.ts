import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import { createRedactor } from '../../infra/runtime/redact.ts';
import { createSecret } from '../../infra/runtime/secret.ts';
import { noTracer } from '../../infra/runtime/tracing.ts';
import type { ChatRequest } from './chat-model.ts';
import { type FakeModelServer, openFakeOpenAiServer } from './fake-openai-server.ts';
import { createModelReasoner } from './model.ts';
import { createOpenAiModel } from './openai.ts';
import { describeReasoner } from './reasoner.conformance.ts';

describeReasoner('openai', async () => {
  const server = await openFakeOpenAiServer();
  const model = createOpenAiModel({ baseUrl: server.url, model: 'qwen', apiKey: createSecret('sk-the-key') });
  const deps = {
    model,
    metrics: createMetrics(),
    tracer: noTracer,
    redactor: createRedactor('test'),
    logger: silentLogger,
    clock: createFakeClock(0),
  };
  return { reasoner: (options) => createModelReasoner(deps, options), server, close: () => server.close() };
});

describe('openai model', () => {
  let server: FakeModelServer;
  afterEach(() => server.close());
  const request: ChatRequest = {
    system: 's',
    user: 'u',
    schemaName: 'answer',
    schema: { type: 'object' },
    maxTokens: 50,
  };
  const signal = new AbortController().signal;

  it('asks for the schema, bounds the reply and authenticates', async () => {
    server = await openFakeOpenAiServer();
    server.script({ kind: 'answer', text: '{"a":"ü€😀"}' });
    const model = createOpenAiModel({ baseUrl: `${server.url}/`, model: 'm', apiKey: createSecret('sk-the-key') });
    expect(await model.complete(request, signal)).toEqual({ text: '{"a":"ü€😀"}', inputTokens: 11, outputTokens: 7 });
    const sent: unknown = JSON.parse(server.requests[0]!.body);
    expect(sent).toMatchObject({
      model: 'm',
      stream: true,
      max_tokens: 50,
      temperature: 0,
      response_format: { type: 'json_schema' },
    });
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer sk-the-key');
  });

  it('falls back to a plain request where the server refuses the schema, and remembers', async () => {
    server = await openFakeOpenAiServer({ refuseSchema: true });
    server.script({ kind: 'answer', text: 'ok' });
    const model = createOpenAiModel({ baseUrl: server.url, model: 'm' });
    expect((await model.complete(request, signal)).text).toBe('ok');
    expect((await model.complete(request, signal)).text).toBe('ok');
    expect(server.requests.map(({ body }) => body.includes('response_format'))).toEqual([true, false, false]);
  });

  it('reads a server that does not stream', async () => {
    server = await openFakeOpenAiServer({ streams: false });
    server.script({ kind: 'answer', text: 'whole' });
    expect(await createOpenAiModel({ baseUrl: server.url, model: 'm' }).complete(request, signal)).toEqual({
      text: 'whole',
      inputTokens: 11,
      outputTokens: 7,
    });
  });

  it('follows no redirect with the key', async () => {
    server = await openFakeOpenAiServer();
    server.script({ kind: 'status', status: 307, headers: { location: `${server.url}/elsewhere` } });
    const model = createOpenAiModel({ baseUrl: server.url, model: 'm', apiKey: createSecret('sk-the-key') });
    await expect(model.complete(request, signal)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(server.requests).toHaveLength(1);
  });

  it('reports a server that is not there', async () => {
    server = await openFakeOpenAiServer();
    await server.close();
    await expect(
      createOpenAiModel({ baseUrl: server.url, model: 'm' }).complete(request, signal),
    ).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
    });
  });

  it('tells how long a throttled caller should wait', async () => {
    server = await openFakeOpenAiServer();
    server.script({ kind: 'status', status: 429, headers: { 'retry-after': '7' } });
    await expect(
      createOpenAiModel({ baseUrl: server.url, model: 'm' }).complete(request, signal),
    ).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterMs: 7_000 },
    });
  });
});
