import type { About } from '../../server/console-deps.ts';
import { HealthMark } from '../parts/health-mark.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { useLoad } from '../state/use-load.ts';

/** What this installation is: who reasons, what is connected, what it cannot see. */
export function AboutScreen() {
  const { value, problem, reload } = useLoad<About>('/api/about', 10_000);
  return (
    <div class="page">
      <h1 class="page-title">About this Cerebro</h1>
      {value === undefined &&
        (problem === undefined ? <Loading rows={6} /> : <Failed message={problem} retry={reload} />)}
      {value !== undefined && (
        <>
          <dl class="facts">
            <dt>Version</dt>
            <dd>{value.version}</dd>
            <dt>Reasoner</dt>
            <dd>{value.reasoner === 'rules' ? 'Built-in rules; no model is asked' : value.reasoner}</dd>
          </dl>
          <section class="panel">
            <h2 class="label">Sources</h2>
            {value.sources.length === 0 && (
              <Empty title="Nothing is connected">Without a source there is nothing to look at.</Empty>
            )}
            <ul class="sources">
              {value.sources.map((source) => (
                <li key={source.name}>
                  <HealthMark state={source.state} />
                  <b>{source.name}</b>
                  <span>{source.kind}</span>
                  <span class="muted">{source.note ?? ''}</span>
                </li>
              ))}
            </ul>
          </section>
          {value.gaps.length > 0 && (
            <section class="panel">
              <h2 class="label">Cannot be seen from here</h2>
              <ul class="gaps">
                {value.gaps.map((gap) => (
                  <li key={gap}>{gap}</li>
                ))}
              </ul>
            </section>
          )}
          {value.lab !== undefined && (
            <section class="panel">
              <h2 class="label">Lab</h2>
              <p>
                The services read here are a lab on this machine.{' '}
                <a href={value.lab.page} target="_blank" rel="noreferrer">
                  Break something in it
                </a>
                , then ask.
              </p>
            </section>
          )}
          <section class="panel">
            <h2 class="label">Keys</h2>
            <dl class="facts">
              <dt>
                <kbd>/</kbd>
              </dt>
              <dd>go to the question</dd>
              <dt>
                <kbd>Enter</kbd>
              </dt>
              <dd>ask; with Shift, break the line</dd>
              <dt>
                <kbd>Esc</kbd>
              </dt>
              <dd>close the evidence, leave the question</dd>
            </dl>
          </section>
        </>
      )}
    </div>
  );
}
