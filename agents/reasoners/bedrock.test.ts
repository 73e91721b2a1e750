import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import { createRedactor } from '../../infra/runtime/redact.ts';
import { createSecret } from '../../infra/runtime/secret.ts';
import { noTracer } from '../../infra/runtime/tracing.ts';
import { type BedrockModelOptions, createBedrockModel } from './bedrock.ts';
import type { ChatModel, ChatRequest } from './chat-model.ts';
import { openFakeBedrockServer } from './fake-bedrock-server.ts';
import type { FakeModelServer } from './fake-openai-server.ts';
import { createModelReasoner } from './model.ts';
import { describeReasoner } from './reasoner.conformance.ts';

const optionsOf = (server: FakeModelServer): BedrockModelOptions => ({
  region: 'eu-central-1',
  modelId: 'anthropic.claude-test-v1:0',
  endpoint: server.url,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: createSecret('the-secret-key') },
});

for (const stream of [true, false]) {
  describeReasoner(`bedrock ${stream ? 'ConverseStream' : 'Converse'}`, async () => {
    const server = await openFakeBedrockServer();
    const model = createBedrockModel({ ...optionsOf(server), stream });
    const deps = {
      model,
      metrics: createMetrics(),
      tracer: noTracer,
      redactor: createRedactor('test'),
      logger: silentLogger,
      clock: createFakeClock(0),
    };
    return {
      reasoner: (options) => createModelReasoner(deps, options),
      server,
      close: async () => {
        model.close();
        await server.close();
      },
    };
  });
}

describe('bedrock model', () => {
  let server: FakeModelServer;
  let model: ChatModel;
  afterEach(async () => {
    model.close();
    await server.close();
  });
  const request: ChatRequest = {
    system: 's',
    user: 'u',
    schemaName: 'answer',
    schema: { type: 'object' },
    maxTokens: 50,
  };
  const signal = new AbortController().signal;

  it('asks for the schema, bounds the reply and signs the request', async () => {
    server = await openFakeBedrockServer();
    server.script({ kind: 'answer', text: '{"a":"ü€😀"}' });
    model = createBedrockModel(optionsOf(server));
    expect(await model.complete(request, signal)).toEqual({ text: '{"a":"ü€😀"}', inputTokens: 11, outputTokens: 7 });
    const [sent] = server.requests;
    expect(sent?.headers[':path']).toContain('/converse-stream');
    expect(sent?.headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/);
    expect(JSON.stringify(sent)).not.toContain('the-secret-key');
    expect(JSON.parse(sent!.body)).toMatchObject({
      inferenceConfig: { maxTokens: 50, temperature: 0 },
      outputConfig: { textFormat: { type: 'json_schema' } },
    });
  });

  it('falls back to a plain request where the model refuses the schema, and remembers', async () => {
    server = await openFakeBedrockServer({ refuseSchema: true });
    server.script({ kind: 'answer', text: 'ok' });
    model = createBedrockModel(optionsOf(server));
    await model.complete(request, signal);
    expect((await model.complete(request, signal)).text).toBe('ok');
    expect(server.requests.map(({ body }) => body.includes('outputConfig'))).toEqual([true, false, false]);
  });

  it('tries the schema again when the plain request was refused as well', async () => {
    server = await openFakeBedrockServer();
    model = createBedrockModel(optionsOf(server));
    server.script({ kind: 'status', status: 400 });
    await expect(model.complete(request, signal)).rejects.toMatchObject({ code: 'BACKEND_REJECTED' });
    server.script({ kind: 'answer', text: 'ok' });
    await model.complete(request, signal);
    expect(server.requests.at(-1)?.body).toContain('outputConfig');
  });
});
