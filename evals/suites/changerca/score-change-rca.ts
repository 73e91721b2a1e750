import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { entityNameOf } from '../../../domain/entity.ts';
import { bootstrapInterval } from '../../bootstrap-interval.ts';
import type { Judge, Prediction, Score, ScoreReport, SuiteOptions } from '../../suite.ts';
import { readCase } from './read-case.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from '../stated.ts';

const truthSchema = z.record(z.string(), z.looseObject({ fault: z.string(), fault_release_service: z.string() }));
const line = z.looseObject({
  ranking: z.array(z.string()),
});

/** HR@k and the mean rank of the guilty rollout; the baseline blames the newest. The only code of the suite that opens truth. */
export function scoreChangeRca(
  predictions: readonly Prediction[],
  truthPath: string | undefined,
  { data }: Pick<SuiteOptions, 'data'>,
): ScoreReport {
  if (truthPath === undefined) return { scores: [], failures: [] };
  const truths = truthSchema.parse(JSON.parse(readFileSync(truthPath, 'utf8')));
  const rows = predictions.flatMap((prediction) => {
    const truth = truths[prediction.case];
    if (truth === undefined) return [];
    const said = line.parse(prediction.line);
    const at = said.ranking.indexOf(truth.fault_release_service);
    const newest = data === undefined ? undefined : readCase(join(data, 'cases', prediction.case)).rollouts[0];
    return [{ prediction, truth, said, rank: at < 0 ? 99 : at + 1, newest: newest === truth.fault_release_service }];
  });
  const share = (test: (row: (typeof rows)[number]) => boolean): number[] => rows.map((row) => Number(test(row)));
  const newest = bootstrapInterval(share((row) => row.newest)).mean;
  const outcomes = rows.map(({ prediction, rank }) => outcomeOf(prediction, rank === 1));
  const scores: Score[] = [
    scoreOf(
      'HR@1',
      share(({ rank }) => rank === 1),
      newest,
    ),
    scoreOf(
      'HR@2',
      share(({ rank }) => rank <= 2),
    ),
    scoreOf(
      'HR@3',
      share(({ rank }) => rank <= 3),
    ),
    scoreOf(
      'mean rank',
      rows.map(({ rank }) => rank),
    ),
    ...claimScores(outcomes),
  ];
  return {
    scores,
    failures: rows
      .filter(({ rank }) => rank > 1)
      .map(({ prediction, truth, said }) => ({
        case: prediction.case,
        expected: `${truth.fault_release_service} (${truth.fault})`,
        got: said.ranking.join(', '),
        replay: replayOf('changerca', prediction),
      })),
    tables: [
      faultTable(rows.map(({ truth, rank }) => ({ fault: truth.fault, first: rank === 1, inThree: rank <= 3 }))),
    ],
    outcomes,
  };
}

/** A hypothesis is right when it blames the service of the guilty rollout; truth says nothing of services without one, which the ranking leaves out. */
export function judgeChangeRca(truth: string): Judge {
  const truths = truthSchema.parse(JSON.parse(readFileSync(truth, 'utf8')));
  const rollouts = new Map<string, readonly string[]>();
  return (name, claim) => {
    const guilty = truths[name]?.fault_release_service;
    if (guilty === undefined || claim === undefined) return guilty === undefined ? undefined : 'wrong';
    const known = rollouts.get(name) ?? readCase(join(dirname(truth), 'cases', name)).rollouts;
    rollouts.set(name, known);
    const service = entityNameOf(claim.entity);
    if (!known.includes(service)) return undefined;
    return service === guilty ? 'right' : 'wrong';
  };
}
