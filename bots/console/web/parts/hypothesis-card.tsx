import type { Certificate, Hypothesis } from '../../../../domain/diagnosis.ts';
import { hrefOf } from '../state/route.ts';
import { nameOf, offsetOf, percentOf, wordsOf } from '../state/words.ts';
import { Citations } from './citations.tsx';
import { Conditions, GradeBadge } from './grade-badge.tsx';

interface HypothesisCardProps {
  hypothesis: Hypothesis;
  rank: number;
  numbers: ReadonlyMap<string, number>;
  onset?: string | undefined;
}

/** A candidate cause: what, where, how strongly carried, the path from it to the symptom, and what speaks for and against. */
export function HypothesisCard({ hypothesis, rank, numbers, onset }: HypothesisCardProps) {
  const { entity, faultKind, certificate } = hypothesis;
  return (
    <li class={`hypothesis ${rank === 1 ? 'hypothesis-first' : ''}`}>
      <div class="hypothesis-head">
        <h3>
          <span class="rank">{rank}</span>
          <a href={hrefOf('services', entity)}>{nameOf(entity)}</a> {wordsOf(faultKind).toLowerCase()}
        </h3>
        <GradeBadge grade={certificate.grade} />
        <span class="muted">{percentOf(hypothesis.confidence)}</span>
      </div>
      <p>
        {hypothesis.mechanism} <Citations ids={hypothesis.evidence} numbers={numbers} onset={onset} />
      </p>
      {hypothesis.change !== undefined && (
        <p class="muted">
          Brought by <code>{hypothesis.change}</code>
        </p>
      )}
      <Path certificate={certificate} onset={onset} />
      <Conditions certificate={certificate} numbers={numbers} />
      <ForAndAgainst hypothesis={hypothesis} />
    </li>
  );
}

function Path({ certificate, onset }: { certificate: Certificate; onset: string | undefined }) {
  const [path] = certificate.paths;
  if (path === undefined || path.length === 0) return null;
  return (
    <ol class="path" aria-label="Path from the cause to the symptom">
      {path.map((hop, index) => (
        <li key={index}>
          <b>{nameOf(hop.entity)}</b>
          <span class="muted">
            {index === 0 && hop.onset === undefined && 'cause'}
            {hop.onset !== undefined &&
              onset !== undefined &&
              (hop.onset === onset ? 'onset' : offsetOf(hop.onset, onset))}
            {hop.effectSize !== undefined && ` \u00B7 ${Math.round(hop.effectSize)}\u00D7 spread`}
          </span>
        </li>
      ))}
    </ol>
  );
}

function ForAndAgainst({ hypothesis }: { hypothesis: Hypothesis }) {
  const findingsFor = hypothesis.findingsFor.filter(isTold);
  const findingsAgainst = hypothesis.findingsAgainst.filter(isTold);
  if (findingsFor.length + findingsAgainst.length === 0) return null;
  return (
    <ul class="findings">
      {findingsFor.map((text) => (
        <li key={text} class="for">
          <span class="hidden">For: </span>
          {text}
        </li>
      ))}
      {findingsAgainst.map((text) => (
        <li key={text} class="against">
          <span class="hidden">Against: </span>
          {text}
        </li>
      ))}
    </ul>
  );
}

/** Ids of findings say nothing to a person; their evidence is cited above. */
function isTold(text: string): boolean {
  return !/^fi_[0-9a-f]+$/.test(text);
}
