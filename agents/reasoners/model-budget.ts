import type { Clock } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';

/** The schema of a budget's file, to be given to `openDatabase`. */
export const modelBudgetMigrations: readonly string[] = [
  'CREATE TABLE model_spending (day INTEGER PRIMARY KEY, tokens INTEGER NOT NULL, microdollars INTEGER NOT NULL) STRICT',
];

/** How much may be spent in one UTC day, and what a million tokens costs in dollars. Absent limits do not limit. */
export interface ModelBudgetOptions {
  tokensPerDay?: number;
  dollarsPerDay?: number;
  dollarsPerMillionInput?: number;
  dollarsPerMillionOutput?: number;
}

/**
 * What models may cost. `reserve` takes the most that a call can cost before it is made and throws BUDGET_EXHAUSTED when that does not
 * fit; `settle` replaces the reservation by what was really used. Two calls side by side cannot overdraw.
 */
export interface ModelBudget {
  reserve(inputTokens: number, outputTokens: number): { settle(inputTokens: number, outputTokens: number): void };
  spent(): { tokens: number; dollars: number };
}

/** A budget per UTC day; with a database it outlives a restart, without one it lasts as long as the process. */
export function createModelBudget(
  deps: { clock: Clock; database?: Database },
  options: ModelBudgetOptions = {},
): ModelBudget {
  const memory = new Map<number, { tokens: number; microdollars: number }>();
  const today = (): number => Math.floor(deps.clock.now() / 86_400_000);
  const costOf = (input: number, output: number): number =>
    Math.round(input * (options.dollarsPerMillionInput ?? 0) + output * (options.dollarsPerMillionOutput ?? 0));
  const read = (day: number): { tokens: number; microdollars: number } => {
    const row = deps.database?.sql.prepare('SELECT tokens, microdollars FROM model_spending WHERE day = ?').get(day);
    if (deps.database === undefined) return memory.get(day) ?? { tokens: 0, microdollars: 0 };
    return { tokens: Number(row?.['tokens'] ?? 0), microdollars: Number(row?.['microdollars'] ?? 0) };
  };
  const add = (day: number, tokens: number, microdollars: number): void => {
    if (deps.database === undefined) {
      const old = read(day);
      memory.set(day, { tokens: old.tokens + tokens, microdollars: old.microdollars + microdollars });
      return;
    }
    deps.database.sql
      .prepare(
        'INSERT INTO model_spending VALUES (?, ?, ?) ON CONFLICT (day) DO UPDATE SET tokens = tokens + excluded.tokens, microdollars = microdollars + excluded.microdollars',
      )
      .run(day, tokens, microdollars);
  };
  const reserveNow = (day: number, tokens: number, microdollars: number): void => {
    const spent = read(day);
    const tokenLimit = options.tokensPerDay ?? Infinity;
    const moneyLimit = (options.dollarsPerDay ?? Infinity) * 1e6;
    if (spent.tokens + tokens > tokenLimit || spent.microdollars + microdollars > moneyLimit) {
      throw new CerebroError(
        'BUDGET_EXHAUSTED',
        "Today's model budget does not allow this call; raise the limit or wait for the next UTC day.",
        {
          details: { spentTokens: spent.tokens, spentDollars: spent.microdollars / 1e6 },
        },
      );
    }
    add(day, tokens, microdollars);
  };
  return {
    reserve(inputTokens, outputTokens) {
      const day = today();
      const tokens = inputTokens + outputTokens;
      const cost = costOf(inputTokens, outputTokens);
      if (deps.database === undefined) reserveNow(day, tokens, cost);
      else deps.database.transaction(() => reserveNow(day, tokens, cost));
      let settled = false;
      return {
        settle(usedInput, usedOutput) {
          if (settled) return;
          settled = true;
          add(day, usedInput + usedOutput - tokens, costOf(usedInput, usedOutput) - cost);
        },
      };
    },
    spent() {
      const { tokens, microdollars } = read(today());
      return { tokens, dollars: microdollars / 1e6 };
    },
  };
}
