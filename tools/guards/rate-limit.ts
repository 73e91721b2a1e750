import type { Clock } from '../../infra/runtime/clock.ts';
import type { Guard } from './guard.ts';

export interface RateLimitOptions {
  perSecond?: number;
  burst?: number;
}

/** Holds each principal to a rate of calls (token bucket, in memory: a second of history is all that it needs). */
export function createRateLimit(deps: { clock: Clock }, options: RateLimitOptions = {}): Guard {
  const perSecond = options.perSecond ?? 100;
  const burst = options.burst ?? 600;
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    name: 'rate-limit',
    before(call) {
      const now = deps.clock.monotonic();
      const bucket = buckets.get(call.session.principal.id) ?? { tokens: burst, at: now };
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      if (buckets.size > 10_000) buckets.clear();
      buckets.set(call.session.principal.id, bucket);
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return undefined;
      }
      return {
        status: 'failed',
        code: 'RATE_LIMITED',
        message: `${call.session.principal.id} makes more than ${perSecond} calls a second.`,
        hint: `Wait ${Math.ceil((1 - bucket.tokens) / perSecond)} s and ask for more at once (several entities, a longer window) instead of many small calls.`,
      };
    },
  };
}
