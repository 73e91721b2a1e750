import { z } from 'zod';
import { finding } from '../domain/finding.ts';
import type { Finding } from '../domain/finding.ts';
import { window as windowSchema } from '../domain/time.ts';
import type { AgentContext, AgentTask, Compared } from './agent.ts';
import { callTool } from './call-tool.ts';
import type { Called } from './call-tool.ts';
import { chooseBaseline, chooseWindow, spanBefore, widened } from './choose-window.ts';

const seen = z
  .object({
    findings: z.array(finding).default([]),
    /** Where a tool found the quiet span and the onset itself, it says what it compared. */
    window: windowSchema.optional(),
    baseline: windowSchema.optional(),
  })
  .loose();

/** What one look at the systems gave. */
export interface Look {
  /** What was looked for, in a word for a person. */
  about: string;
  called: Called<z.infer<typeof seen>>;
  findings: Finding[];
}

/** All looks of an investigation, in the order of reporting, and the spans that were compared. */
export interface Collected {
  looks: Look[];
  compared: Compared;
}

/** A change may show hours after it was made. */
const changesBeforeMs = 3 * 3_600_000;

/**
 * Looks at everything, side by side: metrics, topology, changes and resources at once; logs and traces with them where the baseline is known
 * already, else as soon as the metrics have told it. Never throws but for cancellation.
 */
export async function collectEvidence(task: AgentTask, context: AgentContext): Promise<Collected> {
  const window = chooseWindow(task.question, task.understanding);
  const asked = chooseBaseline(task.understanding);
  const look = async (about: string, tool: string, input: Record<string, unknown>): Promise<Look> => {
    const called = await callTool(context, tool, { entities: [], ...input }, seen);
    const id = called.evidence?.id;
    const findings = called.data?.findings ?? [];
    return {
      about,
      called,
      findings: id === undefined ? findings : findings.map((item) => ({ ...item, evidence: [id] })),
    };
  };
  const metrics = look('metrics', 'find_anomalies', { window, ...(asked === undefined ? {} : { baseline: asked }) });
  const compared = (async (): Promise<Required<Compared>> => {
    if (asked !== undefined) return { window, baseline: asked };
    const { data } = (await metrics).called;
    return { window: data?.window ?? window, baseline: data?.baseline ?? spanBefore(data?.window ?? window) };
  })();
  const then = async (about: string, tool: string): Promise<Look> => look(about, tool, await compared);
  const looks = await Promise.all([
    metrics,
    then('logs', 'find_log_patterns'),
    then('traces', 'search_traces'),
    look('changes', 'list_changes', { window: widened(window, changesBeforeMs) }),
    look('resources', 'check_resources', { window }),
    look('topology', 'walk_topology', { window: widened(window, 600_000) }),
  ]);
  return { looks, compared: await compared };
}
