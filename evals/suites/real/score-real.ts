import type { z } from 'zod';
import { entityNameOf } from '../../../domain/entity.ts';
import { type OwnOpening, shortAnswer } from '../../real/real-lines.ts';
import type { RealTruth } from '../../real/rig.ts';
import type { Outcome, Prediction, Score, ScoreReport } from '../../suite.ts';
import { claimScores, scoreOf } from '../stated.ts';

/** What was done, and what the product opened by itself meanwhile. */
export interface Kept {
  truth: RealTruth;
  own: readonly OwnOpening[];
}

type Said = z.infer<typeof shortAnswer>;

/** Right: the thing and what is wrong with it first; where nobody is to blame, nobody blamed. A cause outside (`external`) counts where it names what was done. */
export function scoreReal(predictions: readonly Prediction[], known: ReadonlyMap<string, Kept>): ScoreReport {
  const rows = predictions.flatMap((prediction) => {
    const kept = known.get(prediction.case);
    if (kept === undefined) return [];
    const said = shortAnswer.parse(prediction.line);
    return [{ prediction, said, ...kept, ...judge(said, kept.truth) }];
  });
  const culprits = rows.filter(({ truth }) => truth.culprit);
  const harmless = rows.filter(({ truth }) => !truth.culprit);
  const kinds = new Set(culprits.map(({ truth }) => `${truth.stack} ${truth.break}`)).size;
  const outcomes = rows.map(({ prediction, said, right, truth }): Outcome => {
    const fault = said.ranking[0]?.fault;
    return {
      case: prediction.case,
      verdict: said.verdict,
      confidence: said.confidence,
      right,
      culprit: truth.culprit,
      ...(said.grade === undefined ? {} : { grade: said.grade }),
      ...(fault === undefined ? {} : { fault }),
    };
  });
  const proven = outcomes.filter(({ verdict, grade }) => verdict === 'cause' && grade === 'proven');
  const opened = culprits.map(({ own, truth }) => ({
    truth,
    first: own.find(({ verdict }) => verdict !== 'failed') ?? own[0],
  }));
  const scores: Score[] = [
    scoreOf(
      'thing and fault first',
      culprits.map(({ right }) => right),
      kinds === 0 ? 0 : 1 / kinds,
    ),
    scoreOf(
      'thing first',
      culprits.map(({ thing }) => thing),
    ),
    scoreOf(
      'thing and fault in three',
      culprits.map(({ inThree }) => inThree),
    ),
    scoreOf(
      'nobody blamed where nobody is',
      harmless.map(({ right }) => right),
      0,
    ),
    {
      ...scoreOf(
        'proven and wrong, of all',
        outcomes.map((one) => proven.includes(one) && !one.right),
      ),
      informs: true,
    },
    ...claimScores(outcomes),
    {
      ...scoreOf(
        'opened by itself within 60 s',
        opened.map(({ first }) => first !== undefined && first.afterS <= 60),
      ),
      informs: true,
    },
    {
      ...scoreOf(
        'opened by itself, thing and fault right at first',
        opened.map(({ first, truth }) => first !== undefined && judge(first, truth).right),
      ),
      informs: true,
    },
    {
      ...scoreOf(
        'opened by itself where nobody is to blame',
        harmless.map(({ own }) => own.length > 0),
      ),
      informs: true,
    },
  ].filter(({ cases }) => cases > 0);
  return {
    scores,
    failures: rows
      .filter(({ right }) => !right)
      .map(({ prediction, truth, said }) => ({
        case: prediction.case,
        expected: truth.culprit
          ? `${truth.told} (${truth.entities[0] ?? ''} ${truth.faults[0] ?? ''})`
          : `nobody: ${truth.told}`,
        got: `${said.verdict} ${said.grade ?? ''} ${said.ranking
          .slice(0, 3)
          .map(({ entity, fault }) => `${entity} ${fault}`)
          .join(', then ')}`,
        ...(typeof prediction.line['capsule'] === 'string'
          ? { replay: `npx --no cerebro ask --capsule ${prediction.line['capsule']} "What is wrong, and why?"` }
          : {}),
      })),
    tables: [
      tableBy('by stack', rows, ({ truth }) => truth.stack),
      tableBy('by layer', rows, ({ truth }) => truth.layer),
      {
        title: 'own openings',
        header: ['case', 'opened after s', 'by', 'said'],
        rows: rows.flatMap(({ prediction, own }) =>
          own.map((one) => [prediction.case, one.afterS.toFixed(0), one.by, one.headline.slice(0, 100)]),
        ),
      },
    ],
    outcomes,
  };
}

function tableBy<Row extends { right: boolean; thing: boolean }>(
  title: string,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): NonNullable<ScoreReport['tables']>[number] {
  const keys = [...new Set(rows.map(keyOf))].sort();
  const line = (key: string): string[] => {
    const mine = rows.filter((row) => keyOf(row) === key);
    return [
      key,
      ...[mine.filter(({ right }) => right), mine.filter(({ thing }) => thing), mine].map(({ length }) =>
        String(length),
      ),
    ];
  };
  return { title, header: ['', 'right', 'thing right', 'of'], rows: keys.map(line) };
}

/** Whether a short answer names what was done; `thing`: the entity alone. */
function judge(
  { verdict, ranking }: Pick<Said, 'verdict' | 'ranking'>,
  truth: RealTruth,
): { right: boolean; thing: boolean; inThree: boolean } {
  const blamed = verdict === 'cause' || verdict === 'external' ? ranking[0] : undefined;
  if (!truth.culprit) {
    const nobody = verdict !== 'cause' && (blamed === undefined || !blamed.culprit);
    return { right: nobody, thing: nobody, inThree: false };
  }
  const isThing = (id: string): boolean => {
    const names = [id, id.slice(id.indexOf(':') + 1), entityNameOf(id)].map((name) => name.toLowerCase());
    return truth.entities.some((one) =>
      names.some((name) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one)),
    );
  };
  const fits = (one: Said['ranking'][number]): boolean => isThing(one.entity) && truth.faults.includes(one.fault);
  return {
    right: blamed !== undefined && fits(blamed),
    thing: blamed !== undefined && isThing(blamed.entity),
    inThree: verdict !== 'healthy' && ranking.slice(0, 3).some(fits),
  };
}
