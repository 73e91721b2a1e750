import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../infra/runtime/clock.ts';
import { createSecret } from '../../infra/runtime/secret.ts';
import { createBedrockEmbedder } from './bedrock-embedder.ts';
import { describeEmbedder } from './embedder.conformance.ts';
import { type FakeEmbeddingServer, openFakeEmbeddingServer } from './fake-embedding-server.ts';
import { tableOf, writeEncoder } from './fixtures-encoder.ts';
import { createLearnedEmbedder, learnEmbedding } from './learned-embedder.ts';
import { openOnnxEmbedder } from './onnx-embedder.ts';
import { createOpenAiEmbedder } from './openai-embedder.ts';

const deps = { clock: systemClock };
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: createSecret('the-secret-key') };
const openAi = (server: FakeEmbeddingServer) =>
  createOpenAiEmbedder(deps, {
    baseUrl: `${server.url}/v1`,
    model: 'some-model',
    dimensions: 8,
    apiKey: createSecret('the-key'),
    prefixes: { query: 'query: ', passage: 'passage: ' },
  });
const bedrock = (server: FakeEmbeddingServer) =>
  createBedrockEmbedder({ region: 'eu-central-1', endpoint: server.url, credentials: keys, dimensions: 256 });

describe('learned embedder', () => {
  describeEmbedder(async () => {
    const topics = ['the queue is full of größe 鍵', 'disk of the database', 'connection refused by the database'];
    const passages = Array.from({ length: 60 }, (_, index) => `${topics[index % 3]} ${index % 7} pods`);
    const embedder = createLearnedEmbedder(await learnEmbedding(passages, { version: '1' }));
    return { embedder, close: () => Promise.resolve() };
  });
});

describe('openai embedder', () => {
  describeEmbedder(async () => {
    const server = await openFakeEmbeddingServer('openai', 8);
    return { embedder: openAi(server), close: () => server.close() };
  });
});

describe('bedrock embedder', () => {
  describeEmbedder(async () => {
    const server = await openFakeEmbeddingServer('bedrock', 256);
    const embedder = bedrock(server);
    const close = (): Promise<void> => {
      embedder.close();
      return server.close();
    };
    return { embedder, close };
  });
});

describe('onnx embedder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'encoder-'));
  writeEncoder(folder);
  describeEmbedder(async () => {
    const embedder = await openOnnxEmbedder({ folder });
    const close = async (): Promise<void> => {
      await embedder.close();
      rmSync(folder, { recursive: true });
    };
    return { embedder, close };
  });
});

