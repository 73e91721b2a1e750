import type { EntityId } from '../../domain/entity.ts';
import { entityKindOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Board } from './board.ts';
import { type Candidate, strengthOf } from './candidates.ts';
import { canBring } from './explain-away.ts';

/** What all candidates of an incident are measured against. */
export interface FeatureContext {
  board: Board;
  symptoms: readonly Finding[];
  focus: readonly EntityId[];
  /** How many entities among those with candidates have a smaller own departure, as a share in [0, 1]. */
  ownRank(entity: EntityId): number;
  /** Complaints of others about an entity, against the most that any entity has, in [0, 1]. */
  complaints(entity: EntityId): number;
  /** Strength of what departs at an entity, against the most of any, in [0, 1]. */
  breadth(entity: EntityId): number;
  /** The share of entities with candidates that began later, in [0, 1]; a half without an onset. */
  firstness(onsetMs: number | undefined): number;
  /** An entity's own part in the added time or failures, against all own parts, in [0, 1]. */
  share(entity: EntityId): number;
  /** How much the order or kind of events changed at an entity, against the most of any, in [0, 1]. */
  novelty(entity: EntityId): number;
  /** The best fit of a kind at an entity. */
  bestFit(entity: EntityId): number;
  /** The onset of what was complained about, or of the first strong symptom. */
  symptomMs(candidate: Candidate): number | undefined;
}

/** Roles by which one party complains about another. */
const complaintRoles = new Set(['errors', 'latency', 'network', 'availability', 'database-latency', 'retries', 'lock']);
/** Aspects that tell an entity's own part: what nothing it calls accounts for. */
const ownAspects = new Set(['self-time', 'error-origin', 'shared-gap', 'contribution']);

/** Measures an incident once for all its candidates. Cost linear in findings and candidates, and symptoms times entities. */
export function createFeatureContext(
  board: Board,
  candidates: readonly Candidate[],
  seen: { symptoms: readonly Finding[]; focus: readonly EntityId[] },
): FeatureContext {
  const entities = [...new Set(candidates.map(({ entity }) => entity))];
  // All that can be seen of a party outside is what its callers measure.
  const ofOwn = (entity: EntityId): readonly Finding[] =>
    board.at(entity, entityKindOf(entity) === 'external' ? 'in' : 'self');
  const size = tally(entities, (entity) => Math.max(0, ...ofOwn(entity).map(sizeOf)));
  const complained = tally(entities, (entity) => sumOf(board.at(entity, 'in').filter(isComplaint).map(strengthOf)));
  const departs = tally(entities, (entity) => sumOf(ofOwn(entity).map(strengthOf)));
  const own = tally(entities, (entity) => sumOf(board.at(entity, 'self').filter(isOwnPart).map(strengthOf)));
  const novel = tally(entities, (entity) => Math.max(0, ...board.at(entity, 'self').map(noveltyOf)));
  const fits = new Map<EntityId, number>();
  for (const { entity, fit } of candidates) fits.set(entity, Math.max(fits.get(entity) ?? 0, fit));
  const onsets = entities
    .map((entity) => earliest(candidates.filter((one) => one.entity === entity)))
    .filter((at) => at !== undefined);
  const ownTotal = sumOf([...own.values()]);
  const most = (counts: ReadonlyMap<EntityId, number>) => {
    const top = Math.max(0, ...counts.values());
    return (entity: EntityId): number => (top === 0 ? 0 : (counts.get(entity) ?? 0) / top);
  };
  return {
    board,
    ...seen,
    ownRank: (entity) => {
      const mine = size.get(entity) ?? 0;
      if (mine === 0) return 0;
      const others = entities.filter((one) => one !== entity);
      if (others.length === 0) return 1;
      return others.filter((one) => (size.get(one) ?? 0) < mine).length / others.length;
    },
    complaints: most(complained),
    breadth: most(departs),
    firstness: (at) => {
      if (at === undefined || onsets.length < 2) return 0.5;
      return onsets.filter((other) => other > at + board.toleranceMs / 2).length / (onsets.length - 1);
    },
    share: (entity) => (ownTotal === 0 ? 0 : (own.get(entity) ?? 0) / ownTotal),
    novelty: most(novel),
    bestFit: (entity) => fits.get(entity) ?? 0,
    symptomMs: (candidate) => {
      const others = seen.symptoms.filter(
        ({ entity, onset, kind }) => onset !== undefined && kind !== 'log-pattern' && entity !== candidate.entity,
      );
      const brought = others.filter((symptom) => canBring(board, candidate, symptom));
      const asked = brought.filter(({ entity }) => seen.focus.includes(entity));
      const dated = asked.length > 0 ? asked : brought;
      const worst = Math.max(0, ...dated.map(({ severity }) => severity));
      const strong = dated.filter(({ severity }) => severity >= 0.5 * worst);
      return strong.length === 0 ? undefined : Math.min(...strong.map(({ onset }) => msOf(onset ?? '')));
    },
  };
}

/** Whether a finding tells what arises in an entity itself. */
export function isOwnPart({ data }: Finding): boolean {
  return typeof data?.['aspect'] === 'string' && ownAspects.has(data['aspect']);
}

/** The size of a departure in units of spread, with the sign left out. */
export function sizeOf({ effect }: Finding): number {
  return Math.abs(effect?.size ?? 0);
}

function isComplaint({ signal, kind, faultKind }: Finding): boolean {
  return complaintRoles.has(signal.role) || (kind === 'log-pattern' && faultKind !== undefined);
}

function noveltyOf(finding: Finding): number {
  return finding.signal.type === 'event' || finding.data?.['aspect'] === 'lost-calls' ? finding.severity : 0;
}

function earliest(candidates: readonly Candidate[]): number | undefined {
  const onsets = candidates.flatMap(({ onsetMs }) => (onsetMs === undefined ? [] : [onsetMs]));
  return onsets.length === 0 ? undefined : Math.min(...onsets);
}

function tally(entities: readonly EntityId[], measure: (entity: EntityId) => number): Map<EntityId, number> {
  return new Map(entities.map((entity) => [entity, measure(entity)]));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
