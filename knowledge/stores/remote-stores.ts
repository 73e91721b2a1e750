import type { Secret } from '../../infra/runtime/secret.ts';
import type { GraphStore } from '../graph-store.ts';
import type { KeywordIndex } from '../keyword-index.ts';
import type { OpenSpace } from '../vector-spaces.ts';

interface Login {
  url: string;
  username?: string | undefined;
  password?: Secret | undefined;
}

/** Which searches have a server of their own; the others stay in the knowledge file. */
export interface StoreSettings {
  keywords?: (Login & { kind: 'opensearch'; index: string }) | undefined;
  vectors?: { kind: 'qdrant'; url: string; apiKey?: Secret | undefined } | (Login & { kind: 'neo4j' }) | undefined;
  graph?: (Login & { kind: 'neo4j' }) | undefined;
}

/** The scaled-out stores. Nothing is asked of a server before it is used. */
export interface RemoteStores {
  keywords?: KeywordIndex;
  openSpace?: OpenSpace;
  graph?: GraphStore;
  /** Where each index lies, without secrets: what was moved there is searched there. */
  home: Home;
}

export type Home = Record<'keywords' | 'vectors' | 'graph', string>;

/** The home of indexes that all lie in the knowledge file. */
export const embeddedHome: Home = homeOf({});

/** Opens the stores that the settings name; client libraries are loaded for those only. */
export async function openRemoteStores(settings: StoreSettings): Promise<RemoteStores> {
  const { keywords, vectors, graph } = settings;
  const stores: RemoteStores = { home: homeOf(settings) };
  if (keywords !== undefined) {
    const { openOpenSearchKeywordIndex } = await import('./opensearch-keyword-index.ts');
    stores.keywords = openOpenSearchKeywordIndex({ ...loginOf(keywords), index: keywords.index });
  }
  if (vectors?.kind === 'qdrant') {
    const { openQdrantVectorStore } = await import('./qdrant-vector-store.ts');
    const { url, apiKey } = vectors;
    const login = { url, ...(apiKey === undefined ? {} : { apiKey: apiKey.reveal() }) };
    stores.openSpace = (space, dimensions) => openQdrantVectorStore({ ...login, space, dimensions });
  } else if (vectors?.kind === 'neo4j') {
    const { openNeo4jVectorStore } = await import('./neo4j-vector-store.ts');
    const login = loginOf(vectors);
    stores.openSpace = (space, dimensions) => openNeo4jVectorStore({ ...login, space, dimensions });
  }
  if (graph !== undefined) {
    const { openNeo4jGraphStore } = await import('./neo4j-graph-store.ts');
    stores.graph = openNeo4jGraphStore(loginOf(graph));
  }
  return stores;
}

function loginOf({ url, username, password }: Login): { url: string; username?: string; password?: string } {
  return {
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: password.reveal() }),
  };
}

function homeOf({ keywords, vectors, graph }: StoreSettings): Home {
  return {
    keywords: keywords === undefined ? 'file' : `${keywords.kind} ${keywords.url} ${keywords.index}`,
    vectors: vectors === undefined ? 'file' : `${vectors.kind} ${vectors.url}`,
    graph: graph === undefined ? 'file' : `${graph.kind} ${graph.url}`,
  };
}

/** A home in words. */
export function describeHome({ keywords, vectors, graph }: Home): string {
  return `keywords: ${keywords}; vectors: ${vectors}; graph: ${graph}`;
}
