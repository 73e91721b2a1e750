import { z } from 'zod';
import type { Conditions } from '../../detection/diagnosis/certify-candidate.ts';
import { conditionsOf } from '../../detection/diagnosis/certify-candidate.ts';
import { basisOf, confidenceOf, confidenceRow } from '../../detection/diagnosis/calibration.ts';
import type { ConfidenceName, LikelihoodModel } from '../../detection/diagnosis/likelihood.ts';
import { confidenceNames, featureNames, noneNames, noneTable } from '../../detection/diagnosis/likelihood.ts';
import { featureTable } from '../../detection/diagnosis/features.ts';
import { rankAlternatives } from '../../detection/diagnosis/rank.ts';
import type { Basis } from '../../domain/diagnosis.ts';
import { claimOf, type Example } from './fit-examples.ts';
import { fitLikelihood, logLossOf } from './fit-likelihood.ts';

/** How strongly weights are pulled, and toward what: `even` log odds for every feature, with its sign. */
export interface Pull {
  ridge: number;
  even: number;
}

/** The grid from which the pull is chosen, inside the families that are fitted on. */
const pulls: readonly Pull[] = [0.5, 2].flatMap((ridge) => [0.5, 1].map((even) => ({ ridge, even })));

const signs = [
  ...featureNames.map((name) => featureTable[name].sign),
  ...noneNames.map((name) => noneTable[name].sign),
];

/** Weights by family weight: each family counts as the root of its cases, so that a large one does not drown the rest. */
export function weighed(examples: readonly Example[]): Example[] {
  const counts = new Map<string, number>();
  for (const { family, view } of examples) if (view === 'whole') counts.set(family, (counts.get(family) ?? 0) + 1);
  return examples.map((one) => ({
    ...one,
    fit: { ...one.fit, weight: one.fit.weight / Math.sqrt(counts.get(one.family) ?? 1) },
  }));
}

/** Weights of a fit over examples. */
export function weightsOf(examples: readonly Example[], { ridge, even }: Pull, from?: ArrayLike<number>): Float64Array {
  const toward = signs.map((sign, at) => (at < featureNames.length ? sign * even : 0));
  return fitLikelihood(
    examples.map(({ fit }) => fit),
    { ridge, toward, signs, ...(from === undefined ? {} : { from }) },
  );
}

/**
 * The pull for a fit without a family (undefined: on all): the one with the least log loss on the other families, each left out in turn and
 * counting once. Every fit without two families serves both; fits start from that on all.
 */
export function choosePulls(examples: readonly Example[]): (left: string | undefined) => Pull {
  const families = [...new Set(examples.map(({ family }) => family))];
  const rows = new Map(
    families.map((family) => [family, examples.filter((one) => one.family === family).map(({ fit }) => fit)] as const),
  );
  const losses = pulls.map((pull) => {
    const all = weightsOf(examples, pull);
    const found = new Map<string, number>();
    for (const left of [undefined, ...families])
      for (const other of families) {
        if (other === left || found.has(`${left}|${other}`)) continue;
        const weights = weightsOf(
          examples.filter(({ family }) => family !== left && family !== other),
          pull,
          all,
        );
        found.set(`${left}|${other}`, logLossOf(rows.get(other) ?? [], weights));
        if (left !== undefined) found.set(`${other}|${left}`, logLossOf(rows.get(left) ?? [], weights));
      }
    return found;
  });
  return (left) => {
    const totals = losses.map((of) => families.reduce((total, other) => total + (of.get(`${left}|${other}`) ?? 0), 0));
    return pulls[totals.indexOf(Math.min(...totals))] ?? { ridge: 1, even: 1 };
  };
}

const pair = z.tuple([z.number(), z.number()]);
const tables = {
  candidate: z.record(z.enum(featureNames), pair),
  none: z.record(z.enum(noneNames), pair),
  confidence: z.record(z.enum(confidenceNames), z.number()),
};

/** A model whose likelihood is given; what is worked out from left-out answers is filled in later. */
export function likelihoodOf(weights: ArrayLike<number>, spreads: ArrayLike<number> = []): LikelihoodModel {
  const rows = (names: readonly string[], from: number): Record<string, [number, number]> =>
    Object.fromEntries(
      names.map((name, at) => [name, [round(weights[from + at] ?? 0), round(spreads[from + at] ?? 0)]]),
    );
  return {
    candidate: tables.candidate.parse(rows(featureNames, 0)),
    none: tables.none.parse(rows(noneNames, featureNames.length)),
    confidence: { always: 0, odds: 1, entity: 0, carried: 0, observed: 0, borne: 0 },
    healthy: [0.5, 0.5, 0.5, 0.5],
    claim: { confidence: 0.5, risk: 0.5 },
    proven: { confidence: 1, lead: 0, risk: 0 },
  };
}

