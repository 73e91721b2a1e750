import type { Basis } from '../../domain/diagnosis.ts';
import { roundTo } from '../evidence/signals/make-finding.ts';
import type { Ranked } from './rank.ts';
import { standingOf } from './rank.ts';

/** What the confidence in the candidate at an index is worked out from, beside its score and grade. */
export function basisOf(ranked: readonly Ranked[], index: number): Basis {
  const own = ranked[index];
  const { score, margin } = standingOf(ranked, index);
  const other = ranked.find(({ candidate }, at) => at !== index && candidate.entity === own?.candidate.entity);
  const findings = (own?.candidate.seen ?? []).flatMap((seen) => seen.findings);
  const change = own?.candidate.change;
  const signals = new Set([...findings, ...(change === undefined ? [] : [change])].map(({ signal }) => signal.type));
  const lead = score - (other?.score ?? 0);
  // What another kind at the same entity outranks leads nothing.
  return {
    margin: roundTo(index === 0 ? margin : Math.min(margin, lead), 3),
    lead: roundTo(lead, 3),
    coverage: roundTo(own?.coverage ?? 0, 3),
    signals: signals.size,
  };
}
