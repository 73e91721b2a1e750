import type { Finding } from '../../domain/finding.ts';
import { numbersOf } from '../../infra/runtime/member-of.ts';

/**
 * One thing that a fault of some kind shows. `where`: `self` at the entity, `in` on calls to it (told by callers), `out` on its own calls,
 * `shared` at others that use the same queue or volume, `everywhere` at
 * services, counted by the share of them that show it. `shows` are patterns `+role/aspect` (up), `-role/aspect` (down), `~role` (changed,
 * new), `!role` (gone), `hint` (a log line, check or event that names this kind), `hint:kind`, `check` (a failed check that does); the aspect
 * may be left out; any of them will do.
 */
export interface Clue {
  where: 'self' | 'in' | 'out' | 'shared' | 'everywhere';
  shows: readonly string[];
  /** How much it speaks for the kind when seen fully, in [0, 1]. */
  weight: number;
  says: string;
  /** Without one of the required clues the kind is no candidate. */
  required?: boolean;
  /** The least observed level (base units) that counts. */
  least?: number;
  /** The least ratio of observed to baseline that counts. */
  leastRatio?: number;
  /** The most: a rise from next to nothing is a start, not a surge. */
  mostRatio?: number;
  /** The most baseline level (base units) from which it counts. */
  mostBaseline?: number;
  /** Counts only while the level rises all along. */
  rising?: boolean;
  /** Counts only where the error reasons contain one of these words. */
  reasons?: readonly string[];
}

const signs: Readonly<Record<string, readonly string[]>> = {
  '+': ['up', 'new'],
  '-': ['down'],
  '~': ['changed', 'new'],
  '!': ['gone'],
};

/** Whether a finding (already at the right place) is what a pattern asks for. */
export function fitsPattern(finding: Finding, pattern: string, faultKind: string): boolean {
  if (pattern === 'hint') return finding.faultKind === faultKind && finding.kind !== 'change';
  if (pattern === 'check') return finding.faultKind === faultKind && finding.kind === 'failed-check';
  if (pattern.startsWith('hint:')) return finding.faultKind === pattern.slice(5) && finding.kind !== 'change';
  if (finding.kind === 'log-pattern' || finding.kind === 'change' || finding.kind === 'failed-check') return false;
  const directions = signs[pattern[0] ?? ''] ?? [];
  const direction = directionOfUse(finding);
  if (direction === undefined || !directions.includes(direction)) return false;
  const [role, aspect] = pattern.slice(1).split('/');
  if (finding.signal.role !== role) return false;
  if (aspect === undefined) return true;
  const data = finding.data ?? {};
  return data['aspect'] === aspect || data['quantity'] === aspect;
}

/** What is left of a thing falls as its use rises. */
function directionOfUse({ direction, data }: Finding): Finding['direction'] {
  if (data?.['aspect'] !== 'left') return direction;
  return direction === 'down' ? 'up' : direction === 'up' ? 'down' : direction;
}

/** Whether a finding is what a clue asks for, its conditions included. */
export function fitsClue(finding: Finding, clue: Clue, faultKind: string): boolean {
  if (!clue.shows.some((pattern) => fitsPattern(finding, pattern, faultKind))) return false;
  if (!isWithin(finding.effect, clue)) return false;
  if (clue.rising === true && finding.data?.['rising'] !== true) return false;
  if (clue.reasons !== undefined) {
    const seen = Object.keys(numbersOf(finding.data?.['reasons'])).join(' ');
    if (!clue.reasons.some((word) => seen.includes(word))) return false;
  }
  return true;
}

/** Whether levels and their ratio lie within what a clue asks; an effect that is not known is taken where the clue asks for no ratio. */
function isWithin(effect: Finding['effect'], clue: Clue): boolean {
  const { least = -Infinity, leastRatio = 0, mostRatio = Infinity, mostBaseline = Infinity } = clue;
  if (effect === undefined) return clue.leastRatio === undefined && clue.mostRatio === undefined;
  if (effect.observed < least || effect.baseline > mostBaseline) return false;
  return (effect.ratio ?? 0) >= leastRatio && (clue.mostRatio === undefined || (effect.ratio ?? Infinity) <= mostRatio);
}
