import type { Agent, AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { answerDirectly } from './answer-directly.ts';
import { collectEvidence } from './collect-evidence.ts';
import type { Look } from './collect-evidence.ts';
import { fact, note } from './sentence.ts';

/** Looks at the live systems: answers what can be read off directly, and collects evidence side by side for who must find a cause. */
export function createInvestigator(): Agent {
  return {
    name: 'investigator',
    description:
      'Reads metrics, logs, traces, changes, topology and resource state; answers what can be read off directly and collects evidence for the diagnostician.',
    toolNames: [
      'walk_topology',
      'find_anomalies',
      'find_log_patterns',
      'search_traces',
      'list_changes',
      'check_resources',
      'query_metrics',
      'search_logs',
      'compare_with_baseline',
      'forecast_metric',
      'list_services',
      'describe_entity',
      'search_runbooks',
      'find_similar_incidents',
    ],
    run: investigate,
  };
}

async function investigate(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const diagnosing = task.understanding.agents.includes('diagnostician');
  if (!diagnosing) return answerDirectly(task, context);
  const { looks, compared } = await collectEvidence(task, context);
  return emptyReport({
    compared,
    sections: [{ title: 'Seen', sentences: looks.flatMap(sentencesOf) }],
    charts: looks
      .filter(({ about, called }) => about === 'metrics' && called.evidence !== undefined)
      .map(({ called, findings }) => ({
        title: 'What departs from normal',
        evidence: called.evidence!.id,
        entities: [...new Set(findings.map(({ entity }) => entity))].slice(0, 6),
      })),
    evidence: looks.flatMap(({ called }) => called.evidence ?? []),
  });
}

/** The strongest findings of a look in their own words; what a look did not find is said as well. */
function sentencesOf({ about, called, findings }: Look) {
  if (called.evidence === undefined) return [note(`${about}: ${called.missing ?? 'nothing came back'}.`)];
  const strongest = findings
    .toSorted((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1))
    .slice(0, 4);
  return strongest.map((item) => fact(item.statement, item.evidence));
}
