import { z } from 'zod';
import type { Clock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createHttpClient } from '../../infra/runtime/http.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import { createSecret, type Secret } from '../../infra/runtime/secret.ts';
import type { Embedder } from '../embedder.ts';
import { toUnit } from './learned-embedder.ts';
import { embedFilled } from './embed-filled.ts';

export interface OpenAiEmbedderOptions {
  /** The root of the API, such as `https://api.openai.com/v1` or `http://127.0.0.1:8000/v1`. */
  baseUrl: string;
  model: string;
  /** What the model gives; a reply of another length is refused. */
  dimensions: number;
  apiKey?: Secret;
  /** Asks the server to shorten its vectors to `dimensions`; only some models can. */
  shorten?: boolean;
  /** What some models want before a text, such as `query: ` and `passage: `. */
  prefixes?: { query: string; passage: string };
  timeoutMs?: number;
}

const textsAtOnce = 64;
/** About 8,000 tokens: what such models read at most. */
const mostCharacters = 24_000;

const reply = z.object({
  data: z.array(z.object({ index: z.number().int(), embedding: z.union([z.string(), z.array(z.number())]) })),
});

/**
 * Embeddings of any server that speaks OpenAI's API. Long texts are cut at 24,000 characters. Busy servers are asked again. Throws
 * BACKEND_UNAVAILABLE, BACKEND_REJECTED, BACKEND_MALFORMED, TIMEOUT, CANCELLED.
 */
export function createOpenAiEmbedder(
  deps: { clock: Clock; metrics?: Metrics },
  options: OpenAiEmbedderOptions,
): Embedder {
  const { model, dimensions, prefixes = { query: '', passage: '' } } = options;
  const client = createHttpClient(deps, {
    name: 'embeddings',
    baseUrl: options.baseUrl,
    timeoutMs: options.timeoutMs ?? 30_000,
    ...(options.apiKey === undefined
      ? {}
      : { headers: { authorization: createSecret(`Bearer ${options.apiKey.reveal()}`) } }),
  });
  const ask = async (texts: readonly string[], signal: AbortSignal | undefined): Promise<Float32Array[]> => {
    const answer = await client.request('/embeddings', {
      method: 'POST',
      idempotent: true,
      body: {
        model,
        input: texts,
        encoding_format: 'base64',
        ...(options.shorten === true ? { dimensions } : {}),
      },
      ...(signal === undefined ? {} : { signal }),
    });
    const parsed = reply.safeParse(answer.json());
    const vectors: (Float32Array | undefined)[] = texts.map(() => undefined);
    for (const { index, embedding } of parsed.data?.data ?? []) vectors[index] = vectorIn(embedding);
    return vectors.slice(0, texts.length).map((vector) => {
      if (vector === undefined || vector.length !== dimensions || !vector.every(Number.isFinite))
        throw new CerebroError(
          'BACKEND_MALFORMED',
          `The embeddings of ${model} do not fit: ${texts.length} vectors of ${dimensions} numbers were wanted, one has ${vector?.length ?? 'none'}.`,
        );
      return toUnit(vector);
    });
  };
  return {
    name: 'openai',
    version: `${model}-${dimensions}`,
    dimensions,
    embed: (texts, purpose, signal) =>
      embedFilled(texts, dimensions, { atOnce: textsAtOnce, side: 1 }, (some) =>
        ask(
          some.map((text) => `${prefixes[purpose]}${text}`.slice(0, mostCharacters)),
          signal,
        ),
      ),
  };
}

/** Servers may answer in base64 (little-endian float32) or in plain numbers. */
function vectorIn(embedding: string | number[]): Float32Array {
  if (typeof embedding !== 'string') return Float32Array.from(embedding);
  const bytes = Uint8Array.from(Buffer.from(embedding, 'base64'));
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}
