import type { EntityId } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { sharedEnds } from '../evidence/propagation/shared-ends.ts';
import type { Board } from './board.ts';
import { createBoard } from './board.ts';
import type { Candidate } from './candidates.ts';
import { findCandidates } from './candidates.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import type { Explained } from './explain-away.ts';
import { explainAway } from './explain-away.ts';
import { createFeatureContext } from './feature-context.ts';
import { featureRow } from './feature-row.ts';
import type { Features } from './features.ts';
import type { NoneFeatures } from './likelihood.ts';
import { matchChanges } from './match-changes.ts';
import { findSymptoms } from './symptoms.ts';

/** One thing that may have happened: a fault of some kind at an entity, brought by a change or by none. */
export interface Alternative {
  candidate: Candidate;
  features: Features;
  /** What others of its evidence explain, most first. */
  explained: Explained[];
}

/** All that may have happened, and what speaks for none of it. */
export interface Alternatives {
  board: Board;
  symptoms: Finding[];
  alternatives: Alternative[];
  none: NoneFeatures;
}

/**
 * The alternatives of an incident with their features: every entity and kind whose required clue is seen (at most 40, those whose signature is
 * met best), each with the change that fits and without it. Pure. Cost: candidates squared.
 */
export function alternativesOf(input: DiagnosisInput): Alternatives {
  const shared = sharedEnds(input.findings, input.topology);
  const board = createBoard(shared.length === 0 ? input : { ...input, findings: [...input.findings, ...shared] });
  const symptoms = findSymptoms(board, input.focus);
  const candidates = findCandidates(board);
  const bare = new Map(candidates.map((candidate) => [candidate, candidate.fit]));
  matchChanges(board, candidates);
  const standing = explainAway(board, candidates);
  const context = createFeatureContext(board, candidates, { symptoms, focus: input.focus });
  const explains = explainsOf([...standing]);
  const alternatives = [...standing].flatMap(([candidate, { remains, explained }]): Alternative[] => {
    const taken = candidate.fit === 0 ? 0 : 1 - remains / candidate.fit;
    const row = (one: Candidate): Alternative => ({
      candidate: one,
      explained,
      features: featureRow(context, one, { explained: taken, explains: explains(candidate) }),
    });
    if (candidate.change === undefined) return [row(candidate)];
    const { change: _, changeMatch: __, ...rest } = candidate;
    return [row(candidate), row({ ...rest, fit: bare.get(candidate) ?? rest.fit, changeStrength: 0 })];
  });
  return { board, symptoms, alternatives, none: noneOf(input, symptoms) };
}

/** The share of what other entities show that a candidate brings, by their fit. */
function explainsOf(standing: readonly [Candidate, { explained: Explained[] }][]): (candidate: Candidate) => number {
  const brought = new Map<Candidate, number>();
  const others = new Map<EntityId, number>();
  let all = 0;
  for (const [candidate, { explained }] of standing) {
    all += candidate.fit;
    others.set(candidate.entity, (others.get(candidate.entity) ?? 0) + candidate.fit);
    for (const { by, share } of explained) brought.set(by, (brought.get(by) ?? 0) + share * candidate.fit);
  }
  return (candidate) => {
    const rest = all - (others.get(candidate.entity) ?? 0);
    return rest <= 0 ? 0 : Math.min(1, (brought.get(candidate) ?? 0) / rest);
  };
}

function noneOf({ coverage }: DiagnosisInput, symptoms: readonly Finding[]): NoneFeatures {
  const signals = Object.values(coverage);
  return {
    always: 1,
    quiet: 1 - Math.max(0, ...symptoms.map(({ severity }) => severity)),
    blind: signals.filter(({ present }) => !present).length / signals.length,
  };
}
