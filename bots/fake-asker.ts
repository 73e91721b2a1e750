import type { Answer } from '../domain/answer.ts';
import type { Question } from '../domain/question.ts';
import type { RunEvent } from '../domain/run.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import type { Asker } from './bot.ts';

/** What a fake asker does with the next question. */
export interface FakeAnswer {
  /** Changes to the default answer (one headline, one section). */
  answer?: Partial<Answer>;
  /** Ends the run as failed, with this error. */
  failure?: string;
  /** Throws this instead of ending the run. */
  throws?: Error;
  /** Waits for this before the answer. */
  until?: Promise<unknown>;
}

/** An asker that answers by script (the last entry repeats) and keeps every question with its run and whether it was withdrawn. */
export interface FakeAsker extends Asker {
  asked: { question: Question; run: string; withdrawn: boolean }[];
  script(...answers: FakeAnswer[]): void;
}

export function createFakeAsker(): FakeAsker {
  const asked: FakeAsker['asked'] = [];
  let scripted: FakeAnswer[] = [{}];
  async function* ask(
    question: Question,
    options: { run?: string; signal?: AbortSignal } = {},
  ): AsyncGenerator<RunEvent> {
    const run = options.run ?? `run_${asked.length + 1}`;
    const record = { question, run, withdrawn: false };
    asked.push(record);
    const plan = (scripted.length > 1 ? scripted.shift() : scripted[0]) ?? {};
    const at = isoOf(msOf(question.askedAt));
    yield { type: 'run-start', run, at, question };
    yield { type: 'agent-start', run, at, agent: 'investigator', task: 'collect what departs from normal' };
    yield { type: 'tool-call', run, at, agent: 'investigator', tool: 'find_anomalies', input: {} };
    yield {
      type: 'tool-result',
      run,
      at,
      agent: 'investigator',
      tool: 'find_anomalies',
      status: 'ok',
      digest: '3 anomalies',
    };
    const withdrawal = new Promise<'withdrawn'>((resolve) => {
      options.signal?.addEventListener('abort', () => resolve('withdrawn'), { once: true });
    });
    if (plan.until !== undefined && (await Promise.race([plan.until, withdrawal])) === 'withdrawn') {
      record.withdrawn = true;
      throw options.signal?.reason;
    }
    if (plan.throws !== undefined) throw plan.throws;
    if (plan.failure === undefined)
      yield { type: 'answer', run, at, answer: { ...fakeAnswer(run, question.thread), ...plan.answer } };
    yield {
      type: 'run-end',
      run,
      at,
      status: plan.failure === undefined ? 'done' : 'failed',
      ...(plan.failure === undefined ? {} : { error: plan.failure }),
    };
  }
  return {
    ask,
    asked,
    script: (...answers) => {
      scripted = answers;
    },
  };
}

/** A small answer that fits the schema: one headline, one section, no diagnosis. */
export function fakeAnswer(run: string, thread: string): Answer {
  return {
    run,
    thread,
    status: 'answered',
    understanding: { intent: 'diagnose', agents: ['investigator'], entities: ['service:checkout'], unknownNames: [] },
    headline: [{ text: 'checkout is slow since 14:05.', evidence: ['ev_0123456789abcdef'], kind: 'fact' }],
    sections: [
      {
        title: 'Evidence',
        sentences: [
          { text: 'p95 latency rose from 40 ms to 900 ms.', evidence: ['ev_0123456789abcdef'], kind: 'fact' },
        ],
      },
    ],
    charts: [],
    evidence: [],
    by: 'rules',
  };
}
