import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { calibration, type CalibrationWeights, confidenceOf } from '../../detection/diagnosis/calibration.ts';
import { basis, grade } from '../../domain/diagnosis.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { calibrationOf, claimsOf } from '../calibration.ts';
import { fitCalibration, isClaim, isFitted, type PooledOutcome } from '../fit-calibration.ts';
import type { Outcome, Score, ScoreReport, Suite } from '../suite.ts';
import { claimScores } from './stated.ts';

const outcome = z.object({
  suite: z.string(),
  case: z.string(),
  verdict: z.string(),
  confidence: z.number(),
  right: z.boolean(),
  culprit: z.boolean(),
  grade: grade.optional(),
  fault: z.string().optional(),
  score: z.number().optional(),
  basis: basis.optional(),
  without: z.string().optional(),
});

/**
 * Stated confidence against what came out, over all suites of a report folder; and the priors refitted on one half of the cases (by the hash
 * of their names) and measured on the other. The weights that it prints are those to put into `detection/diagnosis/calibration.ts`.
 */
export function createCalibrateSuite(): Suite {
  return {
    name: 'calibrate',
    description: 'How sure the product was against how often it was right, pooled over the suites of a report folder.',
    // oxlint-disable-next-line require-yield -- what was predicted lies in the report folder
    async *predict() {},
    score: (_, __, { data }) => {
      if (data === undefined)
        throw new CerebroError('CONFIG_INVALID', 'Say with --data where `eval … --report` wrote its outcomes.');
      return Promise.resolve(reportOf(readOutcomes(data)));
    },
  };
}

function readOutcomes(folder: string): PooledOutcome[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.outcomes.jsonl'))
    .sort()
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): PooledOutcome => outcome.parse(JSON.parse(line))),
    );
}

function reportOf(pooled: readonly PooledOutcome[]): ScoreReport {
  const weights = fitCalibration(pooled.filter(isFitted));
  const all = pooled.filter(({ without }) => without === undefined);
  const views = pooled.filter(({ without }) => without !== undefined);
  const held = all.filter((one) => !isFitted(one));
  const refit = (list: readonly PooledOutcome[]): PooledOutcome[] =>
    list.map((one) => ({ ...one, confidence: confidenceBy(one, weights) }));
  const refitted = refit(held);
  const shipped = claimsOf(held);
  return {
    scores: [
      ...errorScores('all suites, as shipped', claimsOf(all)),
      ...errorScores('half not fitted on, as shipped', shipped),
      ...errorScores('half not fitted on, refitted', claimsOf(refitted)),
      ...(views.length === 0
        ? []
        : errorScores('the same without one signal each, as shipped', claimsOf(views.filter((one) => !isFitted(one))))),
      ...claimScores(all),
    ],
    failures: [],
    outcomes: [...shipped],
    tables: [
      bySuite(all),
      byConfidence('risk where the product would stay silent below a confidence', all),
      byConfidence('the same, refitted', refit(all)),
      ...(views.length === 0
        ? []
        : [
            byConfidence('the same without one signal each', views),
            byGrade('without one signal each, by verdict and grade', views),
          ]),
      byGrade('by verdict and grade', all),
      healthyTable(pooled),
      weightTable(weights),
    ],
  };
}

function confidenceBy(one: PooledOutcome, weights: CalibrationWeights): number {
  const signals = calibration.healthy.indexOf(one.confidence);
  if (one.verdict === 'healthy') return weights.healthy[signals] ?? one.confidence;
  if (!isClaim(one)) return one.confidence;
  const seen = grade.safeParse(one.grade).data ?? 'unproven';
  return one.basis === undefined || one.score === undefined
    ? one.confidence
    : confidenceOf({ score: one.score, basis: one.basis, grade: seen }, weights);
}

