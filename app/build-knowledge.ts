import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Reasoner } from '../infra/runtime/reasoner.ts';
import type { Embedder } from '../knowledge/embedder.ts';
import { type Knowledge, openKnowledge } from '../knowledge/knowledge.ts';
import { openRemoteStores } from '../knowledge/stores/remote-stores.ts';
import type { AppDeps } from './app-deps.ts';

/** Runbooks of the fault kinds that the engine knows; every installation starts with them. */
const ownRunbooks = join(import.meta.dirname, '..', 'docs', 'runbooks');

type KnowledgeConfig = Config['knowledge'];

/** Opens what the team knows as the config says, our own runbooks besides the configured folders. */
export async function buildKnowledge(
  config: KnowledgeConfig,
  deps: AppDeps,
  { folder, reasoner }: { folder: string; reasoner: Reasoner },
): Promise<Knowledge> {
  const { embedder, formerEmbedder } = config;
  const sources = config.folders.map((one) => {
    if (typeof one === 'string') return one;
    const { path, name, labels, everyMinutes } = one;
    return { folder: path, labels, everyMinutes, ...(name === undefined ? {} : { name }) };
  });
  return openKnowledge(deps, {
    folder,
    sources: [ownRunbooks, ...sources],
    ...(config.rerank ? { reasoner } : {}),
    stores: await openRemoteStores(config.stores),
    ...(embedder === undefined ? {} : { embedder: await buildEmbedder(embedder, deps) }),
    ...(formerEmbedder === undefined ? {} : { formerEmbedders: [await buildEmbedder(formerEmbedder, deps)] }),
  });
}

/** The embedder that the config names; its code is loaded for it only. */
export async function buildEmbedder(
  config: NonNullable<KnowledgeConfig['embedder']>,
  deps: Pick<AppDeps, 'clock' | 'metrics'>,
): Promise<Embedder> {
  if (config.kind === 'onnx') {
    const { openOnnxEmbedder } = await import('../knowledge/embedders/onnx-embedder.ts');
    const { folder, pooling, maxTokens, prefixes } = config;
    return openOnnxEmbedder({ folder, pooling, maxTokens, ...(prefixes === undefined ? {} : { prefixes }) });
  }
  if (config.kind === 'bedrock') {
    const { createBedrockEmbedder } = await import('../knowledge/embedders/bedrock-embedder.ts');
    const { region, dimensions, model, url } = config;
    return createBedrockEmbedder({
      region,
      dimensions,
      ...(model === undefined ? {} : { modelId: model }),
      ...(url === undefined ? {} : { endpoint: url }),
    });
  }
  const { createOpenAiEmbedder } = await import('../knowledge/embedders/openai-embedder.ts');
  const { url, model, dimensions, shorten, apiKey, prefixes } = config;
  return createOpenAiEmbedder(deps, {
    baseUrl: url,
    model,
    dimensions,
    shorten,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(prefixes === undefined ? {} : { prefixes }),
  });
}
