import { z } from 'zod';
import { entityNameOf } from '../domain/entity.ts';
import type { Agent, AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import { numberWords } from './number-words.ts';
import { fact, note } from './sentence.ts';

const amount = z.object({ mean: z.number(), p95: z.number(), max: z.number(), limit: z.number().optional() });
const used = z
  .object({
    uses: z.array(
      z.object({
        entity: z.string(),
        cpuCores: amount.optional(),
        memoryBytes: amount.optional(),
        requestsPerSecond: z.number().optional(),
      }),
    ),
  })
  .loose();
type Use = z.infer<typeof used>['uses'][number];

/** Reports what is used against what is reserved; says what it would need to speak of money. */
export function createOptimizer(): Agent {
  return {
    name: 'optimizer',
    description:
      'Reports the use of CPU and memory per service against limits and traffic, and what stands out; names what it needs to speak of costs.',
    toolNames: ['report_resource_use', 'report_costs'],
    run: optimize,
  };
}

async function optimize(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { understanding, question } = task;
  const window = question.window ??
    understanding.window ?? { from: isoOf(msOf(question.askedAt) - 3_600_000), to: question.askedAt };
  const about = { entities: understanding.entities, window };
  const known = new Set((await context.tools.list()).map(({ name }) => name));
  const [use, costs] = await Promise.all([
    callTool(context, 'report_resource_use', about, used),
    known.has('report_costs') ? callTool(context, 'report_costs', about, z.object({}).loose()) : undefined,
  ]);
  const priced = costs?.outcome.status === 'ok' ? [fact(costs.outcome.digest, costs.evidence?.id)] : [];
  const needs =
    priced.length > 0
      ? []
      : [note('To speak of money it needs a source of costs (a cloud bill or a price list); none is connected.')];
  const evidence = [use.evidence, costs?.evidence].flatMap((record) => record ?? []);
  if (use.data === undefined)
    return emptyReport({
      headline: [...priced, note(`Resource use cannot be told: ${use.missing}.`)],
      sections: [{ title: 'Not seen', sentences: needs }],
      evidence,
    });
  const id = use.evidence?.id;
  const uses = use.data.uses;
  const largest = uses
    .filter(({ cpuCores }) => cpuCores !== undefined)
    .slice(0, 3)
    .map(({ entity }) => entityNameOf(entity))
    .join(', ');
  const most =
    largest === ''
      ? fact(`Memory is known of ${uses.length === 1 ? 'one entity' : `${uses.length} entities`}; CPU of none.`, id)
      : fact(`The most CPU goes to ${largest}.`, id);
  const waste = uses.flatMap((one) => wasteOf(one).map((text) => fact(text, id)));
  return emptyReport({
    headline: [
      ...priced,
      most,
      ...(waste.length === 0
        ? [fact('No service has a reservation that its use leaves mostly idle, as far as limits are known.', id)]
        : waste.slice(0, 1)),
    ].slice(0, 3),
    sections: [
      { title: 'Resource use', sentences: uses.slice(0, 15).map((one) => fact(useWords(one), id)) },
      { title: 'Next step', sentences: waste.slice(1, 8) },
      { title: 'Not seen', sentences: needs },
    ].filter(({ sentences }) => sentences.length > 0),
    evidence,
  });
}

/** More than twice the peak is reserved, or the peak is within a tenth of the limit. */
function wasteOf({ entity, cpuCores, memoryBytes }: Use): string[] {
  const name = entityNameOf(entity);
  const judge = (what: string, one: z.infer<typeof amount> | undefined, say: (value: number) => string): string[] => {
    if (one?.limit === undefined || one.limit <= 0) return [];
    if (one.max * 2 < one.limit)
      return [`${name} has a ${what} limit of ${say(one.limit)} and uses ${say(one.max)} at most: half would do.`];
    return one.max > one.limit * 0.9
      ? [`${name} uses ${say(one.max)} of its ${what} limit of ${say(one.limit)}: it has little room.`]
      : [];
  };
  return [
    ...judge('CPU', cpuCores, (value) => numberWords(value, 'cores')),
    ...judge('memory', memoryBytes, (value) => numberWords(value, 'bytes')),
  ];
}

function useWords({ entity, cpuCores, memoryBytes, requestsPerSecond }: Use): string {
  const parts = [
    cpuCores === undefined
      ? undefined
      : `CPU ${numberWords(cpuCores.mean, 'cores')} mean, ${numberWords(cpuCores.p95, 'cores')} p95`,
    memoryBytes === undefined ? undefined : `memory ${numberWords(memoryBytes.max, 'bytes')} at most`,
    requestsPerSecond === undefined ? undefined : numberWords(requestsPerSecond, 'req/s'),
  ].filter((part) => part !== undefined);
  return `${entityNameOf(entity)}: ${parts.join('; ')}.`;
}