function errorScores(name: string, claims: readonly Outcome[]): Score[] {
  const { expectedCalibrationError, brier } = calibrationOf(claims);
  const share = claims.filter(({ right }) => right).length / Math.max(1, claims.length);
  const row = (metric: string, score: number, baseline: number): Score => ({
    metric: `${name}: ${metric}`,
    score,
    low: Number.NaN,
    high: Number.NaN,
    cases: claims.length,
    baseline,
  });
  // The baseline always says one half.
  return [
    row('expected calibration error', expectedCalibrationError, Math.abs(share - 0.5)),
    row('Brier', brier, 0.25),
  ];
}

function bySuite(all: readonly PooledOutcome[]): NonNullable<ScoreReport['tables']>[number] {
  const rows = [...new Set(all.map(({ suite }) => suite))].sort().map((suite) => {
    const mine = all.filter((one) => one.suite === suite);
    const claims = claimsOf(mine);
    const { expectedCalibrationError, brier } = calibrationOf(claims);
    const culprits = mine.filter(({ culprit }) => culprit);
    const proven = mine.filter((one) => one.verdict === 'cause' && one.grade === 'proven');
    return [
      suite,
      String(mine.length),
      String(claims.length),
      percent(claims.filter(({ right }) => right).length, claims.length),
      percent(
        claims.reduce((total, { confidence }) => total + confidence, 0),
        claims.length,
      ),
      expectedCalibrationError.toFixed(3),
      brier.toFixed(3),
      percent(proven.filter(({ culprit }) => culprit).length, culprits.length),
      `${proven.filter(({ right }) => !right).length} of ${proven.length}`,
    ];
  });
  return {
    title: 'by suite',
    header: ['suite', 'cases', 'answered', 'right', 'stated', 'ECE', 'Brier', 'proven given', 'proven and wrong'],
    rows,
  };
}

function byConfidence(title: string, all: readonly Outcome[]): NonNullable<ScoreReport['tables']>[number] {
  const claims = claimsOf(all);
  return {
    title,
    header: ['silent below', 'answered', 'wrong among them'],
    rows: [0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((least) => {
      const kept = claims.filter(({ confidence }) => confidence >= least);
      return [
        least.toFixed(1),
        percent(kept.length, all.length),
        percent(kept.filter(({ right }) => !right).length, kept.length),
      ];
    }),
  };
}

function byGrade(title: string, all: readonly Outcome[]): NonNullable<ScoreReport['tables']>[number] {
  const claims = claimsOf(all);
  return {
    title,
    header: ['verdict, grade', 'cases', 'right', 'stated'],
    rows: [...new Set(claims.map(keyOf))].sort().map((key) => {
      const mine = claims.filter((one) => keyOf(one) === key);
      return [
        key,
        String(mine.length),
        percent(mine.filter(({ right }) => right).length, mine.length),
        percent(
          mine.reduce((total, { confidence }) => total + confidence, 0),
          mine.length,
        ),
      ];
    }),
  };
}

/** Where nothing was found wrong: how often that was true, by what was stated, which goes by the number of signals that were looked at. */
function healthyTable(all: readonly Outcome[]): NonNullable<ScoreReport['tables']>[number] {
  const healthy = all.filter(({ verdict }) => verdict === 'healthy');
  return {
    title: 'nothing found wrong, whole cases and views',
    header: ['stated', 'cases', 'right'],
    rows: [...new Set(healthy.map(({ confidence }) => confidence))]
      .sort((left, right) => left - right)
      .map((stated) => {
        const mine = healthy.filter(({ confidence }) => confidence === stated);
        return [String(stated), String(mine.length), percent(mine.filter(({ right }) => right).length, mine.length)];
      }),
  };
}

function keyOf({ verdict, grade: given }: Outcome): string {
  return verdict === 'healthy' ? verdict : `${verdict}, ${given ?? 'none'}`;
}

function weightTable(weights: CalibrationWeights): NonNullable<ScoreReport['tables']>[number] {
  const { grade: grades, healthy, ...rest } = weights;
  return {
    title: 'weights fitted on the other half, for detection/diagnosis/calibration.ts',
    header: ['weight', 'value'],
    rows: [...Object.entries(rest), ...Object.entries(grades), ['healthy', healthy.join(', ')] as const].map(
      ([name, value]) => [name, String(value)],
    ),
  };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`;
}
