import type { LabelledOutcome, Recalibration } from '../detection/diagnosis/recalibrate.ts';
import { fitRecalibration } from '../detection/diagnosis/recalibrate.ts';
import type { Investigations } from '../tools/investigations.ts';

/** So many of the newest investigations are looked at: what was right years ago says little of today. */
const newest = 500;

/** A team's own calibration, fitted anew after each word of feedback. */
export interface OwnOutcomes {
  /** Undefined until twenty answers that claimed a cause were labelled. */
  recalibration(): Recalibration | undefined;
  /** Something was said of an answer. */
  changed(): void;
}

/** Reads labelled answers from the investigations: of each run the last word counts, and only where a cause was claimed. Cost: once a change. */
export function createOwnOutcomes(investigations: Pick<Investigations, 'list' | 'answerOf'>): OwnOutcomes {
  let fitted: { value: Recalibration | undefined } | undefined;
  return {
    recalibration: () => (fitted ??= { value: fitRecalibration(outcomesOf(investigations)) }).value,
    changed: () => {
      fitted = undefined;
    },
  };
}

function outcomesOf(investigations: Pick<Investigations, 'list' | 'answerOf'>): LabelledOutcome[] {
  return investigations.list(newest).flatMap(({ feedback }) => {
    const last = new Map(feedback.map(({ run, right }) => [run, right]));
    return [...last].flatMap(([run, right]): LabelledOutcome[] => {
      const diagnosis = investigations.answerOf(run)?.diagnosis;
      if (diagnosis?.verdict !== 'cause' && diagnosis?.verdict !== 'external') return [];
      return [{ prior: diagnosis.calibration?.prior ?? diagnosis.confidence, right }];
    });
  });
}
