import type { Clock } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import type { Guard } from './guard.ts';

/** What a run has used: tool calls, model tokens, and money in US dollars. */
export interface Spent {
  steps: number;
  tokens: number;
  money: number;
}

/** The accounts of all runs. Rows on disk: a restart, a pause or a compacted transcript never resets them. */
export interface Budgets {
  guard: Guard;
  /** Adds to a run's account; also what models used. Returns the new state. */
  spend(run: string, amount: Partial<Spent>): Spent;
  of(run: string): Spent;
  /** The first limit that the run has reached, in words; undefined while it may go on. */
  exhausted(run: string): string | undefined;
}

export interface BudgetOptions {
  maxSteps?: number;
  maxTokens?: number;
  maxMoney?: number;
}

/** Makes the accounts on an open ledger. Every tool call costs one step, refused and mistaken ones too. */
export function createBudgets(deps: { ledger: Database; clock: Clock }, options: BudgetOptions = {}): Budgets {
  const limits: Spent = {
    steps: options.maxSteps ?? 300,
    tokens: options.maxTokens ?? 1_000_000,
    money: options.maxMoney ?? 5,
  };
  const { sql } = deps.ledger;
  const select = sql.prepare('SELECT steps, tokens, money FROM budgets WHERE run = ?');
  const add = sql.prepare(
    `INSERT INTO budgets (run, steps, tokens, money, at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (run) DO UPDATE SET steps = steps + excluded.steps, tokens = tokens + excluded.tokens, money = money + excluded.money, at = excluded.at
     RETURNING steps, tokens, money`,
  );
  const spend = (run: string, amount: Partial<Spent>): Spent =>
    spentOf(add.get(run, amount.steps ?? 0, amount.tokens ?? 0, amount.money ?? 0, deps.clock.now()));
  const over = (spent: Spent, slack: number): string | undefined => {
    if (spent.steps >= limits.steps + slack) return `${limits.steps} tool calls`;
    if (spent.tokens >= limits.tokens) return `${limits.tokens} tokens`;
    if (spent.money >= limits.money) return `${limits.money} US dollars`;
    return undefined;
  };
  const of = (run: string): Spent => spentOf(select.get(run));
  return {
    spend,
    of,
    exhausted: (run) => over(of(run), 0),
    guard: {
      name: 'budget',
      before(call) {
        const limit = over(spend(call.session.run, { steps: 1 }), 1);
        if (limit === undefined) return undefined;
        return {
          status: 'failed',
          code: 'BUDGET_EXHAUSTED',
          message: `Run ${call.session.run} has used its budget of ${limit}.`,
          hint: 'Stop calling tools; conclude from the evidence that is there and say what remains open.',
        };
      },
    },
  };
}

function spentOf(row: Record<string, unknown> | undefined): Spent {
  return {
    steps: Number(row?.['steps'] ?? 0),
    tokens: Number(row?.['tokens'] ?? 0),
    money: Number(row?.['money'] ?? 0),
  };
}
