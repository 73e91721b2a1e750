import { featureNames, noneNames } from '../../detection/diagnosis/likelihood.ts';
import { bootstrapInterval } from '../bootstrap-interval.ts';
import { calibrationOf } from '../calibration.ts';
import type { Outcome, Score, ScoreReport } from '../suite.ts';
import { scoreOf } from '../suites/stated.ts';
import type { FitResult, LeftOutAnswer } from './fit-model.ts';
import type { FitSet } from './fit-sets.ts';
import { chanceOf, ruleIsRight, simpleRules } from './simple-rules.ts';

type Table = NonNullable<ScoreReport['tables']>[number];

/** The figures of a fit: every one of answers on a family that neither weights nor thresholds had seen. */
export function reportFit(result: FitResult, decides: (family: string) => FitSet['decides']): ScoreReport {
  const { answers } = result;
  const whole = answers.filter(({ example }) => example.view === 'whole');
  const families = [...new Set(whole.map(({ example }) => example.family))];
  const isRight = (answer: LeftOutAnswer): boolean =>
    judgedBy(decides(answer.example.family), answer) === 'claim' ? answer.right : answer.first;
  const rows = families.map((family) => {
    const mine = whole.filter(({ example }) => example.family === family);
    const { mean, low, high } = bootstrapInterval(mine.map((one) => Number(isRight(one))));
    const chance = bootstrapInterval(mine.map(({ example }) => chanceOf(example))).mean;
    const rules = simpleRules.map(
      (rule) => bootstrapInterval(mine.map(({ example }) => Number(ruleIsRight(rule, example)))).mean,
    );
    return { family, mine, mean, low, high, chance, rules, best: Math.max(chance, ...rules) };
  });
  const scores: Score[] = [
    ...rows.map(({ family, mine, mean, low, high, best }) => ({
      metric: `${family}, left out`,
      score: mean,
      low,
      high,
      cases: mine.length,
      baseline: best,
    })),
    ...claimFigures(whole),
  ];
  return {
    scores,
    failures: whole
      .filter((answer) => !isRight(answer))
      .map(({ example, verdict, grade, confidence }) => ({
        case: `${example.family}: ${example.name}`,
        expected: rightOf(example),
        got: `${verdict} ${grade ?? ''} ${confidence}`,
      })),
    tables: [
      {
        title: 'every family left out, beside chance and simple rules',
        header: [
          'family',
          'cases',
          'right',
          '95 % interval',
          'chance',
          ...simpleRules,
          'decoys',
          'above the best rule',
        ],
        rows: rows
          .toSorted((left, right) => left.mean - right.mean)
          .map(({ family, mine, mean, low, high, chance, rules, best }) => [
            family,
            String(mine.length),
            mean.toFixed(3),
            `${low.toFixed(2)} to ${high.toFixed(2)}`,
            chance.toFixed(3),
            ...rules.map((rule) => rule.toFixed(3)),
            String(mine.filter(({ decoy }) => decoy).length),
            mean >= best ? 'yes' : 'no',
          ]),
      },
      claimTable('claims by family, left out', (one) => one.example.family, whole),
      claimTable('claims by what was taken away', (one) => one.example.view, answers),
      {
        title: 'groups of fault kinds left out instead of systems',
        header: ['group', 'cases', 'right'],
        rows: result.byFault.map(({ group, answers: mine }) => [
          group,
          String(mine.length),
          (mine.filter(isRight).length / Math.max(1, mine.length)).toFixed(3),
        ]),
      },
      weightTable(result),
    ],
    outcomes: whole.map(outcomeOf),
  };
}

function claimFigures(whole: readonly LeftOutAnswer[]): Score[] {
  const claimed = whole.filter(({ claimed: is }) => is);
  const culprits = whole.filter(({ example }) => !example.noneRight);
  const proven = claimed.filter(({ grade }) => grade === 'proven');
  const sure = claimed.filter(({ confidence }) => confidence > 0.9);
  const { expectedCalibrationError } = calibrationOf(claimed);
  const figures = [
    scoreOf(
      'proven given, of those with a culprit',
      culprits.map((one) => one.claimed && one.grade === 'proven'),
    ),
    scoreOf(
      'wrong among proven',
      proven.map(({ right }) => !right),
    ),
    scoreOf(
      'wrong among claims above .9',
      sure.map(({ right }) => !right),
    ),
    scoreOf(
      'claimed',
      whole.map(({ claimed: is }) => is),
    ),
    scoreOf(
      'wrong among claims',
      claimed.map(({ right }) => !right),
    ),
    {
      metric: 'expected calibration error of claims',
      score: expectedCalibrationError,
      low: Number.NaN,
      high: Number.NaN,
      cases: claimed.length,
    },
  ];
  return figures.map((one) => ({ ...one, informs: true }));
}

function claimTable(title: string, keyOf: (answer: LeftOutAnswer) => string, answers: readonly LeftOutAnswer[]): Table {
  return {
    title,
    header: ['', 'cases', 'claimed', 'wrong', 'above .9', 'wrong', 'proven', 'wrong'],
    rows: [...new Set(answers.map(keyOf))].map((key) => {
      const mine = answers.filter((one) => keyOf(one) === key);
      const claimed = mine.filter((one) => one.claimed);
      const counted = [
        claimed,
        claimed.filter(({ confidence }) => confidence > 0.9),
        claimed.filter(({ grade }) => grade === 'proven'),
      ];
      return [
        key,
        String(mine.length),
        ...counted.flatMap((list) => [String(list.length), String(list.filter(({ right }) => !right).length)]),
      ];
    }),
  };
}

function weightTable({ model, pull }: FitResult): Table {
  const row = (name: string, [weight, spread]: readonly [number, number]): string[] => [
    name,
    weight.toFixed(2),
    spread.toFixed(2),
  ];
  return {
    title: `weights fitted on all, with their spread over families left out (ridge ${pull.ridge} toward ${pull.even}); claims from ${model.claim.confidence}, proven from ${model.proven.confidence} with a lead of ${model.proven.lead}`,
    header: ['feature', 'log odds', 'spread'],
    rows: [
      ...featureNames.map((name) => row(name, model.candidate[name])),
      ...noneNames.map((name) => row(`none: ${name}`, model.none[name])),
      ...Object.entries(model.confidence).map(([name, weight]) => [`confidence: ${name}`, weight.toFixed(2), '']),
    ],
  };
}

function rightOf({ seen, judged, noneRight }: LeftOutAnswer['example']): string {
  const right = seen.alternatives[judged.indexOf('right')]?.candidate;
  if (right === undefined) return noneRight ? 'nobody' : 'not among the candidates';
  return `${right.entity} ${right.fault.kind}`;
}

function outcomeOf({ example, verdict, confidence, right, grade }: LeftOutAnswer): Outcome {
  return {
    case: `${example.family}: ${example.name}`,
    verdict,
    confidence,
    right,
    culprit: !example.noneRight,
    grade,
  };
}

function judgedBy(decides: FitSet['decides'], { verdict, example }: LeftOutAnswer): 'first' | 'claim' {
  if (decides === 'unless healthy') return verdict === 'healthy' ? 'claim' : 'first';
  return example.noneRight ? 'claim' : decides;
}
