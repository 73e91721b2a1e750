import type { Diagnosis, Hypothesis } from '../../domain/diagnosis.ts';

/** What verified past incidents say before evidence is looked at. */
export interface Prior {
  /** Past incidents like this one; likeness in [0, 1]. */
  like: readonly { entity: string; faultKind: string; likeness: number }[];
  /** Class of cause that they speak for (`external` lies outside the services), and how surely, in [0, 1]. */
  causeClass: string;
  confidence: number;
}

/** The most that a prior adds to a score: less than any one signal does. */
const strongest = 0.04;
const sameEntityOnly = 0.4;
const sameKindOnly = 0.3;
/** Share of the class in what the past says; the rest is likeness of single incidents. */
const ofClass = 0.5;

/**
 * Lets past incidents decide between hypotheses that the evidence leaves level. A hypothesis passes the one before it only where both have the
 * same grade, that grade is not `proven`, and their scores differ by less than 4 % times what the past says of them. Scores, confidences, grades
 * and certificates stay the engine's; the first hypothesis brings its own verdict and confidence, as when a model reorders. Where nothing is
 * named (healthy, abstained) nothing changes. Pure.
 */
export function applyPrior(diagnosis: Diagnosis, prior: Prior): Diagnosis {
  const { verdict } = diagnosis;
  if (verdict !== 'cause' && verdict !== 'external') return diagnosis;
  const hypotheses = [...diagnosis.hypotheses];
  const worth = (one: Hypothesis): number => one.score * (1 + strongest * supportOf(one, prior));
  for (let index = hypotheses.length - 1; index > 0; index -= 1) {
    const [before, one] = [hypotheses[index - 1]!, hypotheses[index]!];
    const level = before.certificate.grade === one.certificate.grade && one.certificate.grade !== 'proven';
    if (level && worth(one) > worth(before) && one.score > before.score * (1 - strongest))
      [hypotheses[index - 1], hypotheses[index]] = [one, before];
  }
  const top = hypotheses[0];
  if (top === undefined || top === diagnosis.hypotheses[0]) return { ...diagnosis, hypotheses };
  return {
    ...diagnosis,
    hypotheses,
    verdict: top.culprit ? 'cause' : 'external',
    confidence: top.confidence,
    ...(top.onset === undefined ? {} : { onset: top.onset }),
  };
}

/** How much the past speaks for a hypothesis, in [0, 1]. */
function supportOf({ entity, faultKind, culprit }: Hypothesis, { like, causeClass, confidence }: Prior): number {
  const nearest = like.reduce((most, past) => {
    const same = past.entity === entity;
    const kind = past.faultKind === faultKind;
    const share = same && kind ? 1 : same ? sameEntityOnly : kind ? sameKindOnly : 0;
    return Math.max(most, share * past.likeness);
  }, 0);
  const outside = causeClass === 'external';
  const classed = (outside || causeClass === 'internal') && outside === !culprit ? confidence : 0;
  return ofClass * classed + (1 - ofClass) * nearest;
}
