import { outcome as outcomeSchema } from '../../domain/outcome.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import type { Guard } from './guard.ts';

/**
 * Lets an acting call of a run happen once. A resumed run that makes the call again gets the outcome of the first; where the process died
 * between start and end, the call is refused because nobody knows whether it took effect. Must stand directly before the tool: what passes
 * it runs.
 */
export function createActOnce(deps: { ledger: Database; clock: Clock }): { replay: Guard; claim: Guard } {
  const { sql } = deps.ledger;
  const select = sql.prepare('SELECT outcome FROM acts WHERE run = ? AND key = ?');
  const claimRow = sql.prepare('INSERT OR IGNORE INTO acts (run, key, tool, at, outcome) VALUES (?, ?, ?, ?, NULL)');
  const finish = sql.prepare('UPDATE acts SET outcome = ? WHERE run = ? AND key = ? AND outcome IS NULL');
  const unknownEnd = (tool: string) =>
    ({
      status: 'failed',
      code: 'CONFLICT',
      message: `${tool} was started before with exactly this input and its end was not recorded.`,
      hint: 'It may have taken effect. Read the current state to see, and propose a new action if it did not.',
    }) as const;
  const claimed = new Set<string>();
  return {
    // Before the approval guard: a call that was done needs no second approval.
    replay: {
      name: 'act-replay',
      before(call) {
        if (call.effect !== 'act' || !call.valid) return undefined;
        const row = select.get(call.session.run, call.key());
        if (row === undefined) return undefined;
        if (typeof row['outcome'] !== 'string') return unknownEnd(call.tool);
        return outcomeSchema.parse(JSON.parse(row['outcome']));
      },
    },
    // After it: the claim is the last thing before the tool runs.
    claim: {
      name: 'act-claim',
      before(call) {
        if (call.effect !== 'act' || !call.valid) return undefined;
        const won = claimRow.run(call.session.run, call.key(), call.tool, deps.clock.now()).changes === 1;
        if (!won) return unknownEnd(call.tool);
        claimed.add(call.id);
        return undefined;
      },
      after(call, outcome) {
        if (claimed.delete(call.id)) finish.run(JSON.stringify(outcome), call.session.run, call.key());
      },
    },
  };
}
