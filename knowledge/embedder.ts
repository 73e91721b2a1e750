/** Turns texts into unit vectors whose cosine is likeness of meaning. The same text gives the same vector. */
export interface Embedder {
  name: string;
  /** Changes whenever vectors of before and after cannot be compared. */
  version: string;
  dimensions: number;
  /** One vector a text, in order; an empty text, or one without any known word, gives the zero vector. */
  embed(texts: readonly string[], purpose: 'query' | 'passage', signal?: AbortSignal): Promise<Float32Array[]>;
}

/** The name under which the vectors of this embedder are kept. */
export function spaceOf(embedder: Pick<Embedder, 'name' | 'version'>): string {
  return `${embedder.name}@${embedder.version}`;
}
