import type { EntityId, Topology } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { Change, Series } from '../../../domain/signal.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { clamp } from '../signals/robust-statistics.ts';
import { dependenciesOf } from './dependencies-of.ts';
import type { CallOutcome } from './success-by-version.ts';
import { successByVersion } from './success-by-version.ts';
import { compareVersions } from './compare-versions.ts';

/** What is known of one rollout when it is judged. */
interface Rollout {
  change: Change;
  entity: EntityId;
  /** When the new version began to take calls; undefined where it is not known to. */
  servingMs?: number;
  logOdds: number;
  says: string[];
}

/** Log-odds of the arguments, set by judgement once: a direct difference outweighs all else, each clean look halves and halves again. */
const odds = {
  failsWhereOldDoesNot: 4.5,
  failsAlike: -2,
  cleanLook: -1.2,
  mostCleanLooks: 4,
  notServing: -3,
  barelyServing: -1,
  silent: 1,
  deepestFailing: 2,
  failing: 0.5,
  behindFailing: 1,
  offTheFailingPath: -1,
  newest: 0.6,
};

/**
 * Judges the canary rollouts that were under way at a time, one finding each (kind `edge-shift`, fault kind `bad-rollout`, `severity` the share
 * of blame among them). The new version's pods are compared with the old ones over the same time, call by call (difference in differences,
 * so that what hits both versions alike blames neither); a version that was seen to serve well is cleared step by step; one that serves
 * nothing yet cannot be to blame; what fails deepest along the calls comes before what only waits for it. Nothing after `at` is read.
 */
export function judgeRollouts(
  changes: readonly Change[],
  seen: { series: readonly Series[]; topology: Topology; at: string },
): Finding[] {
  const atMs = msOf(seen.at);
  const rollouts = changes.flatMap((change) => rolloutOf(change, atMs));
  if (rollouts.length === 0) return [];
  const outcomes = successByVersion(seen.series)
    .map((one) => ({ ...one, failed: one.failed.filter(([at]) => at <= atMs) }))
    .filter(({ failed }) => failed.length > 0);
  const stepMs = stepOf(outcomes);
  const needs = dependenciesOf(seen.topology, outcomes);
  const failing = failingNow(outcomes, atMs, stepMs);
  for (const rollout of rollouts) {
    weighVersions(rollout, outcomes, { failing, needs, rollouts });
    weighServing(rollout, outcomes, { atMs, stepMs });
    weighPath(rollout, failing, needs);
  }
  const newest = Math.max(...rollouts.map(({ servingMs }) => servingMs ?? 0));
  for (const rollout of rollouts) {
    // Of rollouts that nothing else tells apart, what began last before the onset is likelier: faults mostly show at once.
    const ageMs = newest - (rollout.servingMs ?? 0);
    if (rollout.servingMs !== undefined) rollout.logOdds += odds.newest * Math.exp(-ageMs / 120_000);
  }
  const total = rollouts.reduce((sum, { logOdds }) => sum + Math.exp(logOdds), 0);
  return rollouts
    .map((rollout) => findingOf(rollout, Math.exp(rollout.logOdds) / total))
    .sort((left, right) => right.severity - left.severity || (left.entity < right.entity ? -1 : 1));
}

function rolloutOf(change: Change, atMs: number): Rollout[] {
  const { kind, entity, labels } = change;
  if (kind !== 'rollout' || entity === undefined || labels?.['version'] === undefined || msOf(change.at) > atMs)
    return [];
  const serving = labels['serving_at'];
  const servingMs = serving === undefined ? undefined : msOf(serving);
  return [
    {
      change,
      entity,
      ...(servingMs === undefined || servingMs > atMs ? {} : { servingMs }),
      logOdds: 0,
      says: [],
    },
  ];
}

function stepOf(outcomes: readonly CallOutcome[]): number {
  const gaps = outcomes
    .flatMap(({ failed }) => failed.slice(-4).map(([at], index, all) => at - (all[index - 1]?.[0] ?? at)))
    .filter((gap) => gap > 0)
    .sort((left, right) => left - right);
  return gaps[Math.floor(gaps.length / 2)] ?? 60_000;
}

