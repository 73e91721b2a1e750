import { z } from 'zod';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Judge, Prediction, ScoreReport } from '../../suite.ts';
import { rankScores, systemsOf } from '../rank-scores.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from '../stated.ts';
import { systemOf } from '../system-cases.ts';
import { readSystemTruth } from '../system-truth.ts';

const truthRow = z.object({ entity: z.string(), metric: z.string() });
const line = z.object({
  verdict: z.string(),
  ranking: z.array(z.object({ entity: z.string(), metric: z.string() })),
});

/** The true service within the first k different ones, and its metric first, for each system. */
export function scoreMetricsIncidents(predictions: readonly Prediction[], path: string | undefined): ScoreReport {
  const truths = readSystemTruth(path, truthRow);
  const rows = predictions.flatMap((prediction) => {
    const truth = truths.get(prediction.case);
    if (truth === undefined) return [];
    const said = line.parse(prediction.line);
    const entities = [...new Set(said.ranking.map(({ entity }) => entity))];
    const [first] = said.ranking;
    return [
      {
        prediction,
        case: prediction.case,
        truth: truth.entity,
        metric: truth.metric,
        said,
        rank: entities.indexOf(truth.entity),
        metricRight: first?.entity === truth.entity && first.metric === truth.metric,
      },
    ];
  });
  const named = new Set(rows.flatMap(({ said, truth }) => [truth, ...said.ranking.map(({ entity }) => entity)])).size;
  const outcomes = rows.map(({ prediction, rank }) => outcomeOf(prediction, rank === 0));
  return {
    scores: [
      ...rankScores(rows.map((row) => ({ ...row, choices: named }))),
      ...systemsOf(rows).map((system) =>
        scoreOf(
          `${system} metric@1`,
          rows.filter((row) => systemOf(row.case) === system).map(({ metricRight }) => metricRight),
        ),
      ),
      ...claimScores(outcomes),
    ],
    failures: rows
      .filter(({ rank, metricRight }) => rank !== 0 || !metricRight)
      .map(({ prediction, truth, metric, said }) => ({
        case: prediction.case,
        expected: `${truth} ${metric}`,
        got: `${said.verdict} ${said.ranking
          .slice(0, 3)
          .map((one) => `${one.entity} ${one.metric}`)
          .join(', then ')}`,
        replay: replayOf('metrics-incidents', prediction),
      })),
    tables: [
      faultTable(
        rows.map(({ truth, metric, rank }) => ({
          fault: `${metric} of ${truth}`,
          first: rank === 0,
          inThree: rank >= 0 && rank < 3,
        })),
      ),
    ],
    outcomes,
  };
}

/** A hypothesis is right when it blames the true service. */
export function judgeMetricsIncidents(truth: string): Judge {
  const truths = readSystemTruth(truth, truthRow);
  return (name, claim) => {
    const entity = truths.get(name)?.entity;
    if (entity === undefined) return undefined;
    return claim !== undefined && entityNameOf(claim.entity) === entity ? 'right' : 'wrong';
  };
}
