import type { Principal } from '../../domain/question.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Guard } from './guard.ts';

/** A person's pending or taken decision, bound to the hash of exactly one action of one run. */
export interface Approval {
  id: string;
  action: string;
  run: string;
  tool: string;
  input: unknown;
  requestedBy: string;
  status: 'pending' | 'approved' | 'refused' | 'used';
  decidedBy?: string;
  expiresAt: number;
}

export interface Approvals {
  guard: Guard;
  pending(): Approval[];
  get(id: string): Approval | undefined;
  /** Records a decision. Throws FORBIDDEN without the approver's role or for the requester himself, NOT_FOUND, CONFLICT when no longer pending or expired. */
  decide(id: string, by: Principal, approved: boolean): Approval;
}

export interface ApprovalOptions {
  /** An approval that is not used within this time is void. */
  validMs?: number;
}

/** Makes the approvals on an open ledger. One approval lets exactly one act pass, with the requester's own rights. */
export function createApprovals(
  deps: { ledger: Database; clock: Clock; metrics?: Metrics },
  options: ApprovalOptions = {},
): Approvals {
  const validMs = options.validMs ?? 30 * 60_000;
  const { sql } = deps.ledger;
  const open = sql.prepare(
    `SELECT * FROM approvals WHERE action = ? AND run = ? AND status IN ('pending', 'approved', 'refused') AND expires_at > ? ORDER BY requested_at DESC LIMIT 1`,
  );
  const insert = sql.prepare(
    `INSERT INTO approvals (id, action, run, tool, input, requested_by, requested_at, status, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?)`,
  );
  const use = sql.prepare(`UPDATE approvals SET status = 'used' WHERE id = ? AND status = 'approved'`);
  const pendingRows = sql.prepare(
    `SELECT * FROM approvals WHERE status = 'pending' AND expires_at > ? ORDER BY requested_at, id`,
  );
  const decideRow = sql.prepare(
    `UPDATE approvals SET status = ?, decided_by = ?, decided_at = ? WHERE id = ? AND status = 'pending'`,
  );
  const byId = sql.prepare('SELECT * FROM approvals WHERE id = ?');
  const pending = (): Approval[] => pendingRows.all(deps.clock.now()).map(approvalOf);
  const get = (id: string): Approval | undefined => {
    const row = byId.get(id);
    return row === undefined ? undefined : approvalOf(row);
  };
  const measure = (): void => deps.metrics?.set('cerebro_approvals_pending', pending().length);

  return {
    pending,
    get,
    decide(id, by, approved) {
      const approval = get(id);
      if (approval === undefined) throw new CerebroError('NOT_FOUND', `No approval has the id ${id}.`);
      if (!by.roles.includes('approver') && !by.roles.includes('admin')) {
        throw new CerebroError('FORBIDDEN', `${by.id} is no approver.`);
      }
      if (by.id === approval.requestedBy) {
        throw new CerebroError('FORBIDDEN', 'Nobody decides on an action that was requested in his own name.');
      }
      const inTime = approval.expiresAt > deps.clock.now();
      if (!inTime || decideRow.run(approved ? 'approved' : 'refused', by.id, deps.clock.now(), id).changes !== 1) {
        throw new CerebroError(
          'CONFLICT',
          `Approval ${id} is ${inTime ? approval.status : 'expired'}; ask for the action again.`,
        );
      }
      measure();
      return get(id) ?? approval;
    },
    guard: {
      name: 'approve',
      before(call) {
        if (call.effect !== 'act' || !call.valid) return undefined;
        const { run, principal } = call.session;
        const row = open.get(call.key(), run, deps.clock.now());
        const found = row === undefined ? undefined : approvalOf(row);
        if (found?.status === 'approved' && use.run(found.id).changes === 1) return undefined;
        if (found?.status === 'refused') {
          return {
            status: 'failed',
            code: 'FORBIDDEN',
            message: `${found.decidedBy ?? 'An approver'} refused ${call.tool} with this input.`,
            hint: 'Do not ask again for the same action; propose another one or stop.',
          };
        }
        const id = found?.id ?? `ap_${call.id}`;
        if (found === undefined) {
          const now = deps.clock.now();
          insert.run(id, call.key(), run, call.tool, JSON.stringify(call.input), principal.id, now, now + validMs);
          measure();
        }
        return {
          status: 'needs-approval',
          action: call.key(),
          reason: `${call.tool} acts; approval ${id} waits for a person other than ${principal.id}.`,
        };
      },
    },
  };
}

function approvalOf(row: Record<string, unknown>): Approval {
  return {
    id: String(row['id']),
    action: String(row['action']),
    run: String(row['run']),
    tool: String(row['tool']),
    input: JSON.parse(String(row['input'])) as unknown,
    requestedBy: String(row['requested_by']),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table's CHECK holds it to these words
    status: row['status'] as Approval['status'],
    ...(typeof row['decided_by'] === 'string' ? { decidedBy: row['decided_by'] } : {}),
    expiresAt: Number(row['expires_at']),
  };
}