/** Callees whose calls fail at the last look, whoever tells of it. */
function failingNow(outcomes: readonly CallOutcome[], atMs: number, stepMs: number): Set<EntityId> {
  const failing = new Set<EntityId>();
  const lastAt = Math.max(...outcomes.map(({ failed }) => failed.at(-1)![0]));
  for (const { entity, failed } of outcomes) {
    const [time, share] = failed.at(-1)!;
    const fresh = time >= Math.max(lastAt - 0.5 * stepMs, atMs - 1.5 * stepMs);
    if (fresh && share >= 0.04) failing.add(entity);
  }
  return failing;
}

function weighVersions(
  rollout: Rollout,
  outcomes: readonly CallOutcome[],
  {
    failing,
    needs,
    rollouts,
  }: { failing: ReadonlySet<EntityId>; needs: Map<EntityId, Set<EntityId>>; rollouts: readonly Rollout[] },
): void {
  const compared = compareVersions(outcomes, {
    entity: rollout.entity,
    version: rollout.change.labels?.['version'] ?? '',
    fromMs: rollout.servingMs ?? msOf(rollout.change.at),
  });
  if (compared === undefined) return;
  const { newFailed, oldFailed, cleanLooks } = compared;
  const name = entityNameOf(rollout.entity);
  if (newFailed >= 0.05 && newFailed >= 3 * oldFailed) {
    rollout.logOdds += odds.failsWhereOldDoesNot;
    rollout.says.push(`its new pods fail ${percent(newFailed)} of calls while the old ones fail ${percent(oldFailed)}`);
    return;
  }
  const behind = rollouts.some((other) => other !== rollout && needs.get(rollout.entity)?.has(other.entity) === true);
  if (newFailed >= 0.05 && behind && failing.has(rollout.entity)) {
    rollout.logOdds += odds.failsAlike;
    rollout.says.push(`old and new pods of ${name} fail alike`);
  } else if (cleanLooks > 0) {
    rollout.logOdds += odds.cleanLook * Math.min(odds.mostCleanLooks, cleanLooks);
    rollout.says.push(`its new pods were seen to serve well ${cleanLooks} times`);
  }
}

function weighServing(
  rollout: Rollout,
  outcomes: readonly CallOutcome[],
  { atMs, stepMs }: { atMs: number; stepMs: number },
): void {
  if (rollout.servingMs === undefined) {
    rollout.logOdds += odds.notServing;
    rollout.says.push('its new pods did not serve yet');
    return;
  }
  const served = atMs - rollout.servingMs;
  if (served < 0.25 * stepMs) {
    rollout.logOdds += odds.barelyServing;
    rollout.says.push('its new pods had hardly begun to serve');
  }
  const version = rollout.change.labels?.['version'];
  const heard = outcomes.some((one) => one.entity === rollout.entity && one.version === version);
  if (!heard && served > 2.5 * stepMs) {
    rollout.logOdds += odds.silent;
    rollout.says.push('its new pods should serve but nothing is heard of them');
  }
}

function weighPath(rollout: Rollout, failing: ReadonlySet<EntityId>, needs: Map<EntityId, Set<EntityId>>): void {
  if (failing.size === 0) return;
  const below = needs.get(rollout.entity) ?? new Set<EntityId>();
  if (failing.has(rollout.entity)) {
    const deepest = ![...failing].some((other) => other !== rollout.entity && below.has(other));
    rollout.logOdds += deepest ? odds.deepestFailing : odds.failing;
    rollout.says.push(deepest ? 'it is the deepest of what fails' : 'calls to it fail');
  } else if ([...failing].some((one) => needs.get(one)?.has(rollout.entity) === true)) {
    rollout.logOdds += odds.behindFailing;
    rollout.says.push('what fails depends on it');
  } else {
    rollout.logOdds += odds.offTheFailingPath;
    rollout.says.push('nothing that fails depends on it');
  }
}

function findingOf({ change, entity, servingMs, says }: Rollout, share: number): Finding {
  return makeFinding({
    kind: 'edge-shift',
    entity,
    signal: { type: 'change', role: 'errors', name: 'rollout' },
    statement: `the rollout of ${entityNameOf(entity)}: ${says.join('; ') || 'nothing is seen of it either way'}`,
    direction: 'changed',
    onset: isoOf(servingMs ?? msOf(change.at)),
    severity: clamp(share, 0, 1),
    faultKind: 'bad-rollout',
    data: { aspect: 'rollout', change: change.id },
  });
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
