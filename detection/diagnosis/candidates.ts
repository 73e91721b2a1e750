import type { EntityId } from '../../domain/entity.ts';
import { entityKindOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { clamp } from '../evidence/signals/robust-statistics.ts';
import type { Board } from './board.ts';
import type { ChangeMatch } from './change-match.ts';
import type { Clue } from '../faults/clue.ts';
import { fitsClue } from '../faults/clue.ts';
import type { FaultKind } from '../faults/fault-kind.ts';
import { faultCatalogue } from '../faults/fault-catalogue.ts';

/** A clue that was seen, with the findings that show it and how much of its weight they carry. */
export interface SeenClue {
  clue: Clue;
  findings: Finding[];
  mass: number;
}

/** A candidate cause before it is weighed against others. */
export interface Candidate {
  entity: EntityId;
  fault: FaultKind;
  seen: SeenClue[];
  against: SeenClue[];
  /** How well the signature is met, refutations subtracted, in [0, 1]. */
  fit: number;
  onsetMs?: number;
  change?: Finding;
  changeStrength: number;
  changeMatch?: ChangeMatch;
}

/** Every entity and kind of which a required clue is seen. */
export function findCandidates(board: Board): Candidate[] {
  const candidates: Candidate[] = [];
  for (const entity of board.entities) {
    const kind = entityKindOf(entity);
    for (const fault of faultCatalogue) {
      if (!fault.strikes.includes(kind)) continue;
      const candidate = candidateOf(board, entity, fault);
      if (candidate !== undefined) candidates.push(candidate);
    }
  }
  return candidates;
}

/** Weighs one kind at one entity; undefined when no required clue is seen. */
export function candidateOf(board: Board, entity: EntityId, fault: FaultKind): Candidate | undefined {
  const seen = fault.signature
    .map((clue) => see(board, entity, clue, fault.kind))
    .filter((one): one is SeenClue => one !== undefined);
  if (!seen.some(({ clue }) => clue.required === true)) return undefined;
  const against = fault.refutes
    .map((clue) => see(board, entity, clue, fault.kind))
    .filter((one): one is SeenClue => one !== undefined);
  const positive = 1 - seen.reduce((rest, { mass }) => rest * (1 - mass), 1);
  const refuted = against.reduce((rest, { mass }) => rest * (1 - mass), 1);
  const candidate: Candidate = { entity, fault, seen, against, fit: positive * refuted, changeStrength: 0 };
  const onset = onsetOf(seen);
  if (onset !== undefined) candidate.onsetMs = onset;
  return candidate;
}

function see(board: Board, entity: EntityId, clue: Clue, kind: string): SeenClue | undefined {
  const findings = board.at(entity, clue.where).filter((finding) => fitsClue(finding, clue, kind));
  if (findings.length === 0) return undefined;
  const strength = Math.max(...findings.map(strengthOf));
  const breadth = clue.where === 'everywhere' ? breadthOf(board, findings) : 1;
  return breadth === 0 ? undefined : { clue, findings, mass: clue.weight * strength * breadth };
}

/** The share of services that show it, none below a third: what is everywhere comes from below. */
function breadthOf(board: Board, findings: readonly Finding[]): number {
  const share = new Set(findings.map(({ entity }) => entity)).size / Math.max(3, board.services);
  return share < 0.34 ? 0 : clamp(share / 0.7, 0, 1);
}

/** How fully a finding shows something: its severity against what a clear departure has. */
export function strengthOf(finding: Finding): number {
  if (finding.kind === 'failed-check') return clamp(finding.severity + 0.3, 0, 1);
  return clamp(finding.severity / 0.55, 0.1, 1);
}

/** The onset of the required clues: of metrics and spans where there are any (log clocks may be off), the earliest of the strong ones. */
function onsetOf(seen: readonly SeenClue[]): number | undefined {
  const required = seen.filter(({ clue }) => clue.required === true).flatMap(({ findings }) => findings);
  const dated = required.filter((finding) => finding.onset !== undefined);
  const trusted = dated.filter(({ kind }) => kind !== 'log-pattern');
  const usable = trusted.length > 0 ? trusted : dated;
  const worst = Math.max(0, ...usable.map(({ severity }) => severity));
  const strong = usable.filter(({ severity }) => severity >= 0.7 * worst);
  return strong.length === 0 ? undefined : Math.min(...strong.map(({ onset }) => msOf(onset!)));
}
