import { useEffect, useRef } from 'preact/hooks';
import type { Progress, Step } from '../state/run-progress.ts';
import { readable, spanOf } from '../state/words.ts';

const marks = { running: '', ok: '\u2713', 'no-data': '\u2205', 'needs-approval': '!', failed: '\u00D7' } as const;

/** The steps of a run. While it goes on they scroll in a box of fixed height; once it has ended they fold into one line. */
export function StepList({ progress }: { progress: Progress }) {
  const box = useRef<HTMLOListElement>(null);
  const running = progress.status === 'running' && progress.answer === undefined;
  useEffect(() => {
    if (running) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [running, progress.steps.length]);
  if (!running) {
    return (
      <details class="steps">
        <summary>
          <span>{summaryOf(progress)}</span>
        </summary>
        <Rows steps={progress.steps} />
      </details>
    );
  }
  return (
    <div class="steps steps-running">
      <p class="doing">
        <span class="pulse" aria-hidden="true" />
        <span class="clip">{progress.doing}</span>
      </p>
      <ol ref={box} class="step-box" aria-label="Steps so far" tabIndex={0}>
        <StepRows steps={progress.steps} />
      </ol>
    </div>
  );
}

function Rows({ steps }: { steps: readonly Step[] }) {
  return (
    <ol>
      <StepRows steps={steps} />
    </ol>
  );
}

function StepRows({ steps }: { steps: readonly Step[] }) {
  return (
    <>
      {steps.map((step, index) => (
        <li key={index} class={`step step-${step.status}`}>
          <span class="step-mark" role="img" aria-label={step.status}>
            {marks[step.status]}
          </span>
          <details class="step-body">
            <summary>
              <code>{step.tool}</code>
              <span class="step-digest">{readable(step.digest)}</span>
            </summary>
            <p class="step-more">
              asked by {step.agent}
              {step.digest === '' ? '' : `; ${readable(step.digest)}`}
            </p>
            <pre tabIndex={0}>{JSON.stringify(step.input, null, 2)}</pre>
          </details>
        </li>
      ))}
    </>
  );
}

function summaryOf(progress: Progress): string {
  const count = progress.steps.length;
  const time =
    progress.startedAt === undefined || progress.endedAt === undefined
      ? undefined
      : Date.parse(progress.endedAt) - Date.parse(progress.startedAt);
  const steps = `${count} ${count === 1 ? 'step' : 'steps'}`;
  return time === undefined ? steps : `${steps} in ${spanOf(time)}`;
}
