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
  /** Why it is here: the words that it holds, the searches that found it, the way through the topology. */
  why?: string[];
  /** Passages that say the same and were left out. */
  copies?: string[];
  /** Of a verified incident: its culprit, what was ruled out, what helped. */
  incident?: {
    culprit: string;
    faultKind: string;
    ruledOut: string[];
    whatHelped: string[];
    verifiedBy: string;
    from: string;
    to?: string;
  };
}

/** What verified past incidents say of a new one before evidence is looked at. */
export interface KnowledgeForesight {
  causeClass: string;
  /** In [0, 1]; low where few incidents were learnt from. */
  confidence: number;
  learntFrom: number;
  firstSteps: string[];
  mechanisms: string[];
  like: { id: string; title: string; entity: string; faultKind: string; likeness: number }[];
}

export interface KnowledgeRequest {
  text: string;
  kinds: KnowledgeHit['kind'][];
  entities: string[];
  limit: number;
  /** Access labels of the asker; passages that need others are not returned. */
  labels: string[];
}

export type ForesightRequest = Pick<KnowledgeRequest, 'text' | 'entities' | 'labels'>;

/** Searches runbooks, past incidents and documents, best first. The knowledge part fits this; `app.ts` passes it in. */
export interface KnowledgeSearch {
  name: string;
  search(request: KnowledgeRequest, signal?: AbortSignal): Promise<KnowledgeHit[]>;
  /** Undefined where the asker may see no verified incident. Absent in a store that keeps none. */
  foresee?(request: ForesightRequest, signal?: AbortSignal): Promise<KnowledgeForesight | undefined>;
}
