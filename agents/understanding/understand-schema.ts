import type { z } from 'zod';
import { understanding, type Understanding } from '../../domain/question.ts';
import type { UnderstandFacts } from './understand-facts.ts';

/** The understanding schema held against the facts: only known entities, windows in order and none that reaches past `askedAt`. */
export function understandSchema(facts: UnderstandFacts): z.ZodType<Understanding> {
  const known = new Set([...facts.entities.map(({ id }) => id), ...(facts.previous?.entities ?? [])]);
  const now = Date.parse(facts.askedAt);
  return understanding.superRefine((value, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    for (const id of value.entities) if (!known.has(id)) refuse(`${id} is not one of the known entities`);
    for (const window of [value.window, value.compareWith]) {
      if (window === undefined) continue;
      if (Date.parse(window.from) >= Date.parse(window.to)) refuse('a window must begin before it ends');
      if (Date.parse(window.to) > now) refuse('a window must not reach past askedAt');
    }
  });
}
