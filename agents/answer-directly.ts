import type { Intent } from '../domain/question.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { forecast } from './forecast.ts';
import { predictFailure } from './predict-failure.ts';
import { recall } from './recall.ts';
import { compareMetric, showMetric } from './show-metric.ts';
import { showChanges, showLogs, showTraces } from './show-records.ts';
import { tellImpact, tellStatus } from './tell-status.ts';
import { tellDependencies, tellServices } from './tell-topology.ts';

const answers: Record<Intent, (task: AgentTask, context: AgentContext) => Promise<AgentReport>> = {
  diagnose: tellStatus,
  status: tellStatus,
  'since-when': tellStatus,
  impact: tellImpact,
  'what-changed': showChanges,
  'show-metric': showMetric,
  'show-logs': showLogs,
  'show-traces': showTraces,
  compare: compareMetric,
  forecast,
  'predict-failure': predictFailure,
  dependencies: tellDependencies,
  'list-services': tellServices,
  history: recall,
  knowledge: recall,
  remediate: tellStatus,
  // Other agents answer these; the investigator adds nothing of its own.
  vulnerabilities: () => Promise.resolve(emptyReport()),
  costs: () => Promise.resolve(emptyReport()),
  help: () => Promise.resolve(emptyReport()),
};

/** Answers what can be read off the systems without seeking a cause. */
export function answerDirectly(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  return answers[task.understanding.intent](task, context);
}
