import { entityNameOf } from '../../domain/entity.ts';
import type { RuledOut } from '../../domain/diagnosis.ts';
import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';
import type { ChangeMatch } from './change-match.ts';
import { placeOf } from './change-place.ts';
import { timingOf } from './change-timing.ts';
import type { Fit } from './fit-change.ts';
import { createChangeFits } from './fit-change.ts';
import { rivalsOf } from './rivals.ts';

/** Below this a change only happened to be there. */
const leastStrength = 0.3;
/** How far what else would explain a candidate takes from a change whose own effect does not. */
const rivalWeight = 0.5;

/**
 * Gives each candidate the change that could have brought it: one that runs at the entity (deployed there, of its folder, or in a library
 * built into it, or at the one that uses the database, queue or cache in question), began before the onset, and does what brings this kind of
 * fault or touches what logs and metrics speak of. The strength is place times timing times what its content says (effect and shared words
 * joined as independent evidence), less what else would explain the candidate. The fit grows by it; else a change adds nothing.
 */
export function matchChanges(board: Board, candidates: readonly Candidate[]): void {
  if (board.changes.length === 0) return;
  const fits = createChangeFits(board);
  for (const candidate of candidates) {
    if (!candidate.fault.culprit) continue;
    const matches = board.changes
      .map((change) => matchOf(board, candidate, { change, fit: fits(candidate, change) }))
      .filter((match): match is ChangeMatch => match !== undefined)
      .sort((left, right) => right.strength - left.strength);
    const best = matches[0];
    if (best === undefined || best.strength < leastStrength) continue;
    best.lead = best.strength - (matches[1]?.strength ?? 0);
    candidate.changeMatch = best;
    candidate.change = best.change;
    candidate.changeStrength = best.strength;
    candidate.fit = 1 - (1 - candidate.fit) * (1 - 0.5 * best.strength);
  }
}

function matchOf(
  board: Board,
  candidate: Candidate,
  { change, fit }: { change: Finding; fit: Fit },
): ChangeMatch | undefined {
  if (fit.effect === 0 && fit.lexical === 0) return undefined;
  const place = placeOf(board, candidate.entity, change);
  if (place.near === 0 || place.atMs === undefined) return undefined;
  const timing = timingOf({ changeMs: place.atMs, onsetMs: candidate.onsetMs, toleranceMs: board.toleranceMs }, fit.by);
  const content = 1 - (1 - fit.effect) * (1 - fit.lexical);
  const rival = rivalsOf(board, candidate)[0];
  const against = 1 - rivalWeight * (rival?.strength ?? 0) * (1 - fit.effect);
  const strength = place.near * timing * content * against;
  if (strength === 0) return undefined;
  return {
    change,
    strength,
    features: { effect: fit.effect, lexical: fit.lexical, timing, place: place.near },
    lead: 0,
    because: fit.because,
    ...(rival === undefined ? {} : { rival }),
  };
}

/** Why each change that is not blamed is not: after the onset, without effect, off the path, or without its symptom seen. Those near the fault first. */
export function ruleOutChanges(board: Board, top: Candidate | undefined, onsetMs: number | undefined): RuledOut[] {
  return board.changes
    .filter((change) => change !== top?.change)
    .map((change) => ({ change, near: top === undefined ? 0 : placeOf(board, top.entity, change).near }))
    .sort((left, right) => right.near - left.near)
    .map(({ change, near }) => ({
      entity: change.entity,
      change: typeof change.data?.['change'] === 'string' ? change.data['change'] : change.id,
      reason: reasonAgainst(board, change, { top, onsetMs, near }),
      evidence: change.evidence,
    }));
}

function reasonAgainst(
  board: Board,
  change: Finding,
  { top, onsetMs, near }: { top: Candidate | undefined; onsetMs: number | undefined; near: number },
): string {
  const innocent = change.data?.['innocent'];
  if (typeof innocent === 'string') return innocent;
  if (onsetMs !== undefined && change.onset !== undefined && msOf(change.onset) > onsetMs + board.toleranceMs)
    return 'came after the onset';
  if (top === undefined) return 'nothing departs from normal in a way that it could have caused';
  if (!top.fault.culprit) return `${top.fault.title} explains what is seen; no change brings that`;
  if (
    near === 0 &&
    board.path(top.entity, change.entity) === undefined &&
    board.path(change.entity, top.entity) === undefined
  )
    return `no dependency path joins it to ${entityNameOf(top.entity)}`;
  const effects = change.data?.['effects'];
  if (near > 0)
    return Array.isArray(effects) && effects.length === 0
      ? 'its content cannot be read, and nothing else speaks for it'
      : `what it does does not bring ${top.fault.title}${top.change === undefined ? '' : ' as well as another change does'}`;
  return `the mechanism is seen at ${entityNameOf(top.entity)}, not at ${entityNameOf(change.entity)}`;
}
