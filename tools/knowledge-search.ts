/** What a search over the team's knowledge finds: one passage with where it stands. The text is written by others. */
export interface KnowledgeHit {
  id: string;
  kind: 'runbook' | 'incident' | 'document';
  title: string;
  /** The passage, at most a few thousand characters. */
  text: string;
  source: string;
  /** Higher is better; comparable within one result only. */
  score: number;
  entities?: string[];
}

export interface KnowledgeRequest {
  text: string;
  kinds: KnowledgeHit['kind'][];
  entities: string[];
  limit: number;
  /** Access labels of the asker; passages that need others are not returned. */
  labels: string[];
}

/** Searches runbooks, past incidents and documents, best first. The knowledge part fits this; `app.ts` passes it in. */
export interface KnowledgeSearch {
  name: string;
  search(request: KnowledgeRequest, signal?: AbortSignal): Promise<KnowledgeHit[]>;
}
