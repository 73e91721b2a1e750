import type { EntityId } from '../../../domain/entity.ts';
import type { CallOutcome } from './success-by-version.ts';

/** How a new version fares beside the old one: shares of failed calls, and how many looks at the new one showed none. */
export interface VersionComparison {
  newFailed: number;
  oldFailed: number;
  cleanLooks: number;
}

/**
 * Compares the calls into a service's new version with those into its other versions from the same callers over the same time; what the old
 * ones failed before counts against neither. Undefined where nothing is heard of the new version.
 */
export function compareVersions(
  outcomes: readonly CallOutcome[],
  about: { entity: EntityId; version: string; fromMs: number },
): VersionComparison | undefined {
  const mine = outcomes.filter(({ entity, version }) => entity === about.entity && version !== undefined);
  const fresh = mine.filter(({ version }) => version === about.version);
  if (fresh.length === 0) return undefined;
  const callers = new Set(fresh.map(({ caller }) => caller));
  const old = mine.filter(({ version, caller }) => version !== about.version && callers.has(caller));
  const since = Math.min(about.fromMs, ...fresh.map(({ failed }) => failed[0]?.[0] ?? about.fromMs));
  const before = meanOf(old, (at) => at < since);
  const during = meanOf(old, (at) => at >= since);
  // One look is one time: it is clean when no caller of any new pod saw a failure then.
  const looks = new Map<number, number>();
  for (const { failed } of fresh)
    for (const [at, share] of failed) {
      const key = Math.round(at / 10_000);
      looks.set(key, Math.max(looks.get(key) ?? 0, share));
    }
  const shares = [...looks.values()];
  return {
    newFailed: Math.max(0, worstCaller(fresh) - (before ?? 0)),
    oldFailed: Math.max(0, (during ?? 0) - (before ?? 0)),
    cleanLooks: shares.filter((share) => share < 0.02).length,
  };
}

/** The mean share that the worst-off caller of the new version saw fail. */
function worstCaller(fresh: readonly CallOutcome[]): number {
  const byCaller = new Map<string, CallOutcome[]>();
  for (const one of fresh) byCaller.set(one.caller ?? '', [...(byCaller.get(one.caller ?? '') ?? []), one]);
  return Math.max(...[...byCaller.values()].map((ones) => meanOf(ones, () => true) ?? 0));
}

function meanOf(outcomes: readonly CallOutcome[], within: (at: number) => boolean): number | undefined {
  const shares = outcomes.flatMap(({ failed }) => failed.filter(([at]) => within(at)).map(([, share]) => share));
  return shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
