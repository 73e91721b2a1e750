import type { Question, Understanding } from '../domain/question.ts';
import type { RunEvent } from '../domain/run.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import type { AppDeps } from './app-deps.ts';
import type { RunRecordings } from './run-recordings.ts';

type Ask = (question: Question, options?: { run?: string; signal?: AbortSignal }) => AsyncIterable<RunEvent>;

/** The same `ask`, which also keeps what each run saw once its last event is out. A recording that cannot be written is logged; the answer stands. */
export function keepRuns(
  orchestrator: { ask: Ask; previous(question: Question): Understanding | undefined },
  recordings: RunRecordings,
  deps: Pick<AppDeps, 'clock' | 'logger'>,
): Ask {
  return async function* ask(question, options) {
    let run: string | undefined;
    let understood: Understanding | undefined;
    try {
      for await (const event of orchestrator.ask(question, options)) {
        run = event.run;
        if (event.type === 'question-understood') understood = event.understanding;
        yield event;
      }
    } finally {
      if (run !== undefined) {
        const window = question.window ??
          understood?.window ?? { from: isoOf(msOf(question.askedAt) - 300_000), to: question.askedAt };
        const previous = orchestrator.previous(question);
        const about = { run, question, window, created: deps.clock.iso() };
        await recordings.keep(previous === undefined ? about : { ...about, previous }).catch((thrown: unknown) => {
          deps.logger.warn('recording-failed', { run, reason: CerebroError.from(thrown).message });
        });
      }
    }
  };
}
