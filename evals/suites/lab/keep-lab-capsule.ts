import type { App } from '../../../app.ts';
import type { Answer } from '../../../domain/answer.ts';
import type { Question } from '../../../domain/question.ts';
import { createRedactor } from '../../../infra/runtime/redact.ts';
import { dumpCollector } from '../../../tools/sources/capsule/dump-collector.ts';

/** Writes everything that was collected during an experiment as a capsule, so that a failure can be looked at and replayed on better rules. */
export async function keepLabCapsule(
  app: App,
  question: Question,
  answer: Answer | undefined,
  dir: string,
): Promise<void> {
  const { metrics, logs, traces, topology, changes } = app.sources;
  const window = question.window;
  if (
    metrics === undefined ||
    logs === undefined ||
    traces === undefined ||
    topology === undefined ||
    window === undefined
  )
    return;
  // A feed that does not answer (the lab may be starved on purpose) is a gap in the capsule, no reason to lose it.
  const listed = await changes?.list({ entities: [], window, limit: 1_000 }).catch(() => undefined);
  await dumpCollector({ metrics, logs, traces, topology }, window, dir, {
    manifest: {
      title: answer?.run ?? question.thread,
      created: question.askedAt,
      question: question.text,
      askedAt: question.askedAt,
      asked: question,
    },
    redactor: createRedactor('lab'),
    ...(listed?.status === 'ok' ? { changes: listed.items } : {}),
  });
}
