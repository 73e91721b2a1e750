import { join } from 'node:path';
import type { Clock } from '../../infra/runtime/clock.ts';
import type { Logger } from '../../infra/runtime/logger.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Redactor } from '../../infra/runtime/redact.ts';
import { createActOnce } from './act-once.ts';
import type { ApprovalOptions, Approvals } from './approve.ts';
import { createApprovals } from './approve.ts';
import type { AuditLog } from './audit.ts';
import { openAudit } from './audit.ts';
import { createAuthorize } from './authorize.ts';
import type { BudgetOptions, Budgets } from './budget.ts';
import { createBudgets } from './budget.ts';
import type { Guard } from './guard.ts';
import { openLedger } from './ledger.ts';
import type { LoopOptions } from './loop.ts';
import { createLoopGuard } from './loop.ts';
import type { RateLimitOptions } from './rate-limit.ts';
import { createRateLimit } from './rate-limit.ts';

/** All guards, in the order in which they stand, and the stores behind them that doors and reasoners use. */
export interface Guards {
  list: Guard[];
  budgets: Budgets;
  approvals: Approvals;
  audit: AuditLog;
  /** Forgets budgets and repeat counts that nobody touched for `ms`. Approvals, acts and the audit stay. */
  forgetOlderThan(ms: number): void;
  close(): void;
}

export interface GuardOptions {
  budget?: BudgetOptions;
  loop?: LoopOptions;
  rate?: RateLimitOptions;
  approval?: ApprovalOptions;
}

/** Opens the guards in a data folder (`:memory:` for none on disk): authorise, rate, budget, loop, act once, approve, audit. */
export function openGuards(
  deps: { clock: Clock; redactor: Redactor; metrics: Metrics; logger: Logger },
  folder: string,
  options: GuardOptions = {},
): Guards {
  const pathOf = (name: string): string => (folder === ':memory:' ? folder : join(folder, name));
  const ledger = openLedger(pathOf('ledger.db'));
  const audit = openAudit(deps, pathOf('audit.db'));
  const stores = { ledger, clock: deps.clock, metrics: deps.metrics };
  const budgets = createBudgets(stores, options.budget);
  const approvals = createApprovals(stores, options.approval);
  const actOnce = createActOnce(stores);
  return {
    list: [
      createAuthorize(),
      createRateLimit(deps, options.rate),
      budgets.guard,
      createLoopGuard(stores, options.loop),
      actOnce.replay,
      approvals.guard,
      audit.guard,
      actOnce.claim,
    ],
    budgets,
    approvals,
    audit,
    forgetOlderThan(ms) {
      const before = deps.clock.now() - ms;
      ledger.sql.prepare('DELETE FROM repeats WHERE at < ?').run(before);
      ledger.sql.prepare('DELETE FROM budgets WHERE at < ?').run(before);
    },
    close() {
      ledger.close();
      audit.close();
    },
  };
}
