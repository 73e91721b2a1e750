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

/** Words that say that one thing made another; how strongly depends on the hedges in the same clause. */
const causal =
  /\b(root[\s-]*causes?|(?:the|a|main|primary|real|true|underlying|probable|suspected|likely)\s+(?:cause|reason|culprit|trigger|origin|source\s+of)|culprits?|cause[sd]?\b|causing|because\s+of|due\s+to|owing\s+to|thanks\s+to|responsible\s+for|to\s+blame|at\s+fault|blame[sd]?|stem(?:s|med|ming)?\s+from|result(?:s|ed|ing)?\s+(?:from|in)|originat\w+\s+(?:in|from|at|with)|trigger(?:s|ed|ing)\b|triggered\s+by|led\s+to|leads\s+to|brought\s+(?:down|about)|broke\b|explains\b|proven|proof|proves|confirmed|certain(?:ly)?|definitely|undoubtedly|no\s+doubt|clearly)\b/i;
const denial =
  /\b(no(?:t|\s+longer)?|never|neither|nothing|without|isn't|wasn't|cannot|can't|rule[sd]?\s+out|unknown|unclear|whether|if)\b[^.;:]{0,60}$/i;

/** What a piece of text claims about causes: the strongest claim made, with where it stands; undefined when it claims none. */
export function claimOf(text: string): { grade: Grade; index: number; phrase: string } | undefined {
  let strongest: { grade: Grade; index: number; phrase: string } | undefined;
  let offset = 0;
  // Hedges and denials reach within a clause only: "may be slow; the root cause is X" claims in full.
  for (const clause of text.split(/(?<=[.;:!?\n]|,\s(?:but|and|so|while|whereas)\b)/i)) {
    const match = causal.exec(clause);
    if (match !== null && !denial.test(clause.slice(0, match.index))) {
      const grade = hedges.find(([hedge]) => hedge.test(clause))?.[1] ?? 'proven';
      if (strongest === undefined || gradeRank[grade] > gradeRank[strongest.grade])
        strongest = { grade, index: offset + match.index, phrase: match[0] };
    }
    offset += clause.length;
  }
  return strongest;
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
  if (still === undefined || gradeRank[still.grade] <= gradeRank[allowed]) return softened;
  const opening: Record<Grade, string> = {
    proven: '',
    supported: 'Probably, ',
    suspected: 'It is suspected that ',
    unproven: 'Possibly, but unproven, ',
  };
  // In every clause: a hedge in one does not lower the claim of the next.
  return softened
    .split(/(?<=[.;:!?\n])\s+/)
    .map((clause) => {
      const claim = claimOf(clause);
      return claim === undefined || gradeRank[claim.grade] <= gradeRank[allowed]
        ? clause
        : `${opening[allowed]}${clause}`;
    })
    .join(' ');
}
