import type { Clock } from '../../infra/runtime/clock.ts';

/** Remembers what was taken in for a while, so that a second delivery is known. Slack repeats for up to an hour. */
export interface SeenEvents {
  /** True the first time a key comes, false after. */
  first(key: string): boolean;
}

/** Keeps at most `most` keys for `keepMs`; the oldest go first. */
export function createSeenEvents(deps: { clock: Clock }, keepMs = 2 * 3_600_000, most = 20_000): SeenEvents {
  const seen = new Map<string, number>();
  return {
    first(key) {
      const now = deps.clock.now();
      for (const [old, at] of seen) {
        if (at > now - keepMs && seen.size < most) break;
        seen.delete(old);
      }
      if (seen.has(key)) return false;
      seen.set(key, now);
      return true;
    },
  };
}