/** What was said first of a case by weights that had not seen its family. */
export interface LeftOutTop {
  example: Example;
  right: boolean;
  row: Record<ConfidenceName, number>;
  basis: Basis;
  conditions: Conditions;
}

/** The first hypothesis of an example by a likelihood; undefined where there is no candidate. */
export function topOf(example: Example, model: LikelihoodModel): LeftOutTop | undefined {
  const ranking = rankAlternatives(example.seen, model);
  const first = ranking.ranked[0];
  if (first === undefined) return undefined;
  const basis = basisOf(ranking, 0);
  const conditions = conditionsOf(example.seen.board, first.candidate, example.seen.symptoms);
  return {
    example,
    right: example.judge(claimOf(first.candidate)) === 'right',
    row: confidenceRow({ score: first.score, basis }, conditions),
    basis,
    conditions,
  };
}

/** Fits what turns a likelihood into a probability, on left-out answers; evidence never counts against. */
export function withConfidence(model: LikelihoodModel, tops: readonly LeftOutTop[]): LikelihoodModel {
  const weights = fitLikelihood(
    tops.map(({ row, right, example }) => ({
      rows: [Float64Array.from(confidenceNames, (name) => row[name]), new Float64Array(confidenceNames.length)],
      right: [right, !right],
      weight: example.fit.weight,
    })),
    { ridge: 0.05, toward: [0, 1, 0, 0, 0, 0], signs: [0, 1, 1, 1, 1, 1] },
  );
  const confidence = tables.confidence.parse(
    Object.fromEntries(confidenceNames.map((name, at) => [name, round(weights[at] ?? 0)])),
  );
  return { ...model, confidence };
}

/** The most that is accepted to be wrong of what is claimed, and of what is called proven. */
const mostRisk = { claim: 0.25, proven: 0.02, blinded: 0.2 };
const confidences = Array.from({ length: 50 }, (_, at) => Math.round(50 + at) / 100);
const leads = [0, 0.5, 1, 1.5, 2, 2.5, 3, 4];

/**
 * The least confidence of a claim, and the least confidence and lead of a proof, whose risk on left-out answers is bounded: (wrong + 1) of
 * (given + 1) at most (conformal risk control, Angelopoulos et al. 2022). Of those, what gives most.
 */
export function withThresholds(model: LikelihoodModel, tops: readonly LeftOutTop[]): LikelihoodModel {
  const stated = tops.map((top) => ({ ...top, confidence: confidenceOf(top.row, model) }));
  const riskOf = (given: readonly { right: boolean }[]): number =>
    (given.filter(({ right }) => !right).length + 1) / (given.length + 1);
  const claim =
    confidences
      .map((confidence) => ({ confidence, risk: riskOf(stated.filter((one) => one.confidence >= confidence)) }))
      .find(({ risk }) => risk <= mostRisk.claim) ?? model.claim;
  const provable = stated.filter(({ conditions }) => isShown(conditions));
  const proofs = confidences.flatMap((confidence) =>
    leads.map((lead) => {
      const given = provable.filter(
        (one) => one.confidence >= confidence && Math.min(one.basis.margin, one.basis.lead) >= lead,
      );
      const [plain, blinded] = [given.filter((one) => !isBlinded(one)), given.filter(isBlinded)];
      const risk = Math.max(riskOf(plain), (mostRisk.proven / mostRisk.blinded) * riskOf(blinded));
      return { confidence, lead, risk, given: plain.length };
    }),
  );
  const proven = proofs
    .filter(({ risk }) => risk <= mostRisk.proven)
    .sort((left, right) => right.given - left.given || left.confidence - right.confidence)[0];
  return {
    ...model,
    claim: { confidence: claim.confidence, risk: round(claim.risk) },
    proven:
      proven === undefined
        ? { confidence: 1.01, lead: 0, risk: 0 }
        : { confidence: proven.confidence, lead: proven.lead, risk: round(proven.risk) },
  };
}

function isBlinded({ example }: LeftOutTop): boolean {
  return example.view.startsWith('culprit');
}

function isShown({ structural, temporal, statistical, observed, borne }: Conditions): boolean {
  return [structural, temporal, statistical, observed, borne].every(({ holds }) => holds === 'yes');
}

function round(value: number): number {
  return Math.round(1000 * value) / 1000;
}
