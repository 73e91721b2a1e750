import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Board } from './board.ts';
import { createBoard } from './board.ts';
import type { Candidate } from './candidates.ts';
import { findCandidates } from './candidates.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import type { Explained } from './explain-away.ts';
import { canBring, explainAway } from './explain-away.ts';
import { sharedEnds } from '../evidence/propagation/shared-ends.ts';
import { matchChanges } from './match-changes.ts';
import { findSymptoms } from './symptoms.ts';
import { clamp } from '../evidence/signals/robust-statistics.ts';

/** A candidate with its score (higher is better, in [0, 1]) and what explains it. */
export interface Ranked {
  candidate: Candidate;
  score: number;
  /** The share of the symptoms that it brings, in [0, 1]; a half where there are none. */
  coverage: number;
  explained: Explained[];
}

/**
 * All candidates of an input, best first: what others explain is taken away, the rest counts by how much of the symptoms it brings (those
 * that were asked about count three times) and whether it began before them. Ties by entity and kind, so that the order is total.
 */
export function rankCandidates(input: DiagnosisInput): { board: Board; symptoms: Finding[]; ranked: Ranked[] } {
  const shared = sharedEnds(input.findings, input.topology);
  const board = createBoard(shared.length === 0 ? input : { ...input, findings: [...input.findings, ...shared] });
  const symptoms = findSymptoms(board, input.focus);
  const candidates = findCandidates(board);
  matchChanges(board, candidates);
  const weight = (list: readonly Finding[]): number =>
    list.reduce((total, { severity, entity }) => total + severity * (input.focus.includes(entity) ? 3 : 1), 0);
  const all = weight(symptoms);
  const ranked = [...explainAway(board, candidates)].map(([candidate, { remains, explained }]): Ranked => {
    const brought = symptoms.filter((symptom) => canBring(board, candidate, symptom));
    const late = brought.filter((symptom) => isBefore(board, candidate, symptom));
    const coverage = all === 0 ? 0.5 : (weight(brought) - weight(late)) / all;
    const score = remains * (0.5 + 0.5 * coverage) * punctuality(board, candidate, brought);
    return { candidate, score, coverage, explained };
  });
  ranked.sort((left, right) => standing(right) - standing(left) || order(left.candidate, right.candidate));
  return { board, symptoms, ranked };
}

/** What orders candidates: the score, and where scores are level the one whose own evidence departs furthest from its baseline. */
function standing({ score, candidate }: Ranked): number {
  const sizes = candidate.seen
    .filter(({ clue }) => clue.required === true)
    .flatMap(({ findings }) => findings.map(({ effect }) => Math.abs(effect?.size ?? 0)));
  return score + 0.02 * clamp(Math.log10(1 + Math.max(0, ...sizes)) / 3, 0, 1);
}

/** The score of the candidate at an index and its lead over the best candidate at another entity. */
export function standingOf(ranked: readonly Ranked[], index: number): { score: number; margin: number } {
  const own = ranked[index];
  const score = own?.score ?? 0;
  const rival = ranked.find((other, at) => at !== index && other.candidate.entity !== own?.candidate.entity);
  return { score, margin: score - (rival?.score ?? 0) };
}

/** Whether a symptom began clearly before the candidate did, which then did not bring it. */
function isBefore(board: Board, { onsetMs }: Candidate, { onset, kind }: Finding): boolean {
  return (
    onsetMs !== undefined && onset !== undefined && kind !== 'log-pattern' && msOf(onset) < onsetMs - board.toleranceMs
  );
}

/** How well the onset precedes what it should bring: 1 when before most, down to 0.6 as more than half of it began earlier. */
function punctuality(board: Board, candidate: Candidate, brought: readonly Finding[]): number {
  if (candidate.onsetMs === undefined) return 0.9;
  const dated = brought.filter(({ onset, kind }) => onset !== undefined && kind !== 'log-pattern');
  if (dated.length === 0) return 0.95;
  const late = dated.filter((symptom) => isBefore(board, candidate, symptom)).length;
  return 1 - 0.4 * Math.max(0, (2 * late) / dated.length - 1);
}

function order(left: Candidate, right: Candidate): number {
  return `${left.entity}|${left.fault.kind}` < `${right.entity}|${right.fault.kind}` ? -1 : 1;
}
