import type { Agent, AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { answerDirectly } from './answer-directly.ts';
import { collectEvidence } from './collect-evidence.ts';
import type { Look } from './collect-evidence.ts';
import { fact, note } from './sentence.ts';
import { quote } from './show-records.ts';
import { createTimeWords } from './time-words.ts';
import type { TimeWords } from './time-words.ts';
import { tellDependents } from './tell-status.ts';
import type { Sentence } from '../domain/answer.ts';
import type { Finding } from '../domain/finding.ts';

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
      'check_alerts',
      'check_resources',
      'query_metrics',
      'read_vitals',
      'search_logs',
      'compare_with_baseline',
      'forecast_metric',
      'predict_failure',
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
  const ids = looks.flatMap(({ called }) => called.evidence?.id ?? []);
  const hit = task.understanding.intent === 'impact' ? await tellDependents(task, context, ids) : emptyReport();
  const times = createTimeWords(task.question.askedAt, task.question.timeZone);
  return emptyReport({
    headline: hit.headline,
    compared,
    sections: [
      { title: 'Alerts', sentences: looks.filter(isOfAlerts).flatMap((look) => sentencesOf(look, times)) },
      {
        title: 'Seen',
        sentences: looks.filter((look) => !isOfAlerts(look)).flatMap((look) => sentencesOf(look, times)),
      },
      { title: 'Not seen', sentences: looks.flatMap(missingOf) },
    ].filter(({ sentences }) => sentences.length > 0),
    evidence: [...looks.flatMap(({ called }) => called.evidence ?? []), ...hit.evidence],
  });
}

/** The strongest findings of a look in their own words. */
function sentencesOf({ findings }: Look, times: TimeWords): Sentence[] {
  const strongest = findings
    .toSorted((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1))
    .slice(0, 4);
  return strongest.map((item) =>
    fact(
      `${item.statement}${whenOf(item, times)}${item.excerpt === undefined ? '' : `: ${quote(item.excerpt)}`}`,
      item.evidence,
    ),
  );
}

function whenOf({ kind, onset, until }: Finding, times: TimeWords): string {
  if (onset === undefined) return '';
  if (kind === 'change') return `, at ${times.at(onset)}`;
  return until === undefined ? `, since ${times.at(onset)}` : `, ${times.was(onset, until)}`;
}

function isOfAlerts({ about }: Look): boolean {
  return about === 'alerts';
}

function missingOf({ about, called }: Look): Sentence[] {
  // That no alert fires, or that nothing tells of rules, is nothing that is missing.
  if (about === 'alerts' && called.outcome.status === 'no-data') return [];
  return called.evidence === undefined ? [note(`${about}: ${called.missing ?? 'nothing came back'}.`)] : [];
}
