import type * as bedrockSdk from '@aws-sdk/client-bedrock-runtime';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import { type ChatModel, type ChatReply, type ChatRequest, estimateTokens, maxReplyChars } from './chat-model.ts';

export interface BedrockModelOptions {
  region: string;
  /** A model id or the ARN of an inference profile. */
  modelId: string;
  /** Defaults to the region's public endpoint; for VPC endpoints and tests. */
  endpoint?: string;
  /** Defaults to the AWS provider chain (environment, profile, role). */
  credentials?: { accessKeyId: string; secretAccessKey: Secret; sessionToken?: Secret };
  /** ConverseStream (the default) or Converse; some models and proxies know only the latter. */
  stream?: boolean;
}

type Sdk = typeof bedrockSdk;

/**
 * A model of Amazon Bedrock through Converse or ConverseStream. The AWS client is loaded on first use. Asks for the JSON Schema as
 * `outputConfig`; a model that refuses it (ValidationException) is asked plainly from then on. Retries are the caller's, not the SDK's.
 */
export function createBedrockModel(options: BedrockModelOptions): ChatModel {
  let plain = false;
  let loaded: Promise<{ sdk: Sdk; client: bedrockSdk.BedrockRuntimeClient }> | undefined;
  const load = (): Promise<{ sdk: Sdk; client: bedrockSdk.BedrockRuntimeClient }> => {
    loaded ??= import('@aws-sdk/client-bedrock-runtime').then((sdk) => ({ sdk, client: openClient(sdk, options) }));
    return loaded;
  };
  const inputOf = (request: ChatRequest): bedrockSdk.ConverseCommandInput => ({
    modelId: options.modelId,
    system: [{ text: request.system }],
    messages: [{ role: 'user', content: [{ text: request.user }] }],
    inferenceConfig: { maxTokens: request.maxTokens, ...(plain ? {} : { temperature: 0 }) },
    ...(plain
      ? {}
      : {
          outputConfig: {
            textFormat: {
              type: 'json_schema',
              structure: { jsonSchema: { name: request.schemaName, schema: JSON.stringify(request.schema) } },
            },
          },
        }),
  });
  const send = async (request: ChatRequest, signal: AbortSignal): Promise<ChatReply> => {
    const { sdk, client } = await load();
    if (options.stream === false) {
      const reply = await client.send(new sdk.ConverseCommand(inputOf(request)), { abortSignal: signal });
      const text = (reply.output?.message?.content ?? []).map((block) => block.text ?? '').join('');
      return replyOf(text, reply.usage, request);
    }
    const { stream } = await client.send(new sdk.ConverseStreamCommand(inputOf(request)), { abortSignal: signal });
    let text = '';
    let finished = false;
    let usage: Usage | undefined;
    for await (const event of stream ?? []) {
      text += event.contentBlockDelta?.delta?.text ?? '';
      if (text.length > maxReplyChars) throw new CerebroError('BACKEND_REJECTED', 'The model does not stop talking.');
      if (event.messageStop !== undefined) finished = true;
      usage = event.metadata?.usage ?? usage;
    }
    if (!finished) throw new CerebroError('MODEL_UNAVAILABLE', 'Bedrock broke off in the middle of its reply.');
    return replyOf(text, usage, request);
  };
  return {
    name: `bedrock:${options.modelId}`,
    complete: async (request, signal) => {
      try {
        return await send(request, signal);
      } catch (thrown) {
        if (plain || nameOf(thrown) !== 'ValidationException') throw translate(thrown, signal);
      }
      plain = true;
      try {
        return await send(request, signal);
      } catch (thrown) {
        // Refused plainly too: the format was not the fault, so the next request tries it again.
        if (nameOf(thrown) === 'ValidationException') plain = false;
        throw translate(thrown, signal);
      }
    },
    close: () => {
      void loaded?.then(({ client }) => client.destroy()).catch(() => undefined);
    },
  };
}

interface Usage {
  inputTokens: number | undefined;
  outputTokens: number | undefined;
}

function openClient(sdk: Sdk, options: BedrockModelOptions): bedrockSdk.BedrockRuntimeClient {
  const { credentials } = options;
  return new sdk.BedrockRuntimeClient({
    region: options.region,
    maxAttempts: 1,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(credentials === undefined
      ? {}
      : {
          credentials: {
            accessKeyId: credentials.accessKeyId,
            secretAccessKey: credentials.secretAccessKey.reveal(),
            ...(credentials.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken.reveal() }),
          },
        }),
  });
}

function replyOf(text: string, usage: Usage | undefined, request: ChatRequest): ChatReply {
  return {
    text,
    inputTokens: usage?.inputTokens ?? estimateTokens(request.system + request.user),
    outputTokens: usage?.outputTokens ?? estimateTokens(text),
  };
}

/** Refusals that no second attempt mends. */
const rejections = new Set([
  'ValidationException',
  'AccessDeniedException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'ExpiredTokenException',
  'CredentialsProviderError',
]);

function translate(thrown: unknown, signal: AbortSignal): CerebroError {
  if (thrown instanceof CerebroError) return thrown;
  if (signal.aborted) return new CerebroError('CANCELLED', 'The request to Bedrock was withdrawn.', { cause: thrown });
  const name = nameOf(thrown);
  const message = `Bedrock: ${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`.slice(0, 300);
  if (name === 'ThrottlingException' || name === 'ServiceQuotaExceededException')
    return new CerebroError('RATE_LIMITED', message, { cause: thrown });
  return new CerebroError(rejections.has(name) ? 'BACKEND_REJECTED' : 'MODEL_UNAVAILABLE', message, { cause: thrown });
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : 'unknown';
}
