import type { ComponentChildren } from 'preact';
import type { Answer } from '../../../../domain/answer.ts';
import type { Diagnosis } from '../../../../domain/diagnosis.ts';
import { hrefOf } from '../state/route.ts';
import { kindOf, nameOf, offsetOf, readable, timeOf, wordsOf } from '../state/words.ts';
import { openEvidence } from '../state/drawer.ts';
import { Verdict } from './answer-view.tsx';
import { Citations, Cited, numbersOf } from './citations.tsx';
import { EvidenceChart } from './evidence-chart.tsx';
import { HypothesisCard } from './hypothesis-card.tsx';
import { PlanView } from './plan-view.tsx';
import { Empty } from './states.tsx';
import { WasThisRight } from './was-this-right.tsx';

/** The investigation board: everything that an answer rests on, at one look. */
export function Board({ answer }: { answer: Answer }) {
  const numbers = numbersOf(answer);
  const { diagnosis } = answer;
  const onset = diagnosis?.onset;
  return (
    <div class="board">
      <div class="board-head">
        <Verdict answer={answer} />
        <p class="headline">
          {answer.headline.map((sentence, index) => (
            <span key={index}>
              <Cited sentence={sentence} numbers={numbers} onset={onset} />{' '}
            </span>
          ))}
        </p>
        <WasThisRight answer={answer} />
      </div>
      <div class="board-main">
        {diagnosis !== undefined && <Hypotheses diagnosis={diagnosis} numbers={numbers} />}
        <Panel title="Evidence" count={answer.evidence.length}>
          {answer.charts.length > 0 && (
            <div class="charts">
              {answer.charts.map((chart, index) => (
                <EvidenceChart
                  key={index}
                  id={chart.evidence}
                  title={chart.title}
                  entities={chart.entities}
                  onset={onset}
                />
              ))}
            </div>
          )}
          <ol class="evidence-list">
            {answer.evidence.map((evidence) => (
              <li key={evidence.id}>
                <button type="button" onClick={() => openEvidence(evidence.id, onset)}>
                  <span class="citation" aria-hidden="true">
                    {numbers.get(evidence.id)}
                  </span>
                  <span class="evidence-digest">{readable(evidence.digest)}</span>
                  <span class="muted evidence-kind">{wordsOf(evidence.kind)}</span>
                </button>
              </li>
            ))}
          </ol>
        </Panel>
      </div>
      <div class="board-side">
        {diagnosis !== undefined && <Side diagnosis={diagnosis} numbers={numbers} />}
        {answer.plan !== undefined && answer.plan.actions.length > 0 && (
          <Panel title="Plan, waits for approval" count={answer.plan.actions.length}>
            <PlanView plan={answer.plan} numbers={numbers} />
          </Panel>
        )}
      </div>
    </div>
  );
}

function Panel({ title, count, children }: { title: string; count?: number; children: ComponentChildren }) {
  return (
    <section class="panel">
      <h2 class="label">
        {title}
        {count !== undefined && <span class="count">{count}</span>}
      </h2>
      {children}
    </section>
  );
}

function Hypotheses({ diagnosis, numbers }: { diagnosis: Diagnosis; numbers: ReadonlyMap<string, number> }) {
  const { hypotheses, onset } = diagnosis;
  return (
    <Panel title="Hypotheses" count={hypotheses.length}>
      {hypotheses.length === 0 && (
        <Empty title="No candidate">Nothing departs from normal enough to suspect anything.</Empty>
      )}
      <ol class="hypotheses">
        {hypotheses.map((hypothesis, index) => (
          <HypothesisCard
            key={hypothesis.id}
            hypothesis={hypothesis}
            rank={index + 1}
            numbers={numbers}
            onset={onset}
          />
        ))}
      </ol>
    </Panel>
  );
}

function Side({ diagnosis, numbers }: { diagnosis: Diagnosis; numbers: ReadonlyMap<string, number> }) {
  const { timeline, blastRadius, ruledOut, gaps, onset } = diagnosis;
  return (
    <>
      <Panel title="Timeline">
        {timeline.length === 0 && <p class="muted">Nothing to put in order.</p>}
        <ol class="timeline">
          {timeline.map((entry, index) => (
            <li key={index} class={entry.at === onset ? 'at-onset' : ''}>
              <span class="timeline-time">
                <time dateTime={entry.at}>{timeOf(entry.at)}</time>
                <span class="muted">
                  {onset !== undefined && (entry.at === onset ? 'onset' : offsetOf(entry.at, onset))}
                </span>
              </span>
              <span>
                {entry.entity !== undefined && !entry.text.includes(nameOf(entry.entity)) && (
                  <b>{nameOf(entry.entity)} </b>
                )}
                {readable(entry.text)} <Citations ids={entry.evidence} numbers={numbers} onset={onset} />
              </span>
            </li>
          ))}
        </ol>
      </Panel>
      {blastRadius.length > 0 && (
        <Panel title="Blast radius" count={blastRadius.length}>
          <ul class="chips">
            {blastRadius.map((id) => (
              <li key={id}>
                <a class="chip" href={hrefOf('services', id)}>
                  {nameOf(id)} <span class="muted">{kindOf(id)}</span>
                </a>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {ruledOut.length > 0 && (
        <Panel title="Ruled out" count={ruledOut.length}>
          <ul class="ruled">
            {ruledOut.map((one, index) => (
              <li key={index}>
                <b>
                  {[one.entity === undefined ? undefined : nameOf(one.entity), one.faultKind, one.change]
                    .filter((part) => part !== undefined)
                    .join(', ')}
                </b>{' '}
                {readable(one.reason)} <Citations ids={one.evidence} numbers={numbers} onset={onset} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {gaps.length > 0 && (
        <Panel title="Could not be seen" count={gaps.length}>
          <ul class="gaps">
            {gaps.map((gap, index) => (
              <li key={index}>
                {gap.missing}
                <span class="muted">Would show it: {gap.wouldShow}</span>
                {gap.limits !== undefined && <span class="muted">{gap.limits}</span>}
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
