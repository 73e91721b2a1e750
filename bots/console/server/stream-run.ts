import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import type { RunEvent } from '../../../domain/run.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Clock } from '../../../infra/runtime/clock.ts';
import type { Logger } from '../../../infra/runtime/logger.ts';

const heartbeatMs = 15_000;

/**
 * Server-sent events of a run: one `event` named by its type with the event as JSON, and a comment every 15 s so that a dead connection shows.
 * A reader who goes away does not stop the run (its answer stays in the investigation); an error of the run is told as a failed `run-end`.
 */
export function streamRun(
  deps: { clock: Clock; logger: Logger },
  events: AsyncIterable<RunEvent>,
  whenDone: () => void,
): Readable {
  const stream = new PassThrough();
  const heartbeat = setInterval(() => stream.writable && stream.write(': still here\n\n'), heartbeatMs);
  const send = (event: RunEvent): void => {
    if (stream.writable) stream.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const pump = async (): Promise<void> => {
    let run = '';
    let ended = false;
    try {
      for await (const event of events) {
        run = event.run;
        ended = event.type === 'run-end';
        send(event);
      }
      if (!ended) send(failed(run, deps.clock.iso(), 'The run ended without saying so.'));
    } catch (thrown) {
      const error = CerebroError.from(thrown);
      deps.logger.error('run-failed', { run, code: error.code, message: error.message });
      const message = error.code === 'INTERNAL' ? 'Something went wrong on our side; the log has more.' : error.message;
      send(failed(run, deps.clock.iso(), `${error.code}: ${message}`));
    } finally {
      clearInterval(heartbeat);
      stream.end();
      whenDone();
    }
  };
  void pump();
  return stream;
}

function failed(run: string, at: string, error: string): RunEvent {
  return { type: 'run-end', run, at, status: 'failed', error };
}
