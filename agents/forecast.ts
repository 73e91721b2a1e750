import { z } from 'zod';
import { entityNameOf } from '../domain/entity.ts';
import { signalRole } from '../domain/finding.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { fact, note } from './sentence.ts';

const told = z.object({}).loose();

/** Tells where a metric is heading, by the forecaster's own summary. */
export async function forecast(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const window = question.window ??
    understanding.window ?? { from: isoOf(msOf(question.askedAt) - 3_600_000), to: question.askedAt };
  const role = signalRole.safeParse(understanding.metric);
  const metric = understanding.metric;
  const input = {
    entities: understanding.entities,
    window,
    ...(metric === undefined ? {} : role.success ? { roles: [role.data] } : { metrics: [metric] }),
    ...(understanding.horizonMs === undefined ? {} : { horizonMs: understanding.horizonMs }),
    ...(understanding.threshold === undefined ? {} : { threshold: understanding.threshold }),
  };
  const called = await callTool(context, 'forecast_metric', input, told);
  const whom = understanding.entities.map(entityNameOf).join(', ');
  if (called.outcome.status !== 'ok')
    return emptyReport({
      headline: [note(`No forecast of ${metric ?? 'a metric'}${whom === '' ? '' : ` of ${whom}`}: ${called.missing}.`)],
    });
  return emptyReport({
    headline: [fact(called.outcome.digest, called.evidence?.id)],
    charts:
      called.evidence === undefined
        ? []
        : [{ title: 'Forecast', evidence: called.evidence.id, entities: understanding.entities }],
    evidence: called.evidence === undefined ? [] : [called.evidence],
  });
}
