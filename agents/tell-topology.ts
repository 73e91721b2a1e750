import { z } from 'zod';
import type { Sentence } from '../domain/answer.ts';
import { type Edge, entity, type EntityId, entityNameOf, topology } from '../domain/entity.ts';
import type { AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { chooseWindow } from './choose-window.ts';
import { fact, note } from './sentence.ts';

const walked = z.object({ topology, hops: z.record(z.string(), z.number()).default({}) }).loose();
const listed = z.object({ entities: z.array(entity) }).loose();

/** Says what the named entities depend on and what depends on them; the whole picture where none is named. */
export async function tellDependencies(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { entities } = task.understanding;
  const window = chooseWindow(task.question, task.understanding);
  const called = await callTool(context, 'walk_topology', { entities, window, direction: 'both', depth: 3 }, walked);
  if (called.data === undefined)
    return emptyReport({ headline: [note(`Dependencies cannot be told: ${called.missing}.`)] });
  const id = called.evidence?.id;
  const { edges } = called.data.topology;
  const said = entities.flatMap((one): Sentence[] => {
    const name = entityNameOf(one);
    const owner = called.data?.topology.entities.find((known) => known.id === one)?.labels?.['owner'];
    const needs = names(edges.filter(({ from }) => from === one).map(({ to }) => to));
    const neededBy = names(edges.filter(({ to }) => to === one).map(({ from }) => from));
    return [
      fact(
        neededBy === '' ? `Nothing known depends on ${name} directly.` : `Directly on ${name} depend: ${neededBy}.`,
        id,
      ),
      ...(owner === undefined ? [] : [fact(`${name} is owned by ${owner}.`, id)]),
      fact(needs === '' ? `${name} depends on nothing known.` : `${name} depends directly on: ${needs}.`, id),
    ];
  });
  const all = edgesThrough(edges, entities).map(({ from, to, kind }) =>
    fact(`${entityNameOf(from)} ${kind} ${entityNameOf(to)}.`, id),
  );
  return emptyReport({
    headline:
      said.length > 0
        ? said.slice(0, 4)
        : [fact(`${called.data.topology.entities.length} entities and ${edges.length} dependencies are known.`, id)],
    sections: all.length === 0 ? [] : [{ title: 'Dependencies', sentences: all.slice(0, 40) }],
    evidence: called.evidence === undefined ? [] : [called.evidence],
  });
}

/** Lists what there is to ask about. */
export async function tellServices(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const called = await callTool(
    context,
    'list_services',
    { window: chooseWindow(task.question, task.understanding) },
    listed,
  );
  if (called.data === undefined) return emptyReport({ headline: [note(`No services are known: ${called.missing}.`)] });
  const id = called.evidence?.id;
  const kinds = Map.groupBy(called.data.entities, ({ kind }) => kind);
  const services = kinds.get('service') ?? [];
  const others = [...kinds]
    .filter(([kind]) => kind !== 'service')
    .map(([kind, items]) => fact(`${kind}: ${items.map(({ name }) => name).join(', ')}.`, id));
  return emptyReport({
    headline: [fact(`${services.length} services are known: ${services.map(({ name }) => name).join(', ')}.`, id)],
    sections: others.length === 0 ? [] : [{ title: 'Also known', sentences: others }],
    evidence: called.evidence === undefined ? [] : [called.evidence],
  });
}

function names(ids: readonly string[]): string {
  return [...new Set(ids)].map(entityNameOf).toSorted().join(', ');
}

/** The edges on a path to or from one of the entities; all of them where none is named. */
function edgesThrough(edges: readonly Edge[], entities: readonly EntityId[]): readonly Edge[] {
  if (entities.length === 0) return edges;
  const needing = reached(entities, (id) => edges.filter(({ to }) => to === id).map(({ from }) => from));
  const needed = reached(entities, (id) => edges.filter(({ from }) => from === id).map(({ to }) => to));
  return edges.filter(({ from, to }) => needing.has(to) || needed.has(from));
}

function reached(start: readonly EntityId[], next: (id: EntityId) => readonly EntityId[]): Set<EntityId> {
  const found = new Set(start);
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
}
