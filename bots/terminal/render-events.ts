import ora from 'ora';
import pc from 'picocolors';
import type { Answer } from '../../domain/answer.ts';
import type { RunEvent } from '../../domain/run.ts';
import { plainText } from './plain-text.ts';
import { renderAnswer } from './render-answer.ts';
import type { RenderOptions } from './render-answer.ts';

export interface RenderEventsOptions extends RenderOptions {
  /** Where the answer goes: text, or with `json` one JSON document and nothing else. */
  out: NodeJS.WritableStream;
  /** Where steps go, so that the answer alone can be piped on. */
  steps: NodeJS.WritableStream;
  /** Columns of the terminal that steps move on in one line; absent where they are no terminal, then each step is a line. */
  stepWidth: number | undefined;
  json: boolean;
}

/** How a run ended for the asker: its answer where there is one, and what went wrong where something did. */
export interface Rendered {
  answer?: Answer;
  error?: string;
}

/** Shows the steps of a run as they come and then its answer. Resolves when the run has ended; errors of the stream pass through. */
export async function renderEvents(events: AsyncIterable<RunEvent>, options: RenderEventsOptions): Promise<Rendered> {
  const steps = createSteps(options);
  const rendered: Rendered = {};
  try {
    for await (const event of events) {
      const text = stepOf(event);
      if (text !== undefined) steps.show(text);
      if (event.type === 'answer') rendered.answer = event.answer;
      if (event.type === 'run-end' && event.status === 'failed') rendered.error = event.error ?? 'The run failed.';
    }
  } finally {
    steps.stop();
  }
  if (options.json)
    options.out.write(`${JSON.stringify(rendered.answer ?? { error: rendered.error ?? 'no answer' }, null, 2)}\n`);
  else if (rendered.answer !== undefined) options.out.write(renderAnswer(rendered.answer, options));
  if (rendered.error !== undefined && !options.json) {
    options.steps.write(`${pc.createColors(options.colours).red('failed')} ${plainText(rendered.error)}\n`);
  }
  return rendered;
}

/** What one event looks like as a step, in plain text; undefined for events that are no step. */
function stepOf(event: RunEvent): string | undefined {
  if (event.type === 'question-understood') {
    const { intent, entities } = event.understanding;
    return plainText(`understood: ${intent}${entities.length === 0 ? '' : `, ${entities.join(', ')}`}`);
  }
  if (event.type === 'agent-start') return plainText(`${event.agent}: ${event.task}`);
  if (event.type === 'tool-result') {
    return plainText(`  ${event.tool}: ${event.status === 'ok' ? event.digest : `${event.status}, ${event.digest}`}`);
  }
  return event.type === 'agent-end' && event.status === 'failed' ? plainText(`${event.agent}: failed`) : undefined;
}

function createSteps(options: RenderEventsOptions): { show(text: string): void; stop(): void } {
  if (options.json) return { show: () => undefined, stop: () => undefined };
  const colours = pc.createColors(options.colours);
  if (options.stepWidth === undefined)
    return { show: (text) => options.steps.write(`${colours.dim(text)}\n`), stop: () => undefined };
  const spinner = ora({
    stream: options.steps,
    color: options.colours ? 'cyan' : false,
    discardStdin: false,
    isEnabled: true,
  });
  spinner.start('thinking');
  const room = Math.max(10, options.stepWidth - 4);
  return {
    show: (text) => {
      // A line longer than the terminal would leave its rest behind when the spinner redraws.
      spinner.text = Array.from(text.trim()).slice(0, room).join('');
    },
    stop: () => spinner.stop(),
  };
}
