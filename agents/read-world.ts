import { z } from 'zod';
import { entity } from '../domain/entity.ts';
import type { Entity } from '../domain/entity.ts';
import type { Question } from '../domain/question.ts';
import type { Window } from '../domain/time.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import type { AgentContext } from './agent.ts';
import { callTool } from './call-tool.ts';

/** What can be asked about: the known entities and metric names. */
export interface World {
  entities: Entity[];
  /** Names in the question that are written as metric names are; whether they exist is seen when they are asked for. */
  metrics: string[];
}

const listing = z.object({ entities: z.array(entity) }).loose();

/** Reads what is there by `list_services`. An empty world when nothing is connected or the tool fails; never throws but for cancellation. */
export async function readWorld(question: Question, context: AgentContext): Promise<World> {
  const { data } = await callTool(context, 'list_services', { window: worldWindow(question), limit: 2_000 }, listing);
  return { entities: data?.entities ?? [], metrics: metricNamesIn(question.text) };
}

/** The half hour before the question, widened to the window that came with it: by the question's time, never the clock's, so that a replay sees the same. */
function worldWindow(question: Question): Window {
  const to = msOf(question.askedAt);
  const from = Math.min(to - 30 * 60_000, question.window === undefined ? to : msOf(question.window.from));
  return { from: isoOf(from), to: isoOf(Math.max(to, question.window === undefined ? to : msOf(question.window.to))) };
}

function metricNamesIn(text: string): string[] {
  return [...new Set(text.match(/\b[a-zA-Z][a-zA-Z0-9]{0,60}(?:[_:][a-zA-Z0-9]{1,60}){1,12}\b/g) ?? [])].slice(0, 10);
}
