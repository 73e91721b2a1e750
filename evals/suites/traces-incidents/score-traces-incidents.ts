import { z } from 'zod';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Judge, Prediction, ScoreReport } from '../../suite.ts';
import { rankScores, systemsOf } from '../rank-scores.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from '../stated.ts';
import { systemOf } from '../system-cases.ts';
import { readSystemTruth } from '../system-truth.ts';

const truthRow = z.object({ entities: z.array(z.string()).min(1) });
const line = z.object({ verdict: z.string(), ranking: z.array(z.string()) });

/** The true service within the first k; where two are to blame, how many of the first two are right and how often both. For each system. */
export function scoreTracesIncidents(predictions: readonly Prediction[], path: string | undefined): ScoreReport {
  const truths = readSystemTruth(path, truthRow);
  const rows = predictions.flatMap((prediction) => {
    const truth = truths.get(prediction.case);
    if (truth === undefined) return [];
    const { ranking, verdict } = line.parse(prediction.line);
    const hits = ranking.slice(0, truth.entities.length).filter((one) => truth.entities.includes(one)).length;
    const rank = ranking.findIndex((one) => truth.entities.includes(one));
    const name = truth.entities.join(' and ');
    return [{ prediction, case: prediction.case, entities: truth.entities, truth: name, ranking, verdict, hits, rank }];
  });
  const named = new Set(rows.flatMap(({ ranking, entities }) => [...ranking, ...entities])).size;
  const single = rows.filter(({ entities }) => entities.length === 1);
  const several = rows.filter(({ entities }) => entities.length > 1);
  const outcomes = rows.map(({ prediction, rank }) => outcomeOf(prediction, rank === 0));
  return {
    scores: [
      ...rankScores(single.map((row) => ({ ...row, choices: named }))),
      ...systemsOf(several).flatMap((system) => {
        const mine = several.filter((row) => systemOf(row.case) === system);
        return [
          scoreOf(
            `${system} of two causes, right among the first two`,
            mine.map(({ hits, entities }) => hits / entities.length),
            2 / Math.max(2, named),
          ),
          scoreOf(
            `${system} of two causes, both first`,
            mine.map(({ hits, entities }) => hits === entities.length),
          ),
        ];
      }),
      ...claimScores(outcomes),
    ],
    failures: rows
      .filter(({ hits, entities }) => hits < entities.length)
      .map(({ prediction, truth, verdict, ranking }) => ({
        case: prediction.case,
        expected: truth,
        got: `${verdict} ${ranking.slice(0, 3).join(', then ')}`,
        replay: replayOf('traces-incidents', prediction),
      })),
    tables: [
      faultTable(rows.map(({ truth, rank }) => ({ fault: truth, first: rank === 0, inThree: rank >= 0 && rank < 3 }))),
    ],
    outcomes,
  };
}

/** A hypothesis is right when it blames one of the true services. */
export function judgeTracesIncidents(truth: string): Judge {
  const truths = readSystemTruth(truth, truthRow);
  return (name, claim) => {
    const entities = truths.get(name)?.entities;
    if (entities === undefined) return undefined;
    return claim !== undefined && entities.includes(entityNameOf(claim.entity)) ? 'right' : 'wrong';
  };
}
