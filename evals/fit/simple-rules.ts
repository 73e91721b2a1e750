import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Example } from './fit-examples.ts';

/** Rules that a diagnosis must beat: blame the entity with the largest departure, with the earliest onset, or with the most alerts. */
export const simpleRules = ['largest departure', 'earliest onset', 'most alerts'] as const;

/** Whether a rule blames right; of the kinds at the entity that it blames, the one whose signature is met best is taken. */
export function ruleIsRight(rule: (typeof simpleRules)[number], example: Example): boolean {
  const findings = example.input.findings.filter(({ kind }) => kind !== 'change');
  const marks = new Map<string, number>();
  for (const finding of findings) marks.set(finding.entity, markOf(rule, finding, marks.get(finding.entity)));
  const blamed = [...marks].sort(([left, a], [right, b]) => b - a || (left < right ? -1 : 1))[0]?.[0];
  if (blamed === undefined) return example.noneRight;
  const best = example.seen.alternatives
    .map(({ candidate }, at) => ({ candidate, at }))
    .filter(({ candidate }) => candidate.entity === blamed)
    .sort((left, right) => right.candidate.fit - left.candidate.fit)[0];
  return best !== undefined && example.judged[best.at] === 'right';
}

/** The chance of an entity and kind drawn at random among those whose signature is seen. */
export function chanceOf({ judged, noneRight }: Example): number {
  if (judged.length === 0) return Number(noneRight);
  return judged.filter((one) => one === 'right').length / judged.length;
}

function markOf(rule: (typeof simpleRules)[number], finding: Finding, before: number | undefined): number {
  if (rule === 'most alerts') return (before ?? 0) + 1;
  const mark =
    rule === 'largest departure'
      ? Math.abs(finding.effect?.size ?? 0) + finding.severity
      : finding.onset === undefined
        ? Number.NEGATIVE_INFINITY
        : -msOf(finding.onset);
  return Math.max(mark, before ?? Number.NEGATIVE_INFINITY);
}
