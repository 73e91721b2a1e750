import type { Fact } from '../facts/fact.ts';
import type { FactDifference } from './fact-difference.ts';

/**
 * A difference without the statements that hand over to a function which the change makes or unmakes, and without those of the other side that
 * they stand for (sharing half of their names): taking code out into a function, or back, alters nothing.
 */
export function withoutHandovers({ gone, fresh }: FactDifference, moved: ReadonlySet<string>): FactDifference {
  if (moved.size === 0) return { gone, fresh };
  const hands = ({ kind, subject }: Fact): boolean =>
    (kind === 'statement' || kind === 'formula') && subject.split(' ').some((word) => moved.has(word));
  // What a moved function hands back is used in place of the call.
  const stays = ({ kind, subject, owner }: Fact): boolean =>
    kind !== 'statement' || owner === undefined || !moved.has(owner) || !subject.startsWith('return ');
  const left = { gone: gone.filter(stays), fresh: fresh.filter(stays) };
  for (const [side, other] of [
    ['fresh', 'gone'],
    ['gone', 'fresh'],
  ] as const) {
    for (const fact of left[side].filter(hands)) {
      const twin = left[other]
        .filter((one) => one.kind === fact.kind && !hands(one))
        .map((one) => ({ one, share: shareOf(one, fact) }))
        .toSorted((a, b) => b.share - a.share)[0];
      if (twin !== undefined && twin.share >= 0.5) left[other].splice(left[other].indexOf(twin.one), 1);
    }
    left[side] = left[side].filter((fact) => !hands(fact));
  }
  return left;
}

function shareOf(left: Fact, right: Fact): number {
  const words = namesOf(left);
  const others = namesOf(right);
  const both = [...words].filter((word) => others.has(word)).length;
  return both / Math.max(1, Math.min(words.size, others.size));
}

function namesOf({ subject }: Fact): Set<string> {
  return new Set(subject.split(' ').filter((word) => word.length > 1));
}
