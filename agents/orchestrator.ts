import { question as questionSchema } from '../domain/question.ts';
import type { Question, Understanding } from '../domain/question.ts';
import type { RunEvent } from '../domain/run.ts';
import { contentHash } from '../infra/runtime/canonical-json.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createCheckpointer } from './checkpointer.ts';
import { createEventQueue } from './event-queue.ts';
import { createGraph } from './graph.ts';
import { createRunServices } from './run-services.ts';
import type { RunDeps } from './run-services.ts';
import { createRunStore } from './run-store.ts';
import type { StoredRun } from './run-store.ts';
import { answer as answerSchema } from '../domain/answer.ts';
import type { Answer } from '../domain/answer.ts';
import type { Database } from '../infra/runtime/database.ts';

/** Where runs are made known beyond the state file. Both must accept the same run twice (a restart tells again). */
export interface RunRecorder {
  started(run: string, question: Question): void;
  answered(answer: Answer, question: Question): void;
}

export interface OrchestratorDeps extends Omit<RunDeps, 'previous' | 'understood'> {
  /** The state file, from `openStateFile`; stays the caller's to close, after `close()`. */
  state: Database;
  investigations?: RunRecorder;
  /** What was understood before the first question of a thread that began elsewhere (the replay of a follow-up). */
  earlier?: Understanding;
}

export interface OrchestratorOptions {
  /** Ended runs older than this are forgotten at `resume`. Default 30 days. */
  retentionMs?: number;
  /** How long `close` waits for runs at work before it lets go of them (they resume at the next start). Default 5 s. */
  drainMs?: number;
  /** Unique to this orchestrator among all that share the state file. */
  owner?: { token: string; pid: number };
  /** Most runs at work at once; more wait their turn. Default 16. */
  maxRuns?: number;
}

export interface Orchestrator {
  /**
   * Runs a question; its steps stream as they happen, `run-end` last. The iteration throws CerebroError INPUT_INVALID for a malformed question
   * and CONFLICT when another process holds this very run; all else ends in a `run-end`. A question that was answered before (same thread,
   * text and time) is answered from the record. Leaving the iteration does not stop the run; `signal` does.
   */
  ask(question: Question, options?: { run?: string; signal?: AbortSignal }): AsyncIterable<RunEvent>;
  /** What would be understood, without running anything else. */
  understand(question: Question): Promise<Understanding>;
  /** What was understood last in the question's thread, before it. */
  previous(question: Question): Understanding | undefined;
  /** Finishes what a stopped process left: the ids of the runs that were taken up and ended. */
  resume(): Promise<string[]>;
  /** Waits for runs at work, then lets go of the rest; they resume at the next start. */
  close(): Promise<void>;
}

/** The id of a run: the same thread, text, alert, window, asker and time give the same run, so that a redelivered question is one run. */
export function runIdOf(question: Question): string {
  return `run_${contentHash(question).slice(0, 16)}`;
}

const shutdown = new CerebroError('CANCELLED', 'The process is stopping; the run resumes at the next start.');

