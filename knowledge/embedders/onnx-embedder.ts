import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import type * as onnx from 'onnxruntime-node';
import { z } from 'zod';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Embedder } from '../embedder.ts';
import { embedFilled } from './embed-filled.ts';
import { toUnit } from './learned-embedder.ts';

export interface OnnxEmbedderOptions {
  /** Holds `tokenizer.json`, `tokenizer_config.json` and `model.onnx` (or `onnx/model.onnx`), as sentence encoders are published. */
  folder: string;
  /** How token vectors become one: their mean (the default) or the first token's. A model that pools itself is taken as it is. */
  pooling?: 'mean' | 'cls';
  /** Longer texts are cut; default 256. */
  maxTokens?: number;
  /** What some models want before a text, such as `query: ` and `passage: `. */
  prefixes?: { query: string; passage: string };
  /** Processor threads; default 1. */
  threads?: number;
}

const textsAtOnce = 8;
const names = ['input_ids', 'attention_mask', 'token_type_ids'] as const;
const anyObject = z.record(z.string(), z.unknown());

interface Encoder {
  session: onnx.InferenceSession;
  runtime: typeof onnx;
  tokenizer: Tokenizer;
}

/**
 * A sentence encoder from a folder, run by onnxruntime in this process; nothing is downloaded. The version is a hash of the model, tokenizer and
 * options, so that another file is another space. Throws CONFIG_INVALID where the folder does not hold an encoder.
 */
export async function openOnnxEmbedder(options: OnnxEmbedderOptions): Promise<Embedder & { close(): Promise<void> }> {
  const { folder, pooling = 'mean', maxTokens = 256, prefixes = { query: '', passage: '' } } = options;
  const files = filesOf(folder);
  const runtime = await import('onnxruntime-node');
  const model = readFileSync(files.model);
  const [tokenizerText, configText] = [readFileSync(files.tokenizer, 'utf8'), readFileSync(files.config, 'utf8')];
  const tokenizer = new Tokenizer(objectIn(tokenizerText, files.tokenizer), objectIn(configText, files.config));
  const session = await runtime.InferenceSession.create(files.model, {
    intraOpNumThreads: options.threads ?? 1,
    logSeverityLevel: 3,
  }).catch((thrown: unknown) => {
    throw new CerebroError('CONFIG_INVALID', `${files.model} is no ONNX model that runs here: ${String(thrown)}`, {
      cause: thrown,
    });
  });
  const encoder = { session, runtime, tokenizer };
  const run = (texts: readonly string[]): Promise<Float32Array[]> => encode(encoder, texts, { pooling, maxTokens });
  const [probe] = await run(['a']);
  const dimensions = probe?.length ?? 0;
  const version = createHash('sha256')
    .update(model)
    .update(tokenizerText)
    .update(JSON.stringify([pooling, maxTokens, prefixes]))
    .digest('hex')
    .slice(0, 16);
  return {
    name: 'onnx',
    version,
    dimensions,
    embed: (texts, purpose, signal) =>
      embedFilled(texts, dimensions, { atOnce: textsAtOnce, side: 1 }, (some) => {
        signal?.throwIfAborted();
        return run(some.map((text) => `${prefixes[purpose]}${text}`));
      }),
    close: () => session.release(),
  };
}

async function encode(
  { session, runtime, tokenizer }: Encoder,
  texts: readonly string[],
  { pooling, maxTokens }: { pooling: 'mean' | 'cls'; maxTokens: number },
): Promise<Float32Array[]> {
  // Tokenizers slow down with length; no token is longer than this on average.
  const rows = texts.map((text) => cut(tokenizer.encode(text.slice(0, maxTokens * 16)).ids, maxTokens));
  const length = Math.max(1, ...rows.map((ids) => ids.length));
  const shape = [rows.length, length];
  const ids = new BigInt64Array(rows.length * length);
  const mask = new BigInt64Array(rows.length * length);
  for (const [row, tokens] of rows.entries())
    for (const [place, id] of tokens.entries()) {
      ids[row * length + place] = BigInt(id);
      mask[row * length + place] = 1n;
    }
  const data = { input_ids: ids, attention_mask: mask, token_type_ids: new BigInt64Array(ids.length) };
  const wanted = names.filter((name) => session.inputNames.includes(name));
  const feeds = Object.fromEntries(wanted.map((name) => [name, new runtime.Tensor('int64', data[name], shape)]));
  const outputs = await session.run(feeds);
  const pooled = outputs['sentence_embedding'] ?? outputs[session.outputNames[0] ?? ''];
  const values = pooled?.data;
  if (!(values instanceof Float32Array) || pooled === undefined)
    throw new CerebroError('CONFIG_INVALID', 'The ONNX model gives no float32 vectors; it is no sentence encoder.');
  const width = pooled.dims.at(-1) ?? 0;
  return rows.map((tokens, row) => {
    if (pooled.dims.length === 2) return toUnit(values.slice(row * width, (row + 1) * width));
    const counted = pooling === 'cls' ? 1 : tokens.length;
    const vector = new Float32Array(width);
    for (let place = 0; place < counted; place += 1)
      for (let k = 0; k < width; k += 1) vector[k] = vector[k]! + values[(row * length + place) * width + k]!;
    return toUnit(vector);
  });
}

/** The closing token stays. */
function cut(ids: readonly number[], most: number): number[] {
  return ids.length <= most ? [...ids] : [...ids.slice(0, most - 1), ids.at(-1)!];
}

function filesOf(folder: string): { model: string; tokenizer: string; config: string } {
  const model = [join(folder, 'model.onnx'), join(folder, 'onnx', 'model.onnx')].find((path) => existsSync(path));
  const [tokenizer, config] = [join(folder, 'tokenizer.json'), join(folder, 'tokenizer_config.json')];
  const missing = [model ?? 'model.onnx', tokenizer, config].filter((path) => !existsSync(path));
  if (model === undefined || missing.length > 0)
    throw new CerebroError(
      'CONFIG_INVALID',
      `${folder} is no folder of a sentence encoder; it lacks ${missing.join(', ')}.`,
    );
  return { model, tokenizer, config };
}

function objectIn(text: string, path: string): Record<string, unknown> {
  try {
    return anyObject.parse(JSON.parse(text));
  } catch (thrown) {
    throw new CerebroError('CONFIG_INVALID', `${path} is not a JSON object.`, { cause: thrown });
  }
}
