/** Share of each search in the fusion, and how feedback widens the query. */
export interface RetrievalWeights {
  keywords: number;
  titles: number;
  feedback: number;
  meaning: number;
  /** Error signatures and identifiers as wholes. */
  signatures: number;
  entities: number;
  neighbours: number;
  /** What a page of the kind that the query is after gains, as a share of its score. */
  intent: number;
  /** How much likeness to better passages costs, in [0, 1). */
  diversity: number;
  /** Passages that feedback learns from, terms that it adds and what they weigh beside the query's own. */
  feedbackPassages: number;
  feedbackTerms: number;
  feedbackShare: number;
}

/**
 * The first four shares and those of feedback were chosen on questions made from the corpora themselves (a runbook's first section against the
 * rest of it, a title against its abstract). The other shares have no such questions: they are small enough that the suites `runbooks` and
 * `cranfield` give the same figures with them as without.
 */
export const defaultRetrievalWeights: RetrievalWeights = {
  keywords: 1,
  titles: 0.5,
  feedback: 0.25,
  meaning: 0.5,
  signatures: 0.15,
  entities: 0.4,
  neighbours: 0.3,
  intent: 0.08,
  diversity: 0.05,
  feedbackPassages: 8,
  feedbackTerms: 24,
  feedbackShare: 0.4,
};
