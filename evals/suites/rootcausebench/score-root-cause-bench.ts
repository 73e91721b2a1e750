import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Failure, Judge, Prediction, Score, ScoreReport } from '../../suite.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from '../stated.ts';

const truthSchema = z.record(
  z.string(),
  z.looseObject({
    root_cause_commit: z.string(),
    first_failing_service: z.string(),
    blast_radius: z.array(z.string()),
    remediation: z.string(),
    decoy_deploy_commits: z.array(z.string()).default([]),
  }),
);
const line = z.looseObject({
  root_cause_commit: z.string(),
  first_failing_service: z.string(),
  blast_radius: z.array(z.string()),
  remediation: z.string(),
});

/**
 * Passed when the commit (or `none`) matches. Graded: 1 for a match, 0 for a planted decoy, else half of .5 service + .3 Jaccard of the blast
 * radius + .2 remediation. The baseline always says `none`. The only code of the suite that opens truth.
 */
export function scoreRootCauseBench(predictions: readonly Prediction[], truthPath: string | undefined): ScoreReport {
  if (truthPath === undefined) return { scores: [], failures: [] };
  const truths = truthSchema.parse(JSON.parse(readFileSync(truthPath, 'utf8')));
  const rows = predictions.flatMap((prediction) => {
    const truth = truths[prediction.case];
    if (truth === undefined) return [];
    const said = line.parse(prediction.line);
    const passed = said.root_cause_commit === truth.root_cause_commit;
    const decoy = truth.decoy_deploy_commits.includes(said.root_cause_commit);
    const service = said.first_failing_service === truth.first_failing_service;
    const remedy = said.remediation === truth.remediation;
    const radius = jaccard(said.blast_radius, truth.blast_radius);
    const graded = passed ? 1 : decoy ? 0 : 0.5 * (0.5 * Number(service) + 0.3 * radius + 0.2 * Number(remedy));
    return [{ prediction, truth, said, passed, decoy, service, remedy, radius, graded }];
  });
  const outcomes = rows.map(({ prediction, truth, passed }) =>
    outcomeOf(prediction, passed, truth.root_cause_commit !== 'none'),
  );
  const scores: Score[] = [
    scoreOf(
      'commit or none right',
      rows.map(({ passed }) => Number(passed)),
      rows.filter(({ truth }) => truth.root_cause_commit === 'none').length / Math.max(1, rows.length),
    ),
    scoreOf(
      'graded',
      rows.map(({ graded }) => graded),
    ),
    scoreOf(
      'decoy blamed',
      rows.map(({ decoy }) => Number(decoy)),
    ),
    scoreOf(
      'first failing service',
      rows.map(({ service }) => Number(service)),
    ),
    scoreOf(
      'blast radius (Jaccard)',
      rows.map(({ radius }) => radius),
    ),
    scoreOf(
      'remediation',
      rows.map(({ remedy }) => Number(remedy)),
    ),
    ...claimScores(outcomes),
  ];
  const failures: Failure[] = rows
    .filter(({ passed, service, remedy, radius }) => !passed || !service || !remedy || radius < 1)
    .map(({ prediction, truth, said }) => ({
      case: prediction.case,
      expected: `${truth.root_cause_commit.slice(0, 8)} ${truth.first_failing_service} [${truth.blast_radius.join(' ')}] ${truth.remediation}`,
      got: `${said.root_cause_commit.slice(0, 8)} ${said.first_failing_service} [${said.blast_radius.join(' ')}] ${said.remediation}`,
      replay: replayOf('rootcausebench', prediction),
    }));
  return {
    scores,
    failures,
    tables: [
      faultTable(
        rows.map(({ truth, passed }) => ({
          fault: truth.root_cause_commit === 'none' ? 'no commit' : `commit, ${truth.remediation}`,
          first: passed,
        })),
      ),
    ],
    outcomes,
  };
}

function jaccard(left: readonly string[], right: readonly string[]): number {
  const all = new Set([...left, ...right]);
  return all.size === 0 ? 1 : left.filter((one) => right.includes(one)).length / all.size;
}

/** A hypothesis is right when its commit is, or when it blames no commit and none is to blame. */
export function judgeRootCauseBench(truth: string): Judge {
  const truths = truthSchema.parse(JSON.parse(readFileSync(truth, 'utf8')));
  return (name, claim) => {
    const expected = truths[name];
    if (expected === undefined) return undefined;
    const commit =
      claim?.culprit === true && claim.changeKind === 'commit' && claim.change !== undefined ? claim.change : 'none';
    if (expected.decoy_deploy_commits.includes(commit)) return 'decoy';
    return commit === expected.root_cause_commit ? 'right' : 'wrong';
  };
}
