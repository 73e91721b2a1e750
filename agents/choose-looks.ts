import { z } from 'zod';
import type { Diagnosis } from '../domain/diagnosis.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Query } from '../infra/runtime/reasoner.ts';
import type { Compared } from './agent.ts';

/** One further look that could be taken: a reading tool with its input. */
export interface PossibleLook {
  id: string;
  tool: string;
  input: Record<string, unknown>;
  why: string;
}

export interface LookFacts {
  question: string;
  leading: string[];
  gaps: string[];
  looks: PossibleLook[];
}

const chosen = z.object({ looks: z.array(z.string()).max(3) });
export type ChosenLooks = z.infer<typeof chosen>;

/** The decision of what to look at next, among looks that are offered. By rule: the diff of the change that leads, where one does. */
export function chooseLooksQuery(facts: LookFacts): Query<LookFacts, ChosenLooks> {
  return {
    name: 'choose-looks',
    facts,
    schema: chosen,
    rule: ({ looks }) => ({
      looks: looks
        .filter(({ tool }) => tool === 'show_diff')
        .map(({ id }) => id)
        .slice(0, 1),
    }),
    prompt: ({ question, leading, gaps, looks }) => ({
      instruction:
        'Choose up to three of the offered looks, by id, that would best confirm or refute the leading hypotheses. Choose none where the case is clear.',
      data: [
        { label: 'question', text: question, tainted: true },
        { label: 'leading hypotheses', text: leading.join('\n'), tainted: true },
        { label: 'not seen', text: gaps.join('\n'), tainted: false },
        { label: 'offered looks', text: looks.map(({ id, why }) => `${id}: ${why}`).join('\n'), tainted: false },
      ],
    }),
  };
}

/** The looks worth offering for a diagnosis: the leading suspects' changes, errors in their logs, their failing traces. */
export function possibleLooks({ hypotheses }: Diagnosis, { window }: Compared): PossibleLook[] {
  return hypotheses.slice(0, 3).flatMap(({ entity, change }, index): PossibleLook[] => {
    const name = entityNameOf(entity);
    return [
      ...(change === undefined
        ? []
        : [{ id: `diff-${index}`, tool: 'show_diff', input: { change }, why: `the diff of ${change}` }]),
      {
        id: `logs-${index}`,
        tool: 'search_logs',
        input: { entities: [entity], window, minLevel: 'warn' },
        why: `warnings and errors in the log of ${name}`,
      },
      {
        id: `traces-${index}`,
        tool: 'search_traces',
        input: { entities: [entity], window, onlyErrors: true },
        why: `failed spans of ${name}`,
      },
    ];
  });
}
