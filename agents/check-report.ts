import type { Section, Sentence } from '../domain/answer.ts';
import type { Diagnosis, Grade } from '../domain/diagnosis.ts';
import { entityNameOf } from '../domain/entity.ts';
import { claimOf, claimsOf, gradeRank, lowerClaim } from './grade-words.ts';
import type { Claim } from './grade-words.ts';

/** The words of an answer before they may go out. */
export interface Draft {
  headline: Sentence[];
  sections: Section[];
}

/** What the words are held against. */
export interface Grounds {
  /** Ids of the evidence of this run. */
  evidence: ReadonlySet<string>;
  diagnosis?: Diagnosis;
  /** Names of all known entities, without kind. */
  names: readonly string[];
  /** Texts that may be quoted in “…” as they are; claims inside such a quote are the quoted one's, not ours. */
  quotable: readonly string[];
  /** Sentences in which our own tools tell what they saw: such a detail may say "due to"; blaming is checked in them as well. */
  observed?: ReadonlySet<string>;
}

export interface Checked extends Draft {
  /** What was taken out or lowered, and why. */
  objections: { text: string; why: string }[];
}

/**
 * Holds every sentence to the evidence: a fact cites evidence of this run or is dropped; a claim about a cause is allowed up to the grade of the
 * certificate of the entity that it blames, and lowered or dropped above it; a note that claims is dropped. Idempotent.
 */
export function checkReport(draft: Draft, grounds: Grounds): Checked {
  const objections: Checked['objections'] = [];
  const keep = (sentences: readonly Sentence[]): Sentence[] =>
    sentences.flatMap((sentence) => {
      const { sentence: checked, why } = checkSentence(sentence, grounds);
      if (why !== undefined) objections.push({ text: sentence.text, why });
      return checked ?? [];
    });
  const headline = keep(draft.headline);
  const sections = draft.sections
    .map(({ title, sentences }) => ({
      title: claimOf(title) === undefined ? title : 'Cause',
      sentences: keep(sentences),
    }))
    .filter(({ sentences }) => sentences.length > 0);
  return { headline, sections, objections };
}

/** No sentence of ours is near this; a longer one is not meant for a person. */
const longest = 2_000;

function checkSentence(sentence: Sentence, grounds: Grounds): { sentence?: Sentence; why?: string } {
  const cited = [...new Set(sentence.evidence)].filter((id) => grounds.evidence.has(id));
  if (sentence.kind === 'fact' && cited.length === 0) return { why: 'cites no evidence of this run' };
  if (sentence.text.length > longest) return { why: 'is too long' };
  const spoken = withoutQuotes(sentence.text, grounds.quotable);
  const detail = grounds.observed?.has(sentence.text) === true;
  const claims = claimsOf(spoken, detail);
  const kept = { ...sentence, evidence: cited };
  if (claims.length === 0) return { sentence: kept };
  if (sentence.kind === 'note') return { why: 'a note claims a cause' };
  let lowered = sentence.text;
  let why: string | undefined;
  for (const claim of claims) {
    const allowed = allowedGrade(spoken, claim, grounds);
    if (allowed === undefined) return { why: 'claims a cause that the diagnosis does not name' };
    if (gradeRank[claim.grade] <= gradeRank[allowed]) continue;
    lowered = lowerClaim(lowered, allowed);
    why = `claims as ${claim.grade} what is ${allowed}`;
    const still = claimOf(withoutQuotes(lowered, grounds.quotable), detail);
    if (still !== undefined && gradeRank[still] > gradeRank[allowed]) return { why };
  }
  return why === undefined ? { sentence: kept } : { sentence: { ...kept, text: lowered }, why };
}

/** The grade up to which the blamed entity may be claimed; undefined when the diagnosis has no such cause. */
function allowedGrade(text: string, claim: Claim, { diagnosis, names }: Grounds): Grade | undefined {
  if (diagnosis === undefined || diagnosis.hypotheses.length === 0) return undefined;
  const cap = (grade: Grade): Grade =>
    (diagnosis.verdict === 'abstain' || diagnosis.verdict === 'healthy') && gradeRank[grade] > gradeRank.suspected
      ? 'suspected'
      : grade;
  const gradeOf = new Map<string, Grade>();
  for (const { entity, certificate } of diagnosis.hypotheses) {
    const name = entityNameOf(entity).toLowerCase();
    const known = gradeOf.get(name);
    if (known === undefined || gradeRank[certificate.grade] > gradeRank[known]) gradeOf.set(name, certificate.grade);
  }
  const mentioned = mentionsOf(text, [...new Set([...names.map((name) => name.toLowerCase()), ...gradeOf.keys()])]);
  if (mentioned.length === 0) return cap(diagnosis.hypotheses[0]!.certificate.grade);
  const blamed = mentioned.filter(({ name }) => gradeOf.has(name));
  if (blamed.length === 0) return undefined;
  // "Not payment but cart is the root cause": who is meant cannot be told safely.
  if (new Set(mentioned.map(({ name }) => name)).size > 1 && /\b(not|rather|instead|but|nor|neither)\b/i.test(text))
    return undefined;
  const side = blamesWhatFollows(text, claim)
    ? mentioned.filter(({ index }) => index > claim.index)
    : mentioned.filter(({ index }) => index < claim.index).toReversed();
  const subject = side[0] ?? mentioned[0]!;
  const grade = gradeOf.get(subject.name);
  if (grade === undefined) return undefined;
  return cap(grade);
}

/** "The root cause is X", "due to X": what follows is blamed. "X is the root cause of Y", "X broke Y": what stands before. */
function blamesWhatFollows(text: string, { index, phrase }: Claim): boolean {
  const before = text.slice(0, index);
  const after = text.slice(index + phrase.length);
  if (/\b(from|in|at|with|of|to)$/i.test(phrase) && !/^(led|leads|brought|thanks|owing|due)/i.test(phrase))
    return /^(stem|result|originat|because)/i.test(phrase) ? !/\bin$/i.test(phrase) || /^originat/i.test(phrase) : true;
  if (/^(due|owing|thanks)/i.test(phrase)) return true;
  if (/^\s+by\b/i.test(after)) return true;
  const noun = /(causes?|reason|culprits?|trigger|origin)$/i.test(phrase) && !/^(causes|caused)$/i.test(phrase);
  return (
    noun &&
    !/\b(?:is|are|was|were|being|became|as)\s+(?:(?:the|an?|its|our)\s+)?(?:\w+ly\s+)?$|[,(]\s*(?:the\s+)?$/i.test(
      before,
    )
  );
}

function mentionsOf(text: string, names: readonly string[]): { name: string; index: number }[] {
  const lower = text.toLowerCase();
  const found: { name: string; index: number }[] = [];
  for (const name of names) {
    if (name === '') continue;
    for (let index = lower.indexOf(name); index >= 0; index = lower.indexOf(name, index + 1)) {
      const edge = (at: number): boolean => !/[\p{L}\p{N}_-]/u.test(lower.charAt(at));
      if ((index === 0 || edge(index - 1)) && (index + name.length >= lower.length || edge(index + name.length))) {
        found.push({ name, index });
      }
    }
  }
  return found.sort((left, right) => left.index - right.index || right.name.length - left.name.length);
}

/** The text with each allowed quotation blanked (same length, so that positions hold). */
function withoutQuotes(text: string, quotable: readonly string[]): string {
  return text.replaceAll(/“([^”]*)”/g, (whole, inner: string) =>
    quotable.some((source) => source.includes(inner)) ? `“${' '.repeat(inner.length)}”` : whole,
  );
}
