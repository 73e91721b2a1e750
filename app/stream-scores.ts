import { createDefaultEnsemble, type DefaultEnsemble } from '../detection/streams/default-ensemble.ts';
import { findingKeyOf, leastLearned, seriesKeyOf } from '../detection/streams/score-findings.ts';
import type { Derived } from '../detection/signals/derived-series.ts';
import type { Finding } from '../domain/finding.ts';

/** Keeps one default ensemble for each watched series, so that a finding can tell how abnormal its series is against all that was seen. */
export interface StreamScores {
  /** Scores the samples that are new, and learns them unless a fault is being held. */
  feed(derived: readonly Derived[], learn: boolean): void;
  /** Adds `score` (highest of the latest feed; see DefaultEnsemble) and `learned` to the data of findings whose series is watched long enough. */
  annotate(findings: readonly Finding[]): Finding[];
}

interface Watched {
  ensemble: DefaultEnsemble;
  last: number;
  learned: number;
  highest: number;
}

/** What users feel: one state of 30 KB each. */
const watchedRoles = new Set(['latency', 'errors', 'availability', 'queue', 'restarts']);
/** Watches at most `most` series (default 500, 15 MB); those that come first stay. */
export function createStreamScores(most = 500): StreamScores {
  const watched = new Map<string, Watched>();
  const point = new Float64Array(1);

  const watchedFor = (derived: Derived): Watched | undefined => {
    const key = seriesKeyOf(derived);
    const known = watched.get(key);
    if (known !== undefined || !watchedRoles.has(derived.role) || watched.size >= most) return known;
    const fresh = { ensemble: createDefaultEnsemble(), last: Number.NEGATIVE_INFINITY, learned: 0, highest: 0 };
    watched.set(key, fresh);
    return fresh;
  };

  return {
    feed(derived, learn) {
      for (const one of derived) {
        const state = watchedFor(one);
        if (state === undefined) continue;
        let highest = 0;
        let fresh = false;
        for (const [at, value] of one.samples) {
          if (at <= state.last) continue;
          fresh = true;
          point[0] = value;
          highest = Math.max(highest, state.ensemble.scoreOne(point, at));
          if (learn) {
            state.ensemble.learnOne(point, at);
            state.learned += 1;
          }
          state.last = at;
        }
        if (fresh) state.highest = highest;
      }
    },
    annotate: (findings) =>
      findings.map((finding) => {
        const state = watched.get(findingKeyOf(finding));
        if (state === undefined || state.learned < leastLearned) return finding;
        return { ...finding, data: { ...finding.data, score: state.highest, learned: state.learned } };
      }),
  };
}
