import type { Grade } from '../domain/diagnosis.ts';

/** The one term for a cause of each grade. "Root cause" belongs to `proven` alone. */
export const causeTerm: Record<Grade, string> = {
  proven: 'root cause',
  supported: 'probable cause',
  suspected: 'suspected cause',
  unproven: 'unproven candidate',
};

/** Strength of a grade, for comparing: 3 for proven, 0 for unproven. */
export const gradeRank: Record<Grade, number> = { proven: 3, supported: 2, suspected: 1, unproven: 0 };

const hedges: [RegExp, Grade][] = [
  [/\b(unproven|candidate|hypothesis|speculat\w+|possibl[ey]|conceivabl[ey])\b/i, 'unproven'],
  [/\b(suspect\w*|may|might|could|perhaps|maybe|appears?|seems?|suggests?)\b/i, 'suspected'],
  [/\b(probabl[ey]|likely|presumabl[ey]|supported)\b/i, 'supported'],
];

/** Words that blame: they speak of the incident's cause. */
const blaming =
  /\b(root[\s-]*causes?|(?:the|a|main|primary|real|true|underlying|probable|suspected|likely)\s+(?:cause|reason|culprit|trigger|origin|source\s+of)|culprits?|to\s+blame|at\s+fault|blame[sd]?|responsible\s+for|proven|proves|definitely|undoubtedly|no\s+doubt)\b/gi;
/** Words that say that one thing made another. */
const causal =
  /\b(causes|caused|causing|because\s+of|due\s+to|owing\s+to|thanks\s+to|stem(?:s|med|ming)?\s+from|result(?:s|ed|ing)?\s+(?:from|in)|originat\w+\s+(?:in|from|at|with)|trigger(?:s|ed|ing)|led\s+to|leads\s+to|brought\s+(?:down|about)|broke|explains|confirmed|certain(?:ly)?|clearly)\b/gi;
const denial =
  /\b(no(?:t|\s+longer)?|never|neither|nothing|without|isn't|wasn't|cannot|can't|rule[sd]?\s+out|unknown|unclear|whether|if)\b[^.;:]{0,60}$/i;

/** A claim about a cause: how strongly, where in the text, in which words. */
export interface Claim {
  grade: Grade;
  index: number;
  phrase: string;
}

/** Every claim about causes in a text, in order. `blameOnly` overlooks words like "due to" that tell of a detail. */
export function claimsOf(text: string, blameOnly = false): Claim[] {
  const claims: Claim[] = [];
  let offset = 0;
  // Hedges and denials reach within a clause only: "may be slow; the root cause is X" claims in full.
  for (const clause of text.split(/(?<=[.;:!?\n]|,\s(?:but|and|so|while|whereas)\b)/i)) {
    const grade = hedges.find(([hedge]) => hedge.test(clause))?.[1] ?? 'proven';
    for (const words of blameOnly ? [blaming] : [blaming, causal]) {
      for (const { 0: phrase, index } of clause.matchAll(words)) {
        if (!denial.test(clause.slice(0, index))) claims.push({ grade, index: offset + index, phrase });
      }
    }
    offset += clause.length;
  }
  return claims;
}

/** How strongly a text claims: the grade of its strongest claim; undefined when it claims none. */
export function claimOf(text: string, blameOnly = false): Grade | undefined {
  const grades = claimsOf(text, blameOnly).map(({ grade }) => grade);
  return grades.toSorted((left, right) => gradeRank[right] - gradeRank[left])[0];
}

/** The text with its claim lowered to what a grade allows. */
export function lowerClaim(text: string, allowed: Grade): string {
  const softened = text
    .replaceAll(
      /\b(?:most\s+)?(?:probable|likely|proven|confirmed|definite)\s+(?:root[\s-]*)?cause(s?)\b/gi,
      `${causeTerm[allowed]}$1`,
    )
    .replaceAll(/\broot[\s-]*cause(s?)\b/gi, `${causeTerm[allowed]}$1`)
    .replaceAll(/\b(?:certainly|definitely|undoubtedly|clearly|without (?:a )?doubt)\s*/gi, '')
    .replaceAll(/\b(?:proven|confirmed)\b/gi, allowed);
  const still = claimOf(softened);
  if (still === undefined || gradeRank[still] <= gradeRank[allowed]) return softened;
  const opening: Record<Grade, string> = {
    proven: '',
    supported: 'Probably, ',
    suspected: 'It is suspected that ',
    unproven: 'As an unproven possibility, ',
  };
  // In every clause: a hedge in one does not lower the claim of the next.
  return softened
    .split(/(?<=[.;:!?\n])\s+/)
    .map((clause) => {
      const claim = claimOf(clause);
      return claim === undefined || gradeRank[claim] <= gradeRank[allowed] ? clause : `${opening[allowed]}${clause}`;
    })
    .join(' ');
}
