import type { Clock } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import type { Guard } from './guard.ts';

export interface LoopOptions {
  /** How often a run may make the same call with the same input. */
  maxRepeats?: number;
  /** After this long without the call a client that has no runs of its own (an IDE over MCP) starts to count anew. */
  forgetMs?: number;
}

/** Stops a run that makes the same call with the same input again and again. Counts are rows keyed by run; a restart does not reset them. */
export function createLoopGuard(deps: { ledger: Database; clock: Clock }, options: LoopOptions = {}): Guard {
  const maxRepeats = options.maxRepeats ?? 6;
  const forgetMs = options.forgetMs ?? 60_000;
  const count = deps.ledger.sql.prepare(
    `INSERT INTO repeats (run, key, count, at) VALUES (?, ?, 1, ?)
     ON CONFLICT (run, key) DO UPDATE SET count = CASE WHEN repeats.at < ? THEN 1 ELSE count + 1 END, at = excluded.at RETURNING count`,
  );
  return {
    name: 'loop',
    before(call) {
      const now = deps.clock.now();
      const forgetBefore = call.session.principal.kind === 'mcp-client' ? now - forgetMs : Number.MIN_SAFE_INTEGER;
      const seen = Number(count.get(call.session.run, call.key(), now, forgetBefore)?.['count'] ?? 0);
      if (seen <= maxRepeats) return undefined;
      return {
        status: 'failed',
        code: 'LOOP_DETECTED',
        message: `${call.tool} was called ${seen} times with the same input in this run.`,
        hint: 'The answer will not change: use the evidence of the earlier call (get_evidence), or change the entities, window or query.',
      };
    },
  };
}
