import type * as bedrockSdk from '@aws-sdk/client-bedrock-runtime';
import { z } from 'zod';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import type { Embedder } from '../embedder.ts';
import { embedFilled } from './embed-filled.ts';
import { toUnit } from './learned-embedder.ts';

export interface BedrockEmbedderOptions {
  region: string;
  /** Titan text embeddings v2 or a model of the same shape; default `amazon.titan-embed-text-v2:0`. */
  modelId?: string;
  /** 256, 512 or 1024 (the default). */
  dimensions?: number;
  /** Defaults to the region's public endpoint; for VPC endpoints and tests. */
  endpoint?: string;
  /** Defaults to the AWS provider chain (environment, profile, role). */
  credentials?: { accessKeyId: string; secretAccessKey: Secret; sessionToken?: Secret };
  timeoutMs?: number;
}

/** Titan takes one text a call. */
const callsAtOnce = 8;
/** Titan v2 reads 8,192 tokens or 50,000 characters, whichever comes first. */
const mostCharacters = 24_000;
const reply = z.object({ embedding: z.array(z.number()) });

/**
 * Titan text embeddings of Amazon Bedrock (InvokeModel, normalised), eight calls side by side. The AWS client is loaded on first use and retries
 * busy answers itself. Long texts are cut at 24,000 characters. Throws RATE_LIMITED, BACKEND_REJECTED, BACKEND_MALFORMED, BACKEND_UNAVAILABLE, CANCELLED.
 */
export function createBedrockEmbedder(options: BedrockEmbedderOptions): Embedder & { close(): void } {
  const { modelId = 'amazon.titan-embed-text-v2:0', dimensions = 1024, timeoutMs = 20_000 } = options;
  let loaded: Promise<{ sdk: typeof bedrockSdk; client: bedrockSdk.BedrockRuntimeClient }> | undefined;
  const load = () => {
    loaded ??= import('@aws-sdk/client-bedrock-runtime').then((sdk) => ({ sdk, client: openClient(sdk, options) }));
    return loaded;
  };
  const one = async (inputText: string, signal: AbortSignal | undefined): Promise<Float32Array> => {
    const { sdk, client } = await load();
    const timeout = AbortSignal.timeout(timeoutMs);
    const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const command = new sdk.InvokeModelCommand({
      modelId,
      contentType: 'application/json',
      accept: 'application/json',
      body: JSON.stringify({ inputText, dimensions, normalize: true }),
    });
    const { body } = await client.send(command, { abortSignal: both }).catch((thrown: unknown) => {
      throw translate(thrown, signal);
    });
    const parsed = reply.safeParse(jsonIn(new TextDecoder().decode(body)));
    if (parsed.data?.embedding.length !== dimensions)
      throw new CerebroError(
        'BACKEND_MALFORMED',
        `${modelId} gave ${parsed.data?.embedding.length ?? 'no'} numbers where ${dimensions} were wanted; set the dimensions that it has.`,
      );
    return toUnit(Float32Array.from(parsed.data.embedding));
  };
  return {
    name: 'bedrock',
    version: `${modelId}-${dimensions}`,
    dimensions,
    embed: (texts, _purpose, signal) =>
      embedFilled(texts, dimensions, { atOnce: 1, side: callsAtOnce }, async ([text = '']) => [
        await one(text.slice(0, mostCharacters), signal),
      ]),
    close: () => {
      void loaded?.then(({ client }) => client.destroy()).catch(() => undefined);
    },
  };
}

function openClient(sdk: typeof bedrockSdk, options: BedrockEmbedderOptions): bedrockSdk.BedrockRuntimeClient {
  const { region, endpoint, credentials } = options;
  const keys =
    credentials === undefined
      ? undefined
      : {
          accessKeyId: credentials.accessKeyId,
          secretAccessKey: credentials.secretAccessKey.reveal(),
          ...(credentials.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken.reveal() }),
        };
  return new sdk.BedrockRuntimeClient({
    region,
    maxAttempts: 3,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(keys === undefined ? {} : { credentials: keys }),
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Refusals that no second attempt mends. */
const rejections = new Set([
  'ValidationException',
  'AccessDeniedException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'CredentialsProviderError',
]);

function translate(thrown: unknown, signal: AbortSignal | undefined): CerebroError {
  if (signal?.aborted === true)
    return new CerebroError('CANCELLED', 'The request to Bedrock was withdrawn.', { cause: thrown });
  const name = thrown instanceof Error ? thrown.name : 'unknown';
  const message = `Bedrock: ${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`.slice(0, 300);
  if (name === 'ThrottlingException') return new CerebroError('RATE_LIMITED', message, { cause: thrown });
  return new CerebroError(rejections.has(name) ? 'BACKEND_REJECTED' : 'BACKEND_UNAVAILABLE', message, {
    cause: thrown,
  });
}
