import { z } from 'zod';
import { finding } from '../domain/finding.ts';
import type { Finding } from '../domain/finding.ts';
import type { AgentContext, AgentTask } from './agent.ts';
import { callTool } from './call-tool.ts';
import type { Called } from './call-tool.ts';
import { chooseBaseline, chooseWindow } from './choose-window.ts';

const withFindings = z.object({ findings: z.array(finding).default([]) }).loose();
type WithFindings = z.infer<typeof withFindings>;

/** What one look at the systems gave. */
export interface Look {
  /** What was looked for, in a word for a person. */
  about: string;
  called: Called<WithFindings>;
  findings: Finding[];
}

/** The looks of an investigation: a word for a person, the tool, and whether it takes a baseline. Order is the order of reporting. */
const looks = [
  { about: 'topology', tool: 'walk_topology', compares: false },
  { about: 'metrics', tool: 'find_anomalies', compares: true },
  { about: 'logs', tool: 'find_log_patterns', compares: true },
  { about: 'traces', tool: 'search_traces', compares: true },
  { about: 'changes', tool: 'list_changes', compares: false },
  { about: 'resources', tool: 'check_resources', compares: false },
] as const;

/** Looks at everything side by side over the task's window. In the order of `looks`, whichever ends first. Never throws but for cancellation. */
export async function collectEvidence(task: AgentTask, context: AgentContext): Promise<Look[]> {
  const window = chooseWindow(task.question, task.understanding);
  const baseline = chooseBaseline(task.understanding);
  return Promise.all(
    looks.map(async ({ about, tool, compares }): Promise<Look> => {
      const input = { entities: [], window, ...(compares && baseline !== undefined ? { baseline } : {}) };
      const called = await callTool(context, tool, input, withFindings);
      const id = called.evidence?.id;
      const findings = (called.data?.findings ?? []).map((item) => ({
        ...item,
        evidence: id === undefined ? item.evidence : [id],
      }));
      return { about, called, findings };
    }),
  );
}
