import type { Grade } from '../../domain/diagnosis.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Rival } from './rivals.ts';

/** How a change fits a candidate: the parts in [0, 1], their product as strength, what it leads by, and what else would explain it. */
export interface ChangeMatch {
  change: Finding;
  strength: number;
  features: { effect: number; lexical: number; timing: number; place: number };
  /** By how much the strength leads that of the next change. */
  lead: number;
  /** What speaks for it, in words. */
  because: string[];
  rival?: Rival;
}

/** The least that each part must be for a change to be proven or supported. */
const needs = {
  proven: { effect: 0.6, timing: 0.8, place: 0.85, lead: 0.2, overRival: 0.15 },
  supported: { strength: 0.45, lead: 0.1 },
};

/**
 * The grade of a change beside that of the fault: `proven` needs a proven fault, the change's own effect bringing the symptom that is seen,
 * at the right place and time, ahead of every other change and of what else would explain it. Never above the fault's own grade.
 */
export function gradeChange({ strength, features, lead, rival }: ChangeMatch, fault: Grade): Grade {
  const { effect, timing, place } = features;
  const { proven, supported } = needs;
  const ahead = effect - (rival?.strength ?? 0);
  const all =
    effect >= proven.effect &&
    timing >= proven.timing &&
    place >= proven.place &&
    lead >= proven.lead &&
    ahead >= proven.overRival;
  if (all && fault === 'proven') return 'proven';
  if (strength >= supported.strength && lead >= supported.lead && (fault === 'proven' || fault === 'supported'))
    return 'supported';
  return fault === 'unproven' ? 'unproven' : 'suspected';
}
