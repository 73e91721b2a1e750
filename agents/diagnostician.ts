import { z } from 'zod';
import { diagnosis } from '../domain/diagnosis.ts';
import type { Agent, AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { chooseBaseline, chooseWindow } from './choose-window.ts';
import { note } from './sentence.ts';

const ranked = z.object({ diagnosis }).loose();

/** Asks the engine for ranked causes over the evidence of this run. What it hands back is the engine's diagnosis, certificates included. */
export function createDiagnostician(): Agent {
  return {
    name: 'diagnostician',
    description:
      'Ranks causes over the collected evidence; each comes with a certificate, what was ruled out and what could not be seen.',
    toolNames: ['rank_causes', 'find_similar_incidents'],
    run: diagnose,
  };
}

async function diagnose(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const window = chooseWindow(task.question, task.understanding);
  const baseline = chooseBaseline(task.understanding);
  const input = {
    window,
    ...(baseline === undefined ? {} : { baseline }),
    focus: task.understanding.entities,
    evidence: task.evidence.map(({ id }) => id),
  };
  const called = await callTool(context, 'rank_causes', input, ranked);
  if (called.data === undefined)
    return emptyReport({ headline: [note(`No cause could be worked out: ${called.missing}.`)] });
  return emptyReport({
    diagnosis: called.data.diagnosis,
    evidence: called.evidence === undefined ? [] : [called.evidence],
  });
}
