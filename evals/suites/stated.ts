import { z } from 'zod';
import type { Answer } from '../../domain/answer.ts';
import { basis } from '../../domain/diagnosis.ts';
import { bootstrapInterval } from '../bootstrap-interval.ts';
import type { Outcome, Prediction, Score, ScoreReport } from '../suite.ts';
import type { AskedAnswer } from './ask-data.ts';

/** What every suite about causes writes beside its own prediction: how sure the product was, and what that was worked out from. */
export const stated = z.object({
  verdict: z.string(),
  grade: z.string().optional(),
  fault: z.string().optional(),
  confidence: z.number(),
  score: z.number().optional(),
  basis: basis.optional(),
  limited_by: z.string().optional(),
  capsule: z.string().optional(),
});
export type Stated = z.infer<typeof stated>;

/** The members of `stated` for an answer. */
export function statedOf({ answer, capsule }: Pick<AskedAnswer, 'answer' | 'capsule'>): Stated {
  const diagnosis = answer?.diagnosis;
  const top = diagnosis?.hypotheses[0];
  return {
    verdict: diagnosis?.verdict ?? 'failed',
    confidence: diagnosis?.confidence ?? 0,
    ...(top === undefined ? {} : { grade: top.certificate.grade, fault: top.faultKind, score: top.score }),
    ...(top?.basis === undefined ? {} : { basis: top.basis }),
    ...(diagnosis?.limitedBy === undefined ? {} : { limited_by: diagnosis.limitedBy.sentence }),
    ...(capsule === undefined ? {} : { capsule }),
  };
}

/** A prediction with its cost; the line is the suite's own members and the stated ones. */
export function predictionOf(name: string, asked: AskedAnswer, own: Record<string, unknown>): Prediction {
  return {
    case: name,
    line: { ...own, ...statedOf(asked) },
    elapsedMs: asked.elapsedMs,
    cpuMs: asked.cpuMs,
    signals: asked.signals,
    ...(asked.input === undefined ? {} : { input: asked.input }),
    calls: asked.answer?.evidence.length ?? 0,
    tokens: 0,
    dollars: 0,
  };
}

/** The entities of a diagnosis, best first, each once: of its hypotheses, then of the symptoms. */
export function rankedEntities(answer: Answer | undefined): { entity: string; fault: string }[] {
  const diagnosis = answer?.diagnosis;
  const told = [
    ...(diagnosis?.hypotheses ?? []).map(({ entity, faultKind }) => ({ entity, fault: faultKind })),
    ...(diagnosis?.symptoms ?? []).map(({ entity }) => ({ entity, fault: 'unknown' })),
  ];
  return told.filter(({ entity }, index) => told.findIndex((other) => other.entity === entity) === index);
}

/** A row of the score table. */
export function scoreOf(metric: string, values: readonly (number | boolean)[], baseline?: number): Score {
  const { mean, low, high } = bootstrapInterval(values.map(Number));
  return { metric, score: mean, low, high, cases: values.length, ...(baseline === undefined ? {} : { baseline }) };
}

/** One case as it came out. `culprit`: whether somebody is to blame at all. */
export function outcomeOf(prediction: Prediction, right: boolean, culprit = true): Outcome {
  const { capsule: _, limited_by: __, ...said } = stated.parse(prediction.line);
  return { case: prediction.case, ...said, right, culprit };
}

/**
 * How often a cause was claimed as proven where somebody is to blame, how often such a claim was wrong, and how often anything was answered
 * at all (the rest abstained).
 */
export function claimScores(outcomes: readonly Outcome[]): Score[] {
  const isProven = ({ verdict, grade }: Outcome): boolean => verdict === 'cause' && grade === 'proven';
  return [
    scoreOf('proven given, of those with a culprit', outcomes.filter(({ culprit }) => culprit).map(isProven)),
    scoreOf(
      'wrong among proven',
      outcomes.filter(isProven).map(({ right }) => !right),
    ),
    scoreOf(
      'answered, not abstained',
      outcomes.map(({ verdict }) => verdict !== 'abstain' && verdict !== 'failed'),
    ),
  ].map((score) => ({ ...score, informs: true }));
}

/** A table of how many cases of each fault came out right, and had the right one among three. */
export function faultTable(
  rows: readonly { fault: string; first: boolean; inThree?: boolean }[],
): NonNullable<ScoreReport['tables']>[number] {
  const ranked = rows.some(({ inThree }) => inThree !== undefined);
  return {
    title: 'by fault',
    header: ['fault', 'first', ...(ranked ? ['in three'] : []), 'cases'],
    rows: [...new Set(rows.map(({ fault }) => fault))].sort().map((fault) => {
      const mine = rows.filter((row) => row.fault === fault);
      const count = (key: 'first' | 'inThree'): string => String(mine.filter((row) => row[key] === true).length);
      return [fault, count('first'), ...(ranked ? [count('inThree')] : []), String(mine.length)];
    }),
  };
}

/** How a case is looked at again: its kept capsule, or the suite once more, which keeps it. */
export function replayOf(suite: string, prediction: Prediction): string {
  const capsule = prediction.line['capsule'];
  return typeof capsule === 'string'
    ? `npx --no cerebro ask --capsule ${capsule} "what is wrong?"`
    : `npx --no cerebro eval ${suite} --data <dir> --cases ${prediction.case} --keep <folder>, then ask --capsule <folder>/${prediction.case.replaceAll('/', '-')}`;
}
