import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Principal, Question } from '../../../domain/question.ts';
import type { RunEvent } from '../../../domain/run.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { readInput } from './read-input.ts';
import { streamRun } from './stream-run.ts';

const askBody = z.strictObject({
  text: z.string().trim().min(1).max(8_000),
  thread: z.string().min(1).max(200).optional(),
  timeZone: z.string().max(100).refine(isTimeZone, 'not an IANA time zone').optional(),
});
const cancelBody = z.strictObject({ run: z.string().min(1).max(200) });

/** Routes that start and stop a run: `POST /api/ask` streams its events, `POST /api/cancel` withdraws it. At most `mostRuns` at a time. */
export function addAskRoutes(
  app: FastifyInstance,
  deps: ConsoleDeps,
  options: { principal: Principal; mostRuns: number },
): void {
  const controllers = new Set<AbortController>();
  const byRun = new Map<string, AbortController>();

  app.post('/api/ask', (request, reply) => {
    const input = readInput(askBody, request.body);
    if (controllers.size >= options.mostRuns) {
      throw new CerebroError('RATE_LIMITED', `${options.mostRuns} questions are being worked on; wait for one to end.`);
    }
    const question: Question = {
      text: input.text,
      thread: input.thread ?? `console:${randomUUID()}`,
      askedAt: deps.clock.iso(),
      timeZone: input.timeZone ?? 'UTC',
      principal: options.principal,
    };
    const controller = new AbortController();
    controllers.add(controller);
    let run: string | undefined;
    const noted = noteRun(deps.asker.ask(question, { signal: controller.signal }), (id) => {
      run = id;
      byRun.set(id, controller);
    });
    const stream = streamRun(deps, noted, () => {
      controllers.delete(controller);
      if (run !== undefined) byRun.delete(run);
    });
    return reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(stream);
  });

  app.post('/api/cancel', (request) => {
    const { run } = readInput(cancelBody, request.body);
    const controller = byRun.get(run);
    if (controller === undefined) throw new CerebroError('NOT_FOUND', 'No run of this id is going on.');
    controller.abort(new CerebroError('CANCELLED', 'The asker withdrew the question.'));
    return { cancelled: run };
  });
}

async function* noteRun(events: AsyncIterable<RunEvent>, note: (run: string) => void): AsyncIterable<RunEvent> {
  let noted = false;
  for await (const event of events) {
    if (!noted) note(event.run);
    noted = true;
    yield event;
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
