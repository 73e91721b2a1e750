import type { Question } from '../domain/question.ts';
import type { Feedback, RunEvent } from '../domain/run.ts';

/** What a door asks: the orchestrator, seen through the one method that a door needs. The stream ends with `run-end`, or throws CerebroError. */
export interface Asker {
  ask(question: Question, options?: { run?: string; signal?: AbortSignal }): AsyncIterable<RunEvent>;
}

/** Where "Was this right?" goes. */
export interface FeedbackSink {
  addFeedback(feedback: Feedback): void | Promise<void>;
}

/**
 * A door: it verifies the sender, makes a question and a principal, and renders what comes back; nothing else. `start` resolves when it
 * takes messages; `stop` takes no more, withdraws the runs that it waits for, and resolves when they have ended. Both may be called twice.
 */
export interface Bot {
  name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}
