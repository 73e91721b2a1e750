import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Judge, Prediction, Score, ScoreReport } from '../../suite.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from '../stated.ts';
import { categoryOfClaim } from './vocabulary.ts';

const truthSchema = z.record(
  z.string(),
  z.looseObject({
    answer: z.looseObject({ root_cause_category: z.string(), required_keywords: z.array(z.string()).default([]) }),
  }),
);
const line = z.looseObject({
  root_cause_category: z.string(),
  healthy: z.boolean(),
  report: z.string(),
  fault: z.string().optional(),
  verdict: z.string(),
});

/** Category right, false alarms left alone, faults not overlooked, and how many of the required words the report holds. The baseline always says the commonest category. */
export function scoreOpenSre(predictions: readonly Prediction[], truthPath: string | undefined): ScoreReport {
  if (truthPath === undefined) return { scores: [], failures: [] };
  const truths = truthSchema.parse(JSON.parse(readFileSync(truthPath, 'utf8')));
  const rows = predictions.flatMap((prediction) => {
    const truth = truths[prediction.case]?.answer;
    if (truth === undefined) return [];
    const said = line.parse(prediction.line);
    const report = said.report.toLowerCase();
    const words = truth.required_keywords.filter((word) => report.includes(word.toLowerCase())).length;
    return [
      {
        prediction,
        truth: truth.root_cause_category,
        said,
        right: said.root_cause_category === truth.root_cause_category,
        words: truth.required_keywords.length === 0 ? 1 : words / truth.required_keywords.length,
      },
    ];
  });
  const counts = new Map<string, number>();
  for (const { truth } of rows) counts.set(truth, (counts.get(truth) ?? 0) + 1);
  const commonest = Math.max(0, ...counts.values()) / Math.max(1, rows.length);
  const healthy = rows.filter(({ truth }) => truth === 'healthy');
  const faulty = rows.filter(({ truth }) => truth !== 'healthy');
  const outcomes = rows.map(({ prediction, truth, right }) => outcomeOf(prediction, right, truth !== 'healthy'));
  const scores: Score[] = [
    scoreOf(
      'category',
      rows.map(({ right }) => Number(right)),
      commonest,
    ),
    scoreOf(
      'healthy left alone',
      healthy.map(({ said }) => Number(said.healthy)),
      0,
    ),
    scoreOf(
      'faults not overlooked',
      faulty.map(({ said }) => Number(!said.healthy)),
      1,
    ),
    scoreOf(
      'required words in the report',
      rows.map(({ words }) => words),
    ),
    ...claimScores(outcomes),
  ];
  return {
    scores,
    failures: rows
      .filter(({ right }) => !right)
      .map(({ prediction, truth, said }) => ({
        case: prediction.case,
        expected: truth,
        got: `${said.root_cause_category} (${said.verdict} ${said.fault ?? ''})`,
        replay: replayOf('opensre', prediction),
      })),
    tables: [faultTable(rows.map(({ truth, right }) => ({ fault: truth, first: right })))],
    outcomes,
  };
}

/** A hypothesis is right when its category is; where the answer is healthy, only blaming nobody is. */
export function judgeOpenSre(truth: string): Judge {
  const truths = truthSchema.parse(JSON.parse(readFileSync(truth, 'utf8')));
  return (name, claim) => {
    const expected = truths[name]?.answer.root_cause_category;
    if (expected === undefined) return undefined;
    return expected === (claim === undefined ? 'healthy' : categoryOfClaim(claim)) ? 'right' : 'wrong';
  };
}
