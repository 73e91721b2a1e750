import type { Answer, Sentence } from '../../../../domain/answer.ts';
import { readable } from '../state/words.ts';
import { openEvidence } from '../state/drawer.ts';

/** The number that an answer gives to each piece of its evidence, from 1. */
export function numbersOf(answer: Answer): ReadonlyMap<string, number> {
  return new Map(answer.evidence.map((evidence, index) => [evidence.id, index + 1]));
}

/** Chips that open what a statement rests on. */
export function Citations({
  ids,
  numbers,
  onset,
}: {
  ids: readonly string[];
  numbers: ReadonlyMap<string, number>;
  onset?: string | undefined;
}) {
  if (ids.length === 0) return null;
  return (
    <span class="citations">
      {ids.map((id) => (
        <button
          key={id}
          type="button"
          class="citation"
          aria-label={`Evidence ${numbers.get(id) ?? id}`}
          onClick={() => openEvidence(id, onset)}
        >
          {numbers.get(id) ?? '\u2022'}
        </button>
      ))}
    </span>
  );
}

/** A sentence as text, followed by what carries it. */
export function Cited({
  sentence,
  numbers,
  onset,
}: {
  sentence: Sentence;
  numbers: ReadonlyMap<string, number>;
  onset?: string | undefined;
}) {
  return (
    <>
      {readable(sentence.text)} <Citations ids={sentence.evidence} numbers={numbers} onset={onset} />
    </>
  );
}
