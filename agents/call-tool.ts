import type { z } from 'zod';
import type { Evidence } from '../domain/evidence.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { AgentContext } from './agent.ts';

/** What came of a tool call: data that fits and its evidence, or why there is none. */
export interface Called<T> {
  tool: string;
  outcome: Outcome;
  data?: T;
  evidence?: Evidence;
  /** In words for a person, when there is no data: what was looked at, or what failed. */
  missing?: string;
}

/** Calls a tool and reads what the caller needs of its output. Never throws but for cancellation; unfit output counts as missing. */
export async function callTool<T>(
  context: AgentContext,
  tool: string,
  input: Record<string, unknown>,
  schema: z.ZodType<T>,
): Promise<Called<T>> {
  context.signal.throwIfAborted();
  const outcome = await context.tools.call(tool, input, context.signal);
  context.signal.throwIfAborted();
  if (outcome.status === 'no-data') return { tool, outcome, missing: `nothing found (${outcome.lookedAt})` };
  if (outcome.status === 'needs-approval') return { tool, outcome, missing: `waits for approval: ${outcome.reason}` };
  if (outcome.status === 'failed' && outcome.code === 'FORBIDDEN')
    return { tool, outcome, missing: `the asker's roles do not allow ${tool}` };
  if (outcome.status === 'failed') return { tool, outcome, missing: `${tool} failed (${outcome.code})` };
  const parsed = schema.safeParse(outcome.data);
  if (!parsed.success) return { tool, outcome, missing: `${tool} gave something that cannot be read` };
  return {
    tool,
    outcome,
    data: parsed.data,
    ...(outcome.evidence === undefined ? {} : { evidence: outcome.evidence }),
  };
}
