import type { Outcome } from '../domain/outcome.ts';
import type { RunEvent } from '../domain/run.ts';
import type { Clock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { ToolClient } from '../tools/client.ts';

/**
 * The tools of one agent in one run: tells of each call and of its result. A tool that breaks its contract and throws becomes a `failed`
 * outcome; only a withdrawn request rejects. A node that runs again after a crash makes the same calls with the same run and input, by which
 * the toolbox lets an acting call happen once.
 */
export function watchTools(
  deps: { tools: ToolClient; clock: Clock; emit: (event: RunEvent) => void },
  place: { run: string; agent: string },
): ToolClient {
  const { tools, clock, emit } = deps;
  return {
    list: () => tools.list(),
    async call(name, input, signal) {
      const tell = { run: place.run, agent: place.agent, tool: name };
      emit({ type: 'tool-call', ...tell, at: clock.iso(), input });
      let outcome: Outcome;
      try {
        outcome = await tools.call(name, input, signal);
      } catch (thrown) {
        if (signal?.aborted === true) throw thrown;
        const { code, message } = CerebroError.from(thrown);
        outcome = { status: 'failed', code, message, hint: 'The tool broke its contract; use another one.' };
      }
      emit({ type: 'tool-result', ...tell, at: clock.iso(), status: outcome.status, digest: digestOf(outcome) });
      return outcome;
    },
  };
}

function digestOf(outcome: Outcome): string {
  if (outcome.status === 'ok') return outcome.digest;
  if (outcome.status === 'no-data') return `nothing found; looked at ${outcome.lookedAt}`;
  return outcome.status === 'needs-approval' ? outcome.reason : `${outcome.code}: ${outcome.message}`;
}
