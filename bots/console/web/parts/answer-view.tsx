import type { Answer, Sentence } from '../../../../domain/answer.ts';
import type { Diagnosis } from '../../../../domain/diagnosis.ts';
import { hrefOf } from '../state/route.ts';
import { nameOf, percentOf, wordsOf } from '../state/words.ts';
import { arrangeSections } from './arrange-sections.ts';
import { Cited, numbersOf } from './citations.tsx';
import { EvidenceChart } from './evidence-chart.tsx';
import { Conditions, GradeBadge } from './grade-badge.tsx';
import { Icon } from './icons.tsx';
import { WasThisRight } from './was-this-right.tsx';

const verdictWords = {
  cause: 'Cause found',
  external: 'Outside cause',
  healthy: 'All well',
  abstain: 'No cause carried by evidence',
} as const;
const statusWords = {
  answered: 'Answer',
  clarify: 'One question back',
  abstained: 'No cause carried by evidence',
  failed: 'No answer',
} as const;

/** An answer: what it comes to, how strongly that is carried, charts, the cited sentences, and whether it was right. */
export function AnswerView({ answer }: { answer: Answer }) {
  const numbers = numbersOf(answer);
  const { diagnosis } = answer;
  const onset = diagnosis?.onset;
  const [cause] = diagnosis?.hypotheses ?? [];
  const blamed = cause !== undefined && (diagnosis?.verdict === 'cause' || diagnosis?.verdict === 'external');
  return (
    <article class={`answer answer-${answer.status}`}>
      <Verdict answer={answer} />
      <p class="headline">
        {answer.headline.map((sentence, index) => (
          <span key={index}>
            <Cited sentence={sentence} numbers={numbers} onset={onset} />{' '}
          </span>
        ))}
      </p>
      {blamed && <Conditions certificate={cause.certificate} numbers={numbers} />}
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
      <Sections answer={answer} numbers={numbers} />
      <footer class="answer-foot">
        {diagnosis !== undefined && (
          <a class="button button-quiet" href={hrefOf('board', answer.run)}>
            Open the board
            <span class="muted">{boardLine(diagnosis)}</span>
            <Icon name="chevron" />
          </a>
        )}
        {answer.status !== 'clarify' && <WasThisRight answer={answer} />}
      </footer>
    </article>
  );
}

function Sections({ answer, numbers }: { answer: Answer; numbers: ReadonlyMap<string, number> }) {
  const { open, folded } = arrangeSections(answer);
  const onset = answer.diagnosis?.onset;
  return (
    <>
      {open.map((section) => (
        <section key={section.title} class="section">
          <h3 class="label">{section.title}</h3>
          <Sentences sentences={section.sentences} numbers={numbers} onset={onset} />
        </section>
      ))}
      {folded.map((section) => (
        <details key={section.title} class="section-fold">
          <summary class="label">
            {section.title}
            <span class="count">{section.sentences.length}</span>
          </summary>
          <Sentences sentences={section.sentences} numbers={numbers} onset={onset} />
        </details>
      ))}
    </>
  );
}

interface SentencesProps {
  sentences: readonly Sentence[];
  numbers: ReadonlyMap<string, number>;
  onset: string | undefined;
}

function Sentences({ sentences, numbers, onset }: SentencesProps) {
  return (
    <ul>
      {sentences.map((sentence, place) => (
        <li key={place} class={sentence.kind === 'note' ? 'note' : ''}>
          <Cited sentence={sentence} numbers={numbers} onset={onset} />
        </li>
      ))}
    </ul>
  );
}

/** The line above a headline: what kind of conclusion it is, how it is graded, who wrote it. */
export function Verdict({ answer }: { answer: Answer }) {
  const { diagnosis } = answer;
  const [cause] = diagnosis?.hypotheses ?? [];
  const blamed = cause !== undefined && (diagnosis?.verdict === 'cause' || diagnosis?.verdict === 'external');
  return (
    <p class="verdict">
      <span class="verdict-word">
        {diagnosis === undefined ? statusWords[answer.status] : verdictWords[diagnosis.verdict]}
      </span>
      {blamed && (
        <>
          <GradeBadge grade={cause.certificate.grade} />
          <span class="verdict-cause">
            <strong>{nameOf(cause.entity)}</strong> {wordsOf(cause.faultKind).toLowerCase()}
          </span>
          <span class="muted">{percentOf(cause.confidence)} sure</span>
        </>
      )}
      <span class="muted verdict-by">by {answer.by}</span>
    </p>
  );
}

function boardLine(diagnosis: Diagnosis): string {
  const parts = [
    [diagnosis.hypotheses.length, 'hypothesis', 'hypotheses'],
    [diagnosis.ruledOut.length, 'ruled out', 'ruled out'],
    [diagnosis.gaps.length, 'gap', 'gaps'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`)
    .join(', ');
}
