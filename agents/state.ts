import { ReducedValue, StateSchema } from '@langchain/langgraph';
import { z } from 'zod';
import { answer, chart, section, sentence } from '../domain/answer.ts';
import { diagnosis } from '../domain/diagnosis.ts';
import { entityId } from '../domain/entity.ts';
import { signalRole } from '../domain/finding.ts';
import { evidence } from '../domain/evidence.ts';
import type { Evidence } from '../domain/evidence.ts';
import { plan } from '../domain/plan.ts';
import { question, understanding } from '../domain/question.ts';
import { window } from '../domain/time.ts';

const compared = z.object({
  window,
  baseline: window.optional(),
  moved: z.array(z.object({ entity: entityId, role: signalRole })).optional(),
});

/** What an agent hands back, as the state holds it (plain JSON). */
export const agentReport = z.object({
  headline: z.array(sentence),
  sections: z.array(section),
  charts: z.array(chart),
  evidence: z.array(evidence),
  compared: compared.optional(),
  failed: z.boolean().optional(),
  diagnosis: diagnosis.optional(),
  plan: plan.optional(),
});
export type StoredReport = z.infer<typeof agentReport>;

/** Union by id, in order of first arrival; the first record of an id stays. Associative, idempotent, commutative up to order. */
export function mergeEvidence(old: readonly Evidence[], added: readonly Evidence[]): Evidence[] {
  const byId = new Map<string, Evidence>();
  for (const record of [...old, ...added]) if (!byId.has(record.id)) byId.set(record.id, record);
  return [...byId.values()];
}

/** One report per agent, keys in order; a later report of the same agent replaces the earlier. Associative, idempotent, commutative for distinct agents. */
export function mergeReports<Report>(
  old: Record<string, Report>,
  added: Record<string, Report>,
): Record<string, Report> {
  const both = { ...old, ...added };
  return Object.fromEntries(
    Object.keys(both)
      .toSorted()
      .map((agent) => [agent, both[agent]!]),
  );
}

/** The state of one run: plain JSON, small values; raw results live in the evidence store, services travel in the run context. */
export const runState = new StateSchema({
  run: z.string(),
  question,
  understanding: understanding.optional(),
  reports: new ReducedValue(z.record(z.string(), agentReport).default({}), { reducer: mergeReports }),
  evidence: new ReducedValue(
    z.array(evidence).default(() => []),
    { reducer: mergeEvidence },
  ),
  answer: answer.optional(),
});
export type RunState = typeof runState.State;
export type RunUpdate = typeof runState.Update;
