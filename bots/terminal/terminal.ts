import type { Answer } from '../../domain/answer.ts';
import type { Principal, Question } from '../../domain/question.ts';
import type { RunEvent } from '../../domain/run.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { runChat } from './chat.ts';
import { renderEvents } from './render-events.ts';
import type { Rendered } from './render-events.ts';

/** Runs a question through the graph and streams its steps; the last event is `run-end`. */
export interface Asker {
  ask(question: Question, options?: { run?: string; signal?: AbortSignal }): AsyncIterable<RunEvent>;
}

export interface TerminalDeps {
  asker: Asker;
  clock: Clock;
  /** Where answers go. */
  out: NodeJS.WritableStream;
  /** Where steps and prompts go; standard error, so that an answer can be piped on. */
  steps: NodeJS.WritableStream;
  /** Where chat reads from. */
  input: NodeJS.ReadableStream;
}

export interface TerminalOptions {
  principal: Principal;
  timeZone: string;
  /** False or a `NO_COLOR` environment keeps colours away; defaults to whether `out` is a terminal. */
  colours?: boolean;
  json?: boolean;
}

/** The terminal door. */
export interface Terminal {
  /** Asks one question and shows the steps and the answer. */
  ask(text: string, options?: { thread?: string; signal?: AbortSignal }): Promise<Rendered>;
  /** A conversation in one thread until the end of input, `exit` or `quit`; returns the last answer. */
  chat(thread: string, signal?: AbortSignal): Promise<Answer | undefined>;
}

/** Makes the terminal door. Spinner and colours only on a terminal; JSON has neither. */
export function createTerminal(deps: TerminalDeps, options: TerminalOptions): Terminal {
  const colours = options.colours ?? isTerminal(deps.out);
  const ask: Terminal['ask'] = (text, { thread = `terminal:${deps.clock.iso()}`, signal } = {}) => {
    const { principal, timeZone } = options;
    const question: Question = { text, thread, askedAt: deps.clock.iso(), timeZone, principal };
    return renderEvents(deps.asker.ask(question, signal === undefined ? {} : { signal }), {
      out: deps.out,
      steps: deps.steps,
      stepWidth: isTerminal(deps.steps) ? columnsOf(deps.steps) : undefined,
      colours,
      json: options.json ?? false,
      width: Math.min(110, columnsOf(deps.out) ?? 100),
    });
  };
  return {
    ask,
    chat: (thread, signal) =>
      runChat({ input: deps.input, prompts: deps.steps }, async (text) => {
        const { answer } = await ask(text, signal === undefined ? { thread } : { thread, signal });
        return answer;
      }),
  };
}

function isTerminal(stream: NodeJS.WritableStream): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}

function columnsOf(stream: NodeJS.WritableStream): number | undefined {
  return 'columns' in stream && typeof stream.columns === 'number' && stream.columns > 20 ? stream.columns : undefined;
}
