import { z } from 'zod';
import { answer } from './answer.ts';
import { alert, question, understanding } from './question.ts';
import { instant } from './time.ts';

/** A step of a run as doors stream it, noun-verb. */
export const runEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run-start'), run: z.string(), at: instant, question }),
  z.object({ type: z.literal('question-understood'), run: z.string(), at: instant, understanding }),
  z.object({ type: z.literal('agent-start'), run: z.string(), at: instant, agent: z.string(), task: z.string() }),
  z.object({
    type: z.literal('tool-call'),
    run: z.string(),
    at: instant,
    agent: z.string(),
    tool: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
  z.object({
    type: z.literal('tool-result'),
    run: z.string(),
    at: instant,
    agent: z.string(),
    tool: z.string(),
    status: z.string(),
    digest: z.string(),
  }),
  z.object({
    type: z.literal('agent-end'),
    run: z.string(),
    at: instant,
    agent: z.string(),
    status: z.enum(['done', 'failed']),
  }),
  z.object({ type: z.literal('answer'), run: z.string(), at: instant, answer }),
  z.object({
    type: z.literal('run-end'),
    run: z.string(),
    at: instant,
    status: z.enum(['done', 'failed']),
    error: z.string().optional(),
  }),
]);
export type RunEvent = z.infer<typeof runEvent>;

/** What people said of an answer; feeds memory and calibration. */
export const feedback = z.object({
  run: z.string(),
  at: instant,
  by: z.string(),
  right: z.boolean(),
  entity: z.string().optional(),
  faultKind: z.string().optional(),
  note: z.string().max(2_000).optional(),
});
export type Feedback = z.infer<typeof feedback>;

/** The durable record of an incident or conversation: its runs, alerts, outcome. */
export const investigation = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['open', 'resolved']),
  openedAt: instant,
  updatedAt: instant,
  openedBy: z.string(),
  alerts: z.array(alert),
  runs: z.array(z.string()),
  answer: answer.optional(),
  feedback: z.array(feedback),
});
export type Investigation = z.infer<typeof investigation>;