describe('on the wire', () => {
  let server: FakeEmbeddingServer;
  afterEach(() => server.close());

  it('asks an OpenAI-compatible server for base64, with the key and the prefix, and asks a busy one again', async () => {
    server = await openFakeEmbeddingServer('openai', 8);
    server.script({ status: 429 }, { status: 503 });
    const [vector] = await openAi(server).embed(['the queue is full'], 'query');
    expect(vector).toHaveLength(8);
    expect(server.requests).toHaveLength(3);
    const { path, headers, body } = server.requests[2]!;
    expect(path).toBe('/v1/embeddings');
    expect(headers['authorization']).toBe('Bearer the-key');
    expect(JSON.parse(body)).toEqual({
      model: 'some-model',
      input: ['query: the queue is full'],
      encoding_format: 'base64',
    });
  });

  it('takes plain numbers too and refuses what does not fit', async () => {
    server = await openFakeEmbeddingServer('openai', 8);
    const embedder = openAi(server);
    const plain = { data: [{ index: 0, embedding: [3, 4, 0, 0, 0, 0, 0, 0] }] };
    server.script({ status: 200, body: JSON.stringify(plain) });
    expect((await embedder.embed(['a'], 'query'))[0]?.slice(0, 2)).toEqual(Float32Array.of(0.6, 0.8));
    for (const body of [
      '{"data":[]}',
      '{"data":[{"index":0,"embedding":[1,2]}]}',
      '{"data":[{"index":5,"embedding":[1]}]}',
      '{}',
    ]) {
      server.script({ status: 200, body });
      await expect(embedder.embed(['a'], 'query')).rejects.toMatchObject({ code: 'BACKEND_MALFORMED' });
    }
    server.script({ status: 401 });
    await expect(embedder.embed(['a'], 'query')).rejects.toMatchObject({ code: 'BACKEND_REJECTED' });
  });

  it('asks Titan for normalised vectors, signed, and says what Bedrock refused', async () => {
    server = await openFakeEmbeddingServer('bedrock', 256);
    const embedder = bedrock(server);
    server.script({ status: 429 });
    await embedder.embed(['the queue is full'], 'passage');
    const { path, headers, body } = server.requests.at(-1)!;
    expect(path).toBe('/model/amazon.titan-embed-text-v2:0/invoke');
    expect(headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/);
    expect(JSON.stringify(server.requests)).not.toContain('the-secret-key');
    expect(JSON.parse(body)).toEqual({ inputText: 'the queue is full', dimensions: 256, normalize: true });
    server.script({ status: 403 });
    await expect(embedder.embed(['a'], 'query')).rejects.toMatchObject({ code: 'BACKEND_REJECTED' });
    server.script({ status: 200, body: '{"embedding":[1]}' });
    await expect(embedder.embed(['a'], 'query')).rejects.toMatchObject({ code: 'BACKEND_MALFORMED' });
    const stopped = AbortSignal.abort();
    await expect(embedder.embed(['a'], 'query', stopped)).rejects.toMatchObject({ code: 'CANCELLED' });
    embedder.close();
  });
});

describe('onnx encoder in a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'encoder-'));
    writeEncoder(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const unit = (values: number[]): number[] => values.map((value) => value / Math.hypot(...values));

  it('pools the token vectors by their mean, or takes the first', async () => {
    // [CLS] the data ##base [SEP]
    const tokens = [2, 4, 10, 11, 3].map(tableOf);
    const mean = tokens[0]!.map((_, k) => tokens.reduce((sum, row) => sum + row[k]!, 0));
    for (const [pooling, expected] of [
      ['mean', mean],
      ['cls', tokens[0]!],
    ] as const) {
      const embedder = await openOnnxEmbedder({ folder, pooling });
      // The longer text beside it makes padding, which must not count.
      const [vector] = await embedder.embed(['The database', 'the queue is full of data data data'], 'passage');
      for (const [k, value] of unit(expected).entries()) expect(vector![k]).toBeCloseTo(value, 5);
      await embedder.close();
    }
  });

  it('cuts long texts and keeps the closing token', async () => {
    const embedder = await openOnnxEmbedder({ folder, maxTokens: 4 });
    const [long, short] = await embedder.embed(['queue full disk is of', 'queue full'], 'passage');
    expect(long).toEqual(short);
    await embedder.close();
  });

  it('has another version for another model, pooling or prefix', async () => {
    const versions = new Set<string>();
    for (const more of [{}, { pooling: 'cls' as const }, { prefixes: { query: 'q ', passage: 'p ' } }]) {
      const embedder = await openOnnxEmbedder({ folder, ...more });
      versions.add(embedder.version);
      await embedder.close();
    }
    expect(versions.size).toBe(3);
  });

  it('says what a folder lacks', async () => {
    rmSync(join(folder, 'tokenizer.json'));
    await expect(openOnnxEmbedder({ folder })).rejects.toThrow('lacks');
    writeFileSync(join(folder, 'tokenizer.json'), '[]');
    await expect(openOnnxEmbedder({ folder })).rejects.toThrow('JSON object');
    writeEncoder(folder);
    writeFileSync(join(folder, 'model.onnx'), 'no model');
    await expect(openOnnxEmbedder({ folder })).rejects.toThrow('no ONNX model');
  });
});
