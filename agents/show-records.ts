import { z } from 'zod';
import type { Sentence } from '../domain/answer.ts';
import { entityNameOf } from '../domain/entity.ts';
import { finding } from '../domain/finding.ts';
import { change, logRecord, span } from '../domain/signal.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import type { Called } from './call-tool.ts';
import { chooseWindow } from './choose-window.ts';
import { numberWords } from './number-words.ts';
import { fact, note } from './sentence.ts';
import { createTimeWords } from './time-words.ts';

const logs = z
  .object({ records: z.array(logRecord), total: z.number(), byLevel: z.record(z.string(), z.number()) })
  .loose();
const traces = z.object({ spans: z.array(span), total: z.number(), traces: z.number() }).loose();
const changes = z.object({ changes: z.array(change), findings: z.array(finding).default([]) }).loose();

/** Shows log records of a window, the latest last; lines are quoted, never spoken as our own. */
export async function showLogs(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const window = chooseWindow(question, understanding);
  const input = {
    entities: understanding.entities,
    window,
    ...(understanding.searchText === undefined ? {} : { text: understanding.searchText }),
  };
  const called = await callTool(context, 'search_logs', input, logs);
  if (called.data === undefined) return nothing(called, 'log records');
  const times = createTimeWords(question.askedAt, question.timeZone);
  const id = called.evidence?.id;
  const levels = Object.entries(called.data.byLevel)
    .map(([level, count]) => `${count} ${level}`)
    .join(', ');
  const lines = called.data.records
    .slice(-12)
    .map(({ at, entity, level, message }) =>
      fact(`${times.at(at)} ${entityNameOf(entity)} ${level}: ${quote(message)}`, id),
    );
  return told(called, [fact(`${called.data.total} log records (${times.span(window)}): ${levels}.`, id)], {
    title: 'Lines',
    sentences: lines,
  });
}

/** Shows the slowest spans of a window. */
export async function showTraces(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const window = chooseWindow(question, understanding);
  const called = await callTool(context, 'search_traces', { entities: understanding.entities, window }, traces);
  if (called.data === undefined) return nothing(called, 'traces');
  const times = createTimeWords(question.askedAt, question.timeZone);
  const id = called.evidence?.id;
  const failed = called.data.spans.filter(({ status }) => status === 'error').length;
  const slowest = called.data.spans
    .slice(0, 10)
    .map((one) =>
      fact(
        `${entityNameOf(one.entity)} ${quote(one.name)}: ${numberWords(one.durationMs / 1000, 's')}${one.status === 'error' ? ', failed' : ''}, at ${times.at(isoOf(one.startMs))}, trace ${one.traceId}.`,
        id,
      ),
    );
  return told(
    called,
    [
      fact(
        `${called.data.total} spans in ${called.data.traces} traces (${times.span(window)}); of the slowest ${called.data.spans.length}, ${failed} failed.`,
        id,
      ),
    ],
    { title: 'Slowest spans', sentences: slowest },
  );
}

/** Tells what was altered, latest first. Without a span in the question: the last day. */
export async function showChanges(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const now = msOf(question.askedAt);
  const window = question.window ?? understanding.window ?? { from: isoOf(now - 86_400_000), to: question.askedAt };
  const called = await callTool(context, 'list_changes', { entities: understanding.entities, window }, changes);
  if (called.data === undefined) return nothing(called, 'changes');
  const times = createTimeWords(question.askedAt, question.timeZone);
  const id = called.evidence?.id;
  const latest = called.data.changes.toSorted(
    (left, right) => msOf(right.at) - msOf(left.at) || (left.id < right.id ? -1 : 1),
  );
  const said = latest.slice(0, 20).map((item): Sentence => {
    const where = item.entity === undefined ? '' : ` of ${entityNameOf(item.entity)}`;
    return fact(
      `${times.at(item.at)}: ${item.kind}${where} ${item.id}, ${quote(item.title)}${item.author === undefined ? '' : `, by ${item.author}`}.`,
      id,
    );
  });
  const count = latest.length === 1 ? '1 change' : `${latest.length} changes`;
  return told(called, [fact(`${count} (${times.span(window)}).`, id), ...said.slice(0, 2)], {
    title: 'Changes',
    sentences: said.slice(2),
  });
}

function told(
  called: Called<unknown>,
  headline: Sentence[],
  section: { title: string; sentences: Sentence[] },
): AgentReport {
  return emptyReport({
    headline,
    sections: section.sentences.length === 0 ? [] : [section],
    evidence: called.evidence === undefined ? [] : [called.evidence],
  });
}

function nothing(called: Called<unknown>, what: string): AgentReport {
  return emptyReport({ headline: [note(`There are no ${what} to show: ${called.missing}.`)] });
}

/** Words of others on one line, in quotation marks that they cannot close, cut to 200 characters. */
export function quote(text: string): string {
  const line = text
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `“${line.length > 200 ? `${line.slice(0, 199)}…` : line}”`;
}
