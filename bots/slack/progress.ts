import type { RunEvent } from '../../domain/run.ts';

/** The steps of a run as a few short lines, the newest last. Pure over the events pushed; tool digests are text from outside. */
export interface Progress {
  push(event: RunEvent): void;
  text(): string;
}

/** Keeps the last `keep` steps. */
export function createProgress(keep = 8): Progress {
  const lines: string[] = [];
  let dropped = 0;
  const push = (line: string): void => {
    lines.push(line);
    if (lines.length > keep) {
      lines.shift();
      dropped += 1;
    }
  };
  return {
    push(event) {
      if (event.type === 'question-understood')
        push(`understood: ${event.understanding.intent} ${event.understanding.entities.join(', ')}`);
      else if (event.type === 'agent-start') push(`${event.agent}: ${event.task}`);
      else if (event.type === 'tool-result') push(`${event.tool}: ${event.digest.slice(0, 160)}`);
      else if (event.type === 'agent-end' && event.status === 'failed') push(`${event.agent} could not finish`);
    },
    text: () => ['Working on it…', ...(dropped > 0 ? [`(${dropped} earlier steps)`] : []), ...lines].join('\n'),
  };
}
