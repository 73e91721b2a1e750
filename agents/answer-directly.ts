import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { note } from './sentence.ts';

export async function answerDirectly(task: AgentTask, _context: AgentContext): Promise<AgentReport> {
  return emptyReport({ headline: [note(`Understood as ${task.understanding.intent}.`)] });
}
