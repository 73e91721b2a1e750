import { z } from 'zod';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { EntityId } from '../domain/entity.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { AgentContext, AgentReport, Compared } from './agent.ts';
import { callTool } from './call-tool.ts';

const measured = z.object({ total: z.number() }).loose();

/** Charts of the first symptom and of the first cause, before and during, each over raw series of the measures that moved. */
export async function drawCharts(
  diagnosis: Diagnosis,
  compared: Compared,
  context: AgentContext,
): Promise<Pick<AgentReport, 'charts' | 'evidence'>> {
  const window = { from: compared.baseline?.from ?? compared.window.from, to: compared.window.to };
  const cause = diagnosis.verdict === 'healthy' ? undefined : diagnosis.hypotheses[0]?.entity;
  const about = [...new Set([diagnosis.symptoms[0]?.entity, cause])].filter((entity) => entity !== undefined);
  const drawn = await Promise.all(
    about.map(async (entity) => {
      const roles = rolesOf(entity, diagnosis, compared);
      if (roles.length === 0) return undefined;
      const { evidence } = await callTool(context, 'query_metrics', { entities: [entity], roles, window }, measured);
      return evidence === undefined
        ? undefined
        : {
            evidence,
            chart: { title: `${entityNameOf(entity)}: ${roles.join(', ')}`, evidence: evidence.id, entities: [entity] },
          };
    }),
  );
  const whole = drawn.filter((one) => one !== undefined);
  return { charts: whole.map(({ chart }) => chart), evidence: whole.map(({ evidence }) => evidence) };
}

/** At most two measures: what the symptom is told by, then what moved most. */
function rolesOf(entity: EntityId, { symptoms }: Diagnosis, { moved = [] }: Compared): string[] {
  const told = symptoms
    .filter((one) => one.entity === entity && one.signal?.type === 'metric')
    .flatMap(({ signal }) => signal?.role ?? []);
  const seen = moved.filter((one) => one.entity === entity).map(({ role }) => role);
  return [...new Set([...told, ...seen])].slice(0, 2);
}