/** Builds the orchestrator: one LangGraph graph over one state file. */
export function createOrchestrator(deps: OrchestratorDeps, options: OrchestratorOptions = {}): Orchestrator {
  const owner = options.owner ?? {
    token: contentHash([process.pid, deps.clock.now(), deps.clock.monotonic()]),
    pid: process.pid,
  };
  const store = createRunStore({ database: deps.state, clock: deps.clock }, { owner });
  const checkpointer = createCheckpointer(deps.state);
  const graph = createGraph(checkpointer);
  const active = new Map<string, { stop: AbortController; done: Promise<void> }>();
  const turns = createTurns(options.maxRuns ?? 16);
  let closed = false;

  const services = (emit: (event: RunEvent) => void, signal: AbortSignal) =>
    createRunServices(
      {
        ...deps,
        previous: (thread, askedAt) => store.previous(thread, askedAt) ?? deps.earlier,
        understood: (run, understanding) => store.understood(run, understanding),
      },
      { emit, signal },
    );

  /** Takes the run through the graph, from its last checkpoint where it has one. */
  const answerOf = async (
    run: string,
    question: Question,
    emit: (event: RunEvent) => void,
    signal: AbortSignal,
  ): Promise<Answer> => {
    const config = { configurable: { thread_id: run } };
    const kept = (await checkpointer.getTuple(config))?.checkpoint.channel_values;
    const answered = answerSchema.safeParse(kept?.['answer']);
    if (answered.success) return answered.data;
    const state = await graph.invoke(kept === undefined ? { run, question } : null, {
      ...config,
      context: { services: services(emit, signal) },
      durability: 'sync',
      recursionLimit: 25,
      signal,
    });
    if (state.answer === undefined) throw new CerebroError('INTERNAL', `Run ${run} ended without an answer.`);
    return state.answer;
  };

  const finish = (answer: Answer, question: Question): void => {
    deps.investigations?.answered(answer, question);
    store.recorded(answer.run);
  };

  const work = async (
    run: string,
    question: Question,
    emit: (event: RunEvent) => void,
    signal: AbortSignal,
  ): Promise<void> => {
    const startedAt = deps.clock.monotonic();
    const seen = (event: RunEvent): void => {
      store.touch(run);
      emit(event);
    };
    emit({ type: 'run-start', run, at: deps.clock.iso(), question });
    try {
      deps.investigations?.started(run, question);
      const answer = await deps.tracer.span('run', { run, thread: question.thread }, () =>
        answerOf(run, question, seen, signal),
      );
      if (!store.finish(run, answer)) throw new CerebroError('CONFLICT', `Another process has taken run ${run} over.`);
      finish(answer, question);
      emit({ type: 'answer', run, at: deps.clock.iso(), answer });
      emit({ type: 'run-end', run, at: deps.clock.iso(), status: 'done' });
      deps.metrics.count('cerebro_runs_total', { status: 'done' });
    } catch (thrown) {
      const error = signal.reason === shutdown ? shutdown : CerebroError.from(thrown);
      const status = signal.aborted ? 'cancelled' : 'failed';
      if (error === shutdown) store.release(run);
      else store.fail(run, status, `${error.code}: ${error.message}`);
      if (status === 'failed') deps.log.error('run-failed', { run, code: error.code, reason: error.message });
      emit({ type: 'run-end', run, at: deps.clock.iso(), status: 'failed', error: `${error.code}: ${error.message}` });
      deps.metrics.count('cerebro_runs_total', { status });
    } finally {
      deps.metrics.observe('cerebro_run_duration_seconds', (deps.clock.monotonic() - startedAt) / 1000);
    }
  };

  /** Starts work on a claimed run and remembers it until it ends. Never rejects. */
  const begin = (
    run: string,
    question: Question,
    emit: (event: RunEvent) => void,
    outer?: AbortSignal,
  ): Promise<void> => {
    const stop = new AbortController();
    const signal = outer === undefined ? stop.signal : AbortSignal.any([stop.signal, outer]);
    const done = turns.take(() => work(run, question, emit, signal)).finally(() => active.delete(run));
    active.set(run, { stop, done });
    return done;
  };

  const replay = (stored: StoredRun, emit: (event: RunEvent) => void): void => {
    const { run } = stored;
    emit({ type: 'run-start', run, at: deps.clock.iso(), question: stored.question });
    if (stored.answer !== undefined) emit({ type: 'answer', run, at: deps.clock.iso(), answer: stored.answer });
    const error = stored.error ?? (stored.answer === undefined ? 'CONFLICT: the run was given up' : undefined);
    emit({
      type: 'run-end',
      run,
      at: deps.clock.iso(),
      status: error === undefined ? 'done' : 'failed',
      ...(error === undefined ? {} : { error }),
    });
  };

  const start = async (
    asked: Question,
    emit: (event: RunEvent) => void,
    given: { run?: string; signal?: AbortSignal },
  ): Promise<void> => {
    const parsed = questionSchema.safeParse(asked);
    if (!parsed.success) throw new CerebroError('INPUT_INVALID', `The question does not fit: ${parsed.error.message}`);
    if (closed) throw shutdown;
    const question = parsed.data;
    const run = given.run ?? runIdOf(question);
    const mine = active.get(run);
    if (mine !== undefined) {
      await mine.done;
      const stored = store.get(run);
      if (stored !== undefined) {
        replay(stored, emit);
        return;
      }
    }
    const { taken, stored } = store.claim(run, question);
    if (taken) return begin(run, question, emit, given.signal);
    if (stored.status === 'done') return replay(stored, emit);
    throw new CerebroError('CONFLICT', `Run ${run} is at work in another process.`);
  };

  return {
    ask(question, given = {}) {
      const queue = createEventQueue<RunEvent>();
      start(question, (event) => queue.push(event), given).then(
        () => queue.end(),
        (thrown: unknown) => queue.end(CerebroError.from(thrown)),
      );
      return queue.events;
    },
    understand: (question) =>
      services(() => undefined, AbortSignal.timeout(30_000)).understand(
        runIdOf(question),
        questionSchema.parse(question),
        { record: false },
      ),
    previous: ({ thread, askedAt }) => store.previous(thread, askedAt) ?? deps.earlier,
    async resume() {
      store.prune(deps.clock.now() - (options.retentionMs ?? 30 * 86_400_000));
      for (const stored of store.unrecorded()) if (stored.answer !== undefined) finish(stored.answer, stored.question);
      const taken = store.abandoned().filter(({ run, question }) => store.claim(run, question).taken);
      deps.log.info('runs-resumed', { runs: taken.length });
      await Promise.all(taken.map(({ run, question }) => begin(run, question, () => undefined)));
      return taken.map(({ run }) => run);
    },
    async close() {
      closed = true;
      const all = [...active.values()];
      const drained = new AbortController();
      const ended = Promise.allSettled(all.map(({ done }) => done)).then(() => drained.abort());
      await deps.clock.sleep(options.drainMs ?? 5_000, drained.signal).catch(() => undefined);
      for (const { stop } of all) stop.abort(shutdown);
      await ended;
    },
  };
}

/** Lets `most` pieces of work go on at once, the rest in order of asking. */
function createTurns(most: number) {
  let busy = 0;
  const waiting: (() => void)[] = [];
  return {
    async take<T>(job: () => Promise<T>): Promise<T> {
      if (busy >= most) await new Promise<void>((resolve) => void waiting.push(resolve));
      else busy += 1;
      try {
        return await job();
      } finally {
        const next = waiting.shift();
        if (next === undefined) busy -= 1;
        else next();
      }
    },
  };
}
