import type { Answer } from '../../../../domain/answer.ts';
import type { RunEvent } from '../../../../domain/run.ts';

/** One tool call of a run, from the call to its result. */
export interface Step {
  agent: string;
  tool: string;
  input: Record<string, unknown>;
  status: 'running' | 'ok' | 'no-data' | 'needs-approval' | 'failed';
  digest: string;
}

/** What is known of a run so far. */
export interface Progress {
  status: 'running' | 'done' | 'failed';
  run?: string;
  startedAt?: string;
  endedAt?: string;
  /** What is being done right now, for one line. */
  doing: string;
  steps: Step[];
  answer?: Answer;
  error?: string;
}

/** A run of which nothing has come yet. */
export const noProgress: Progress = { status: 'running', doing: 'Reading the question', steps: [] };

const endings = ['ok', 'no-data', 'needs-approval', 'failed'] as const;

/** Progress after one more event. Pure; a result closes the oldest running call of its agent and tool. */
export function advance(progress: Progress, event: RunEvent): Progress {
  if (event.type === 'run-start') return { ...progress, run: event.run, startedAt: event.at };
  if (event.type === 'question-understood') return { ...progress, doing: 'Choosing who looks into it' };
  if (event.type === 'agent-start') return { ...progress, doing: event.task };
  if (event.type === 'tool-call') {
    const { agent, tool, input } = event;
    const step: Step = { agent, tool, input, status: 'running', digest: '' };
    return { ...progress, doing: `${agent}: ${tool}`, steps: [...progress.steps, step] };
  }
  if (event.type === 'tool-result') return { ...progress, steps: closeStep(progress.steps, event) };
  if (event.type === 'agent-end') {
    return event.status === 'failed' ? { ...progress, doing: `${event.agent} failed; going on without it` } : progress;
  }
  if (event.type === 'answer') return { ...progress, answer: event.answer, endedAt: event.at };
  return {
    ...progress,
    status: event.status,
    endedAt: event.at,
    steps: progress.steps.map((step) =>
      step.status === 'running' ? { ...step, status: 'failed', digest: 'no result' } : step,
    ),
    ...(event.status === 'failed' ? { error: event.error ?? 'The run failed.' } : {}),
  };
}

function closeStep(steps: readonly Step[], result: Extract<RunEvent, { type: 'tool-result' }>): Step[] {
  const status = endings.find((one) => one === result.status) ?? 'failed';
  const open = steps.findIndex(
    (step) => step.status === 'running' && step.agent === result.agent && step.tool === result.tool,
  );
  if (open < 0) return [...steps, { agent: result.agent, tool: result.tool, input: {}, status, digest: result.digest }];
  return steps.map((step, index) => (index === open ? { ...step, status, digest: result.digest } : step));
}
