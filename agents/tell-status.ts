import { z } from 'zod';
import type { Sentence } from '../domain/answer.ts';
import { entityNameOf } from '../domain/entity.ts';
import { finding } from '../domain/finding.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { chooseBaseline, chooseWindow } from './choose-window.ts';
import { ended, fact, note } from './sentence.ts';
import { readVitals, reportOf, sentencesOf } from './tell-vitals.ts';
import { createTimeWords } from './time-words.ts';
import { isTrouble } from './trouble.ts';

const found = z.object({ findings: z.array(finding) }).loose();
const affected = z
  .object({ affected: z.array(z.object({ entity: z.string(), hops: z.number(), seen: z.boolean().optional() })) })
  .loose();

/** Says whether the named entities (or all) are healthy, since when they are not, and by what signs. No cause is sought. */
export async function tellStatus(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const now = await readVitals(task, context);
  const meant = reportOf(now);
  if (meant !== undefined) return meant;
  const window = chooseWindow(question, understanding);
  const baseline = chooseBaseline(understanding);
  const about = { entities: understanding.entities, window };
  const [anomalies, checks] = await Promise.all([
    callTool(context, 'find_anomalies', { ...about, ...(baseline === undefined ? {} : { baseline }) }, found),
    callTool(context, 'check_resources', {}, found),
  ]);
  const times = createTimeWords(question.askedAt, question.timeZone);
  const whom =
    understanding.entities.length === 0
      ? 'Everything that can be seen'
      : understanding.entities.map(entityNameOf).join(', ');
  const evidence = [
    anomalies.evidence,
    checks.evidence,
    understanding.entities.length === 0 ? undefined : now.evidence,
  ].flatMap((record) => record ?? []);
  const ids = evidence.map(({ id }) => id);
  if (ids.length === 0)
    return emptyReport({ headline: [note(`The health of ${whom} cannot be told: ${anomalies.missing}.`)] });
  const all = [anomalies, checks]
    .flatMap(({ data, evidence: record }) => (data?.findings ?? []).map((item) => ({ ...item, from: record?.id })))
    .filter(
      ({ kind, entity }) =>
        kind !== 'change' && (understanding.entities.length === 0 || understanding.entities.includes(entity)),
    )
    .toSorted((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1));
  const signs = all.filter((item) => isTrouble(item) && item.until === undefined);
  const over = all
    .filter((item) => isTrouble(item) && item.until !== undefined)
    .map(({ statement, onset, until, from }) =>
      fact(ended(onset === undefined ? statement : `${statement} ${times.was(onset, until!)}`), from),
    );
  const news = all
    .filter((item) => !isTrouble(item))
    .map(({ statement, onset, from }) =>
      fact(ended(onset === undefined ? statement : `${statement} at ${times.at(onset)}`), from),
    );
  const vitals = understanding.entities.length === 0 ? [] : sentencesOf(now);
  const bad = vitals.length > 0 && now.vitals.some(({ tone }) => tone === 'bad');
  if (signs.length === 0)
    return emptyReport({
      headline: [
        ...(bad ? vitals.slice(0, 1) : []),
        fact(
          `${whom}: nothing departs from normal ${over.length === 0 ? '' : 'any more '}(${times.span(window)}).`,
          ids,
        ),
        ...vitals.slice(bad ? 1 : 0, 4),
        ...[...over, ...news].slice(0, 2),
      ],
      sections: [
        { title: 'Now', sentences: vitals.slice(4, 12) },
        { title: 'Ended', sentences: over.slice(2, 8) },
        { title: 'Changed', sentences: news.slice(Math.max(0, 2 - over.length), 8) },
      ].filter(({ sentences }) => sentences.length > 0),
      evidence,
    });
  const onset = signs.flatMap((item) => item.onset ?? []).toSorted()[0];
  const said = signs.map((item): Sentence => fact(ended(item.statement), item.from));
  const count = signs.length === 1 ? 'one sign departs' : `${signs.length} signs depart`;
  return emptyReport({
    headline: [
      fact(`${whom}: ${count} from normal${onset === undefined ? '' : ` ${times.since(onset)}`}.`, ids),
      said[0]!,
    ],
    sections: [
      { title: 'Seen', sentences: said.slice(1, 12) },
      { title: 'Now', sentences: vitals.slice(0, 8) },
      { title: 'Ended', sentences: over.slice(0, 6) },
      { title: 'Changed', sentences: news.slice(0, 8) },
    ].filter(({ sentences }) => sentences.length > 0),
    charts:
      anomalies.evidence === undefined
        ? []
        : [
            {
              title: 'What departs from normal',
              evidence: anomalies.evidence.id,
              entities: [...new Set(signs.map(({ entity }) => entity))].slice(0, 6),
            },
          ],
    evidence,
  });
}

/** Says how the named entity is and who could be affected by its fault. */
export async function tellImpact(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const status = await tellStatus(task, context);
  const hit = await tellDependents(
    task,
    context,
    status.evidence.map(({ id }) => id),
  );
  return {
    ...status,
    headline: [...hit.headline, ...status.headline.slice(0, 1)],
    evidence: [...status.evidence, ...hit.evidence],
  };
}

/** Says who depends on the first named entity, and who of them shows symptoms in the evidence given; empty where none is named. */
export async function tellDependents(
  task: AgentTask,
  context: AgentContext,
  evidence: readonly string[],
): Promise<AgentReport> {
  const [entity] = task.understanding.entities;
  if (entity === undefined) return emptyReport();
  const window = chooseWindow(task.question, task.understanding);
  const called = await callTool(
    context,
    'find_blast_radius',
    { entity, window, evidence: evidence.slice(0, 50) },
    affected,
  );
  if (called.data === undefined)
    return emptyReport({ headline: [note(`Who depends on it cannot be told: ${called.missing}.`)] });
  const id = called.evidence?.id;
  const names = (items: readonly { entity: string }[]): string =>
    items.map((item) => entityNameOf(item.entity)).join(', ');
  const all = called.data.affected;
  const hit = all.filter(({ seen }) => seen === true);
  const name = entityNameOf(entity);
  return emptyReport({
    headline: [
      fact(
        all.length === 0
          ? `Nothing known depends on ${name}.`
          : `${all.length === 1 ? '1 depends' : `${all.length} depend`} on ${name}: ${names(all.slice(0, 8))}.`,
        id,
      ),
      ...(hit.length === 0 ? [] : [fact(`Of these, ${names(hit)} show symptoms.`, id)]),
    ],
    evidence: called.evidence === undefined ? [] : [called.evidence],
  });
}
